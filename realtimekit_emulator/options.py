"""Options that carry their own help text and check their own values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

_UNKNOWN = "extra_forbidden"


class InvalidOptionError(ValueError):
    """An option does not exist, or cannot have this value."""


class Options(BaseModel):
    """A set of options; the description of a field is its help text and its documentation."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


OptionsT = TypeVar("OptionsT", bound=Options)


def parse_options(model: type[OptionsT], owner: str, values: Mapping[str, Any]) -> OptionsT:
    """Return a model with these values; ``owner`` says in an error whose options they are.

    Raises:
        InvalidOptionError: An option does not exist, or a value does not fit.
    """
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        name = ".".join(map(str, first["loc"]))
        if first["type"] == _UNKNOWN:
            names = ", ".join(model.model_fields) or "none"
            message = f"{owner} has no option {name!r}; its options: {names}"
        else:
            message = f"{name}: {first['msg']}"
        raise InvalidOptionError(message) from None
