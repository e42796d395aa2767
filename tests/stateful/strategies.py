"""What a state machine draws: changed inputs, events outside the stack, and what follows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from tests.stateful.reference_model import ARCHIVE

__all__ = ["CHANGES", "EVENTS", "NAMES", "NEXT_DEPLOYMENTS"]

NAMES = st.sampled_from(["one", "two", "three"])
"""The names of recordings."""

_VALUES: Mapping[str, tuple[Any, ...]] = {
    "desired_state": ("RECORDING", "PAUSED", "STOPPED"),
    "on_ended": ("keep", "restart", "fail"),
    "on_no_session": ("fail", "skip"),
    "on_conflict": ("fail", "adopt", "stop"),
    "on_delete": ("stop", "leave"),
    "replace_live": ("allow", "refuse"),
    "max_seconds": (None, 600),
    "bucket": (None, "example-a", ARCHIVE),
    "key": (1, 2),
}
_DESIRED_STATES = st.tuples(st.just("desired_state"), st.sampled_from(_VALUES["desired_state"]))
_ON_DELETE = st.tuples(st.just("on_delete"), st.sampled_from(_VALUES["on_delete"]))
_ANY_INPUT = st.sampled_from(
    [(name, value) for name, values in _VALUES.items() for value in values]
)

CHANGES = st.one_of(
    st.lists(_DESIRED_STATES | _ON_DELETE, min_size=1, max_size=1),
    st.lists(_ANY_INPUT, min_size=1, max_size=3),
)
"""Inputs of one recording that change, as names and values."""

EVENTS = st.sampled_from(
    [
        "pause",
        "resume",
        "pause",
        "resume",
        "join",
        "join",
        "end_session",
        "leave_for_long",
        "stop",
        "fail",
        "start_foreign_recording",
        "delete_recording",
    ]
)
"""Events of a meeting: methods of :class:`tests.stateful.environment.Environment`."""

NEXT_DEPLOYMENTS = st.sampled_from(["none", "up --refresh", "up"])
"""The deployment that follows an event."""
