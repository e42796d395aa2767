"""What every kind of value is built with: a strict model, a rule for a text, flags."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    SecretStr,
    TypeAdapter,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from realtimekit_provider.schema.unknown import UNKNOWN

__all__ = [
    "ALLOWS_UNKNOWN",
    "INCOMPLETE_PAIR",
    "PASS_UNKNOWN",
    "Flag",
    "StrictModel",
    "list_defaults",
    "match_pattern",
    "omit_keys",
    "reveal_secrets",
    "type_adapter",
    "validate_secret",
]


ALLOWS_UNKNOWN = "allows_unknown"
"""The key of a validation's context under which values may be unknown: nothing is sent then."""

INCOMPLETE_PAIR = "incomplete_pair"
"""The type of the error of a field that another one should stand beside, whatever its value."""

_Value = TypeVar("_Value")


class StrictModel(BaseModel):
    """A model of something that a user wrote: unknown keys are errors, values never quoted."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True
    )


def list_defaults(model: type[BaseModel]) -> dict[str, Any]:
    """Return the default of each field of a model that has one, by its name."""
    return {
        name: field.default
        for name, field in model.model_fields.items()
        if not field.is_required() and field.default is not None
    }


@cache
def type_adapter(kind: Any) -> TypeAdapter[Any]:
    """Return the validator of a kind of value or a union of models; its errors quote no value."""
    return TypeAdapter(kind, config=ConfigDict(hide_input_in_errors=True))


def reveal_secrets(value: Any) -> Any:
    """Return dumped values with their credentials as plain text, for where they are needed."""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, dict):
        return {key: reveal_secrets(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [reveal_secrets(inner) for inner in value]
    return value


def omit_keys(values: Mapping[str, _Value], keys: Collection[str]) -> dict[str, _Value]:
    """Return the values of all other keys."""
    return {key: value for key, value in values.items() if key not in keys}


def match_pattern(pattern: str, rule: str) -> AfterValidator:
    """Return the validator of a text that matches ``pattern`` as a whole.

    Args:
        pattern: A regular expression.
        rule: The same in words, as the user reads it where a text does not match.
    """
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise ValueError(rule)
        return text

    return AfterValidator(check)


def validate_secret(normalize: Callable[[str], str]) -> AfterValidator:
    """Return the validator of a credential, which becomes what ``normalize`` makes of its text.

    Args:
        normalize: Returns the text to be sent. Raises a ``ValueError`` that says the rule and
            does not quote the credential.
    """

    def normalize_secret(secret: SecretStr) -> SecretStr:
        return SecretStr(normalize(secret.get_secret_value()))

    return AfterValidator(normalize_secret)


def _pass_unknown(value: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
    if value is not UNKNOWN:
        return handler(value)
    if not (info.context or {}).get(ALLOWS_UNKNOWN):
        raise ValueError("is not known yet")
    return value


PASS_UNKNOWN = WrapValidator(_pass_unknown)
"""Takes a value that is unknown for a valid one, where the context allows it.

So a rule about which of several fields are given is checked also while a value is encrypted.
"""


def _check_flag(value: Any) -> Any:
    """YAML's ``yes`` and ``off`` are texts: taken for a flag, they would never agree with it."""
    if not isinstance(value, bool):
        raise ValueError("must be true or false")  # noqa: TRY004 - pydantic collects ValueErrors
    return value


Flag = Annotated[bool, BeforeValidator(_check_flag)]
"""``true`` or ``false``, and no text or number that could mean one of them."""
