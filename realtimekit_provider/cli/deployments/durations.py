"""Durations as a command line gives them: ``90s``, ``25m``, ``1h30m``."""

from __future__ import annotations

import re

import click

__all__ = ["format_duration", "read_duration"]

_PARTS = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", re.ASCII)
_MINUTE = 60
_HOUR = 3600


def read_duration(ctx: click.Context, param: click.Parameter, value: str | None) -> float | None:
    """Return the seconds of an option's value; this is the callback of an option.

    Raises:
        click.BadParameter: It is no duration.
    """
    if value is None:
        return None
    found = _PARTS.fullmatch(value)
    if not value or found is None:
        raise click.BadParameter(
            f"'{value}' is no duration: write 90s, 25m or 1h30m", ctx=ctx, param=param
        )
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return float(hours * _HOUR + minutes * _MINUTE + seconds)


def format_duration(seconds: float) -> str:
    """Return a duration for a person: ``90 s``, ``25 min``."""
    whole = round(seconds)
    if whole < _MINUTE or whole % _MINUTE:
        return f"{whole} s"
    return f"{whole // _MINUTE} min"
