"""The control API of settings and time."""

from __future__ import annotations

import pytest

from realtimekit_emulator import Control, ControlError


def test_settings_can_be_changed_while_the_emulator_runs(control: Control) -> None:
    """A reset restores the first ones."""
    control.set(upload_seconds=3, start_answer="nested")
    assert control.settings()["upload_seconds"] == 3
    control.reset()
    assert control.settings()["start_answer"] == "top"


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"colour": 1}, "has no option 'colour'"),
        ({"upload_seconds": "3"}, "upload_seconds: Input should be a valid number"),
        ({"upload_seconds": True}, "upload_seconds: Input should be a valid number"),
        ({"echo_secrets": 1}, "echo_secrets: Input should be a valid boolean"),
        ({"start_answer": "sideways"}, "start_answer: Input should be 'top', 'nested' or 'none'"),
        ({"api_budget": -1}, "api_budget: Input should be greater than or equal to 0"),
    ],
)
def test_an_invalid_setting_is_refused(
    control: Control, change: dict[str, object], text: str
) -> None:
    """No setting is changed."""
    before = control.settings()
    with pytest.raises(ControlError, match=text):
        control.set(latency_seconds=1.0, **change)
    assert control.settings() == before


def test_time_moves_only_forward(frozen: Control) -> None:
    """Frozen time stands still, can be advanced, and never goes back."""
    before = frozen.now()
    assert frozen.now() == before
    frozen.advance(10)
    assert frozen.now() == pytest.approx(before + 10)
    with pytest.raises(ControlError, match="cannot go back"):
        frozen.scale_time(-1)
