"""A stack's settings, as program and provider process read them: config first, then environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Protocol

from pydantic import BeforeValidator, Field

from realtimekit_provider.api.models.track_request import TrackApi
from realtimekit_provider.deployment.defaults import RecordingDefaults
from realtimekit_provider.deployment.policies import (
    POLICIES,
    OnConflict,
    OnDelete,
    OnEnded,
    OnNoSession,
    ReplaceLive,
)
from realtimekit_provider.deployment.timing import Timing
from realtimekit_provider.schema.addresses import describe_bad_base_url
from realtimekit_provider.schema.identifiers import AccountId, AppId
from realtimekit_provider.schema.input_failures import InputFailure, validate_model
from realtimekit_provider.schema.numbers import Seconds
from realtimekit_provider.schema.parsing.json_parsing import parse_json
from realtimekit_provider.schema.unknown import UNKNOWN, Unknown
from realtimekit_provider.schema.values import Flag, StrictModel

__all__ = [
    "SETTINGS",
    "ConfigReader",
    "Settings",
    "find_source",
    "is_about_environment",
    "read_settings",
]

_MAX_RATE_LIMIT_SHARE = 10


class ConfigReader(Protocol):
    """A stack's config, secrets decrypted: ``pulumi.dynamic.Config``."""

    def get(self, key: str) -> Any:
        """Return the value of ``namespace:key``, ``None`` where it is not set."""


def _check_rate_limit_share(value: Any) -> float:
    if value == "off":
        return 0.0
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not 0 < value <= _MAX_RATE_LIMIT_SHARE:
        raise ValueError(
            f"must be a number above 0 and at most {_MAX_RATE_LIMIT_SHARE}, the share of the "
            "published rate limits that this stack keeps within (0.5 is half of them, 1 is the "
            "default), or 'off', which leaves the limits to the API alone"
        )
    return float(value)


class Settings(StrictModel):
    """Everything that config and environment set; ``None`` where a setting has no value.

    Attributes:
        account_id: The Cloudflare account of all recordings that name none.
        app_id: The RealtimeKit app of all recordings that name none.
        token: The API token; a preview needs none.
        base_url: Where the API is, ``None`` for the public one.
        timing: How long each wait may last.
        rate_limit_share: The share of the published rate limits that the client keeps within:
            1 for all that they allow, 0 where it does not limit itself.
        track_api: The body that starts recordings.
        allow_empty: Whether a stack that declared something may declare nothing.
        failures: Settings with a value that is not allowed, each with the key or the variable
            where it stands; they have their default here, but for the base URL, so that nothing
            is sent to another place than the one that was meant.
        invalid_names: The fields that have their default because of a failure.

    The others are policies: what all recordings do that say nothing else.
    """

    account_id: AccountId | None = None
    app_id: AppId | None = None
    token: str | None = Field(default=None, repr=False)
    base_url: str | None = Field(default=None, repr=False)
    timing: Timing = Timing()
    rate_limit_share: Annotated[float, BeforeValidator(_check_rate_limit_share)] = 1.0
    track_api: TrackApi = "outputs"
    allow_empty: Flag = False
    on_no_session: OnNoSession | None = None
    session_timeout: Seconds | None = None
    on_ended: OnEnded | None = None
    on_conflict: OnConflict | None = None
    on_delete: OnDelete | None = None
    replace_live: ReplaceLive | None = None
    wait_for_recording: Seconds | None = None
    wait_for_upload: Seconds | None = None
    failures: tuple[InputFailure, ...] = ()
    invalid_names: frozenset[str] = frozenset()

    @property
    def defaults(self) -> RecordingDefaults:
        """What completes the inputs of every recording."""
        policies = {name: getattr(self, name) for name in POLICIES}
        return RecordingDefaults(
            account_id=self._get_id("account_id"),
            app_id=self._get_id("app_id"),
            policies={name: value for name, value in policies.items() if value is not None},
            track_api=self.track_api,
        )

    @property
    def call_failures(self) -> tuple[InputFailure, ...]:
        """The failures that keep the API from being called.

        An account's or an app's id is not among them: a resource of the state has its own, and can
        be refreshed and deleted, also where an older version has deployed it with an id that is
        refused by now.
        """
        sources = {
            names[name] for names in (_KEYS, _VARIABLES) for name in ("account_id", "app_id")
        }
        return tuple(one for one in self.failures if one.path not in sources)

    def _get_id(self, name: str) -> str | Unknown | None:
        found: str | None = getattr(self, name)
        return UNKNOWN if name in self.invalid_names else found


def _to_camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


_KEYS: Mapping[str, str] = {
    **{
        name: f"realtimekit:{_to_camel_case(name)}"
        for name in Settings.model_fields
        if name not in {"failures", "invalid_names"}
    },
    "token": "cloudflare:apiToken",
    "base_url": "cloudflare:baseUrl",
}
_VARIABLES: Mapping[str, str] = {
    "account_id": "CLOUDFLARE_ACCOUNT_ID",
    "app_id": "REALTIMEKIT_APP_ID",
    "token": "CLOUDFLARE_API_TOKEN",
    "base_url": "CLOUDFLARE_BASE_URL",
}
"""The settings that are texts: the environment can set them too."""

SETTINGS = tuple(
    key.removeprefix("realtimekit:") for key in _KEYS.values() if key.startswith("realtimekit:")
)
"""The names of a stack's settings, below ``realtimekit:``."""


def read_settings(config: ConfigReader, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings of a stack; a value that is not allowed is kept as a failure.

    Args:
        config: The stack's config.
        environment: The environment variables; those of this process by default.
    """
    variables = os.environ if environment is None else environment
    values, sources = {}, {}
    for name in _KEYS:
        value, sources[name] = _find_value(name, config, variables)
        if value is not None:
            values[name] = value
    return _validate(values, sources)


def find_source(
    name: str, config: ConfigReader, environment: Mapping[str, str] | None = None
) -> str | None:
    """Return the key or the variable that sets a setting, ``None`` where neither does.

    Args:
        name: The setting's name, as an attribute of :class:`Settings`.
        config: The stack's config.
        environment: The environment variables; those of this process by default.
    """
    variables = os.environ if environment is None else environment
    value, source = _find_value(name, config, variables)
    return None if value is None else source


def _find_value(name: str, config: ConfigReader, variables: Mapping[str, str]) -> tuple[Any, str]:
    """Return the value of a setting and where it stands: the config wins over the environment."""
    key = _KEYS[name]
    value = _parse_value(name, config.get(key))
    if value is None and name in _VARIABLES:
        return _clean(name, variables.get(_VARIABLES[name])), _VARIABLES[name]
    return value, key


def is_about_environment(failure: InputFailure) -> bool:
    """Whether a failure is about an environment variable, and so about no part of the config."""
    return failure.path in _VARIABLES.values()


def _validate(values: Mapping[str, Any], sources: Mapping[str, str]) -> Settings:
    found = list(validate_model(Settings, values))
    invalid = frozenset(failure.path.partition(".")[0] for failure in found)
    found += _find_bad_base_url(values)
    return Settings.model_validate(
        {
            **{name: value for name, value in values.items() if name not in invalid},
            "failures": tuple(_at_source(failure, sources) for failure in found),
            "invalid_names": invalid,
        }
    )


def _find_bad_base_url(values: Mapping[str, Any]) -> list[InputFailure]:
    url = values.get("base_url")
    reason = None if url is None else describe_bad_base_url(url)
    return [] if reason is None else [InputFailure("base_url", reason)]


def _at_source(failure: InputFailure, sources: Mapping[str, str]) -> InputFailure:
    name, dot, rest = failure.path.partition(".")
    return replace(failure, path=f"{sources[name]}{dot}{rest}")


def _parse_value(name: str, value: Any) -> Any:
    if value is UNKNOWN:
        return None
    if name in _VARIABLES:
        return _clean(name, value)
    # Numbers and structured config reach a provider as JSON text.
    if not isinstance(value, str):
        return value
    try:
        return parse_json(value)
    except ValueError:
        return value or None


def _clean(name: str, value: Any) -> str | None:
    """Return a text without white space around it, ``None`` where nothing else is in it.

    A token keeps its own, with which it is refused by name where it is used.
    """
    text = "" if value is None else str(value)
    return (text if name == "token" else text.strip()) if text.strip() else None
