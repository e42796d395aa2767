"""A stack's settings, as the provider process sees them: config first, then environment."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Protocol, cast, get_args

from realtimekit_provider.api.models.track_request import TrackApi
from realtimekit_provider.deployment.defaults import POLICIES, RecordingDefaults
from realtimekit_provider.deployment.timing import Timing
from realtimekit_provider.schema.input_failures import InputFailure, format_path
from realtimekit_provider.schema.json_parsing import parse_json

__all__ = ["SETTINGS", "ConfigReader", "Settings", "read_settings"]

_LONGEST_BOUND = 3600
_SWITCHES = {"on": 1.0, "off": 0.0}
_LARGEST_SHARE = 10


class ConfigReader(Protocol):
    """A stack's config, secrets unwrapped: ``pulumi.dynamic.Config``."""

    def get(self, key: str) -> Any:
        """Return the value of ``namespace:key``, ``None`` where it is not set."""


@dataclass(frozen=True)
class Settings:
    """Everything that config and environment say.

    Attributes:
        defaults: What completes the inputs of every recording.
        timing: The longest waits.
        token: The API token, ``None`` where there is none: a preview needs none.
        base_url: Where the API is, ``None`` for the public one.
        limiter: The share of the published limits that the client keeps within by itself: 1 for
            all that they allow, 0 where it counts nothing.
        problems: Settings whose values mean nothing; the check reports them all.
    """

    defaults: RecordingDefaults = field(default_factory=RecordingDefaults)
    timing: Timing = field(default_factory=Timing)
    token: str | None = field(default=None, repr=False)
    base_url: str | None = field(default=None, repr=False)
    limiter: float = 1.0
    problems: tuple[InputFailure, ...] = ()


def read_settings(config: ConfigReader, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings of a stack; what means nothing is kept as a problem."""
    variables = os.environ if environment is None else environment

    def first(key: str, variable: str) -> str | None:
        value = config.get(key)
        text = variables.get(variable) if value in {None, ""} else str(value)
        return (text or "").strip() or None

    timing = _json(config.get("realtimekit:timing") or {})
    track_api = config.get("realtimekit:trackApi") or "outputs"
    limiter = _share(config.get("realtimekit:limiter") or "on")
    problems = [*_validate_timing(timing), *_wrong_choices(track_api, limiter)]
    return Settings(
        defaults=RecordingDefaults(
            account_id=first("realtimekit:accountId", "CLOUDFLARE_ACCOUNT_ID"),
            app_id=first("realtimekit:appId", "REALTIMEKIT_APP_ID"),
            policies=_policies(config),
            track_api=cast("TrackApi", track_api),
        ),
        timing=Timing() if problems else Timing(**timing),
        token=first("cloudflare:apiToken", "CLOUDFLARE_API_TOKEN"),
        base_url=first("cloudflare:baseUrl", "CLOUDFLARE_BASE_URL"),
        limiter=1.0 if limiter is None else limiter,
        problems=tuple(problems),
    )


def _policies(config: ConfigReader) -> dict[str, Any]:
    given = {name: _json(config.get(f"realtimekit:{_camel(name)}")) for name in POLICIES}
    return {name: value for name, value in given.items() if value is not None}


def _validate_timing(timing: Any) -> Iterator[InputFailure]:
    known = [each.name for each in fields(Timing)]
    if not isinstance(timing, Mapping):
        yield InputFailure(
            "realtimekit:timing", f"must be a mapping of {', '.join(known)} to seconds"
        )
        return
    for name, value in timing.items():
        path = format_path(("realtimekit:timing", name))
        if name not in known:
            yield InputFailure(path, f"does not exist; known are {', '.join(known)}")
        elif isinstance(value, bool) or not isinstance(value, (int, float)):
            yield InputFailure(path, "must be a number of seconds")
        elif not 0 < value <= _LONGEST_BOUND:
            yield InputFailure(path, f"must be above 0 and at most {_LONGEST_BOUND} seconds")


def _share(limiter: Any) -> float | None:
    """Return the share of the limits that is meant, ``None`` where nothing is."""
    if isinstance(limiter, str) and limiter in _SWITCHES:
        return _SWITCHES[limiter]
    share = _json(limiter)
    if isinstance(share, bool) or not isinstance(share, (int, float)):
        return None
    return float(share) if 0 < share <= _LARGEST_SHARE else None


def _wrong_choices(track_api: Any, limiter: float | None) -> Iterator[InputFailure]:
    if track_api not in get_args(TrackApi):
        yield InputFailure(
            "realtimekit:trackApi",
            "must be 'outputs' (the API reference's body) or 'managed' (the one published later)",
        )
    if limiter is None:
        yield InputFailure(
            "realtimekit:limiter",
            "must be 'on', 'off', or the share of the published limits that this stack keeps "
            f"within, such as 0.5: above 0, at most {_LARGEST_SHARE}",
        )


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


SETTINGS = ("accountId", "appId", "timing", "limiter", "trackApi", *map(_camel, POLICIES))
"""The names of a stack's settings, below ``realtimekit:``."""


def _json(value: Any) -> Any:
    """Numbers and structured config reach a provider as JSON text."""
    if not isinstance(value, str):
        return value
    try:
        return parse_json(value)
    except ValueError:
        return value
