"""A stack's settings, as the provider process reads them: config first, then environment."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Protocol, cast, get_args

from realtimekit_provider.api.models.track_request import TrackApi
from realtimekit_provider.deployment.defaults import RecordingDefaults
from realtimekit_provider.deployment.policies import POLICIES
from realtimekit_provider.deployment.timing import Timing
from realtimekit_provider.schema.input_failures import InputFailure
from realtimekit_provider.schema.input_paths import format_path
from realtimekit_provider.schema.parsing.json_parsing import parse_json

__all__ = ["SETTINGS", "ConfigReader", "Settings", "read_settings"]

_TIMING = "realtimekit:timing"
_RATE_LIMIT_SHARE = "realtimekit:rateLimitShare"
_TRACK_API = "realtimekit:trackApi"
_ALLOW_EMPTY = "realtimekit:allowEmpty"
_MAX_TIMING = 3600
_MAX_RATE_LIMIT_SHARE = 10


class ConfigReader(Protocol):
    """A stack's config, secrets decrypted: ``pulumi.dynamic.Config``."""

    def get(self, key: str) -> Any:
        """Return the value of ``namespace:key``, ``None`` where it is not set."""


@dataclass(frozen=True)
class Settings:
    """Everything that config and environment set.

    Attributes:
        defaults: What completes the inputs of every recording.
        timing: How long each wait may last.
        token: The API token, ``None`` where there is none: a preview needs none.
        base_url: Where the API is, ``None`` for the public one.
        rate_limit_share: The share of the published rate limits that the client keeps within:
            1 for all that they allow, 0 where it does not limit itself.
        allow_empty: Whether a stack that declared something may declare nothing.
        failures: Settings with a value that is not allowed; ``check`` reports all of them.
    """

    defaults: RecordingDefaults = field(default_factory=RecordingDefaults)
    timing: Timing = field(default_factory=Timing)
    token: str | None = field(default=None, repr=False)
    base_url: str | None = field(default=None, repr=False)
    rate_limit_share: float = 1.0
    allow_empty: bool = False
    failures: tuple[InputFailure, ...] = ()


def read_settings(config: ConfigReader, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings of a stack; a value that is not allowed is kept as a failure.

    Args:
        config: The stack's config.
        environment: The environment variables; those of this process by default.
    """
    variables = os.environ if environment is None else environment

    def read_first(key: str, variable: str) -> str | None:
        value = config.get(key)
        text = variables.get(variable) if value in {None, ""} else str(value)
        return (text or "").strip() or None

    timing = _parse_value(config.get(_TIMING) or {})
    track_api = config.get(_TRACK_API) or "outputs"
    rate_limit_share = _parse_rate_limit_share(config.get(_RATE_LIMIT_SHARE))
    allow_empty = _parse_value(config.get(_ALLOW_EMPTY) or False)
    failures = (
        *_validate_timing(timing),
        *_validate_track_api(track_api),
        *_validate_rate_limit_share(rate_limit_share),
        *_validate_allow_empty(allow_empty),
    )
    return Settings(
        defaults=RecordingDefaults(
            account_id=read_first("realtimekit:accountId", "CLOUDFLARE_ACCOUNT_ID"),
            app_id=read_first("realtimekit:appId", "REALTIMEKIT_APP_ID"),
            policies=_read_policies(config),
            track_api=cast("TrackApi", track_api),
        ),
        timing=Timing() if failures else Timing(**timing),
        token=read_first("cloudflare:apiToken", "CLOUDFLARE_API_TOKEN"),
        base_url=read_first("cloudflare:baseUrl", "CLOUDFLARE_BASE_URL"),
        rate_limit_share=1.0 if rate_limit_share is None else rate_limit_share,
        allow_empty=allow_empty is True,
        failures=failures,
    )


def _read_policies(config: ConfigReader) -> dict[str, Any]:
    values = {
        name: _parse_value(config.get(f"realtimekit:{_to_camel_case(name)}")) for name in POLICIES
    }
    return {name: value for name, value in values.items() if value is not None}


def _parse_rate_limit_share(written: Any) -> float | None:
    if written is None or written == "":
        return 1.0
    if written == "off":
        return 0.0
    share = _parse_value(written)
    if isinstance(share, bool) or not isinstance(share, (int, float)):
        return None
    return float(share) if 0 < share <= _MAX_RATE_LIMIT_SHARE else None


def _validate_timing(timing: Any) -> Iterator[InputFailure]:
    known = [each.name for each in fields(Timing)]
    listed = ", ".join(known)
    if not isinstance(timing, Mapping):
        yield InputFailure(_TIMING, f"must be a mapping of names to seconds; names are {listed}")
        return
    for name, value in timing.items():
        path = format_path((_TIMING, name))
        if name not in known:
            yield InputFailure(path, f"does not exist; names are {listed}")
        elif isinstance(value, bool) or not isinstance(value, (int, float)):
            yield InputFailure(path, "must be a number of seconds")
        elif not 0 < value <= _MAX_TIMING:
            yield InputFailure(path, f"must be above 0 and at most {_MAX_TIMING} seconds")


def _validate_track_api(track_api: Any) -> Iterator[InputFailure]:
    if track_api not in get_args(TrackApi):
        yield InputFailure(
            _TRACK_API,
            "must be 'outputs' (the request body of the API reference) or 'managed' (the one that "
            "was published later)",
        )


def _validate_rate_limit_share(share: float | None) -> Iterator[InputFailure]:
    if share is None:
        yield InputFailure(
            _RATE_LIMIT_SHARE,
            f"must be a number above 0 and at most {_MAX_RATE_LIMIT_SHARE}, the share of the "
            "published rate limits that this stack keeps within (0.5 is half of them, 1 is the "
            "default), or 'off', which leaves the limits to the API alone",
        )


def _validate_allow_empty(allow_empty: Any) -> Iterator[InputFailure]:
    if not isinstance(allow_empty, bool):
        yield InputFailure(_ALLOW_EMPTY, "must be true or false")


def _to_camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


SETTINGS = (
    "accountId",
    "appId",
    "timing",
    "rateLimitShare",
    "trackApi",
    "allowEmpty",
    *map(_to_camel_case, POLICIES),
)
"""The names of a stack's settings, below ``realtimekit:``."""


def _parse_value(value: Any) -> Any:
    # Numbers and structured config reach a provider as JSON text.
    if not isinstance(value, str):
        return value
    try:
        return parse_json(value)
    except ValueError:
        return value
