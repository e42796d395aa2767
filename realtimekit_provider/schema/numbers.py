"""Numbers: whole ones and seconds, each within its bounds."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

__all__ = ["Days", "KeyGeneration", "MaxSeconds", "Port", "Seconds", "WaitSeconds"]


def _check_whole_number(value: Any) -> int:
    """Pulumi carries every number as a float: 3600.0 is whole, ``True`` and "3600" are not."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value % 1 != 0:
        raise ValueError("must be a whole number")
    return int(value)


def _check_seconds(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("must be a number of seconds")  # noqa: TRY004 - pydantic collects ValueErrors
    return value


MaxSeconds = Annotated[int, BeforeValidator(_check_whole_number), Field(ge=60, le=86400)]
"""After how many seconds the API ends a recording: a minute to a day."""

Seconds = Annotated[
    float, BeforeValidator(_check_seconds), Field(ge=0, le=86400, allow_inf_nan=False)
]
"""How long a wait lasts at most: up to a day, with fractions."""

WaitSeconds = Annotated[
    float, BeforeValidator(_check_seconds), Field(gt=0, le=3600, allow_inf_nan=False)
]
"""How long a wait within an operation lasts at most: up to an hour, and never nothing."""

KeyGeneration = Annotated[int, BeforeValidator(_check_whole_number), Field(ge=1)]
"""Which key of a writer is used, counted from 1."""

Days = Annotated[int, BeforeValidator(_check_whole_number), Field(ge=1, le=36500)]
"""Whole days, one to a hundred years."""

Port = Annotated[int, BeforeValidator(_check_whole_number), Field(ge=1, le=65535)]
"""A TCP port."""
