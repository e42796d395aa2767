"""Durations as options have them."""

from __future__ import annotations

import click
import pytest

from realtimekit_provider.cli.deployments.durations import format_duration, read_duration

_OPTION = click.Option(["--soft-timeout"])


@pytest.mark.parametrize(
    ("text", "seconds", "shown"),
    [
        ("90s", 90, "90 s"),
        ("25m", 1500, "25 min"),
        ("1h30m", 5400, "90 min"),
        ("1m1s", 61, "61 s"),
        ("0s", 0, "0 s"),
    ],
)
def test_a_duration_is_read_and_shown(text: str, seconds: float, shown: str) -> None:
    """Hours, minutes and seconds."""
    assert read_duration(click.Context(click.Command("up")), _OPTION, text) == seconds
    assert format_duration(seconds) == shown


@pytest.mark.parametrize("text", ["", "25", "m", "25 m", "-1m", "1.5h", "٣m", "1m2h"])
def test_anything_else_is_refused_with_examples(text: str) -> None:
    """A number without a unit could be minutes or seconds."""
    with pytest.raises(click.BadParameter, match="write 90s, 25m or 1h30m"):
        read_duration(click.Context(click.Command("up")), _OPTION, text)
