"""The messages when a limit is reached: what is true then, and how to continue."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from realtimekit_provider.errors import RealtimeKitError
from realtimekit_provider.recordings.actions import reconcile
from realtimekit_provider.recordings.create import create_recording
from realtimekit_provider.recordings.delete import delete_recording
from realtimekit_provider.recordings.plan import Plan, Step
from realtimekit_provider.recordings.update import update_recording
from tests.example_values import (
    MEETING,
    build_recording,
    build_recording_inputs,
    build_stored,
)
from tests.fakes import FakePorts, make_lost_response, make_rejection

_INVOKED = build_recording("r", "INVOKED")
_LIVE = build_recording("r", "RECORDING")
_NAMED = _LIVE.model_copy(update={"output_file_name": "somebody.webm"})
_UPLOADING = build_recording("r", "UPLOADING")


def _start_without_an_answer() -> str:
    fake = FakePorts(start=[make_lost_response()] * 4)
    return _fail(lambda: create_recording(build_recording_inputs(), fake.ports))


def _wait_for_nobody() -> str:
    fake = FakePorts(start=[make_rejection()], has_session=[False])
    inputs = build_recording_inputs(on_no_session="wait", session_timeout=5)
    return _fail(lambda: create_recording(inputs, fake.ports))


def _pause_what_stays_invoked() -> str:
    fake = FakePorts(get=[_INVOKED])
    return _fail(lambda: reconcile(_INVOKED, "PAUSED", fake.ports, is_fresh=True))


def _stop_what_stays_active() -> str:
    fake = FakePorts(get_active=[_NAMED], send_action=[_UPLOADING])
    inputs = build_recording_inputs(on_conflict="stop")
    return _fail(lambda: create_recording(inputs, fake.ports))


def _delete_during_an_endless_upload() -> str:
    fake = FakePorts(send_action=[_UPLOADING], get=[_UPLOADING])
    return _fail(lambda: delete_recording(build_stored(wait_for_upload=5), fake.ports))


def _stop_during_an_endless_upload() -> str:
    fake = FakePorts(send_action=[_UPLOADING], get=[_UPLOADING])
    inputs = build_recording_inputs(desired_state="STOPPED", wait_for_upload=5)
    update_recording(Plan(Step.STOP), build_stored(wait_for_upload=5), inputs, fake.ports)
    return "\n".join(fake.reporter.warnings)


def _fail(operation: Callable[[], object]) -> str:
    with pytest.raises(RealtimeKitError) as raised:
        operation()
    return str(raised.value)


LIMITS: dict[str, tuple[Callable[[], str], str, str]] = {
    "no clear answer to a start": (
        _start_without_an_answer,
        f"No recording of meeting {MEETING} became visible within 40 s of any of 4 attempts",
        "the next deployment finds it",
    ),
    "nobody joins": (
        _wait_for_nobody,
        "there is nothing to record",
        "Deploy again when somebody is in it, or set on_no_session to 'skip'",
    ),
    "it stays INVOKED": (
        _pause_what_stays_invoked,
        "still INVOKED after 60 s, so it could not be paused yet; it keeps running",
        "Deploy again to pause it",
    ),
    "it stays active": (
        _stop_what_stays_active,
        "was stopped, and is still the active one",
        "Deploy again in a minute",
    ),
    "files are not uploaded, of what is deleted": (
        _delete_during_an_endless_upload,
        "is stopped, but its files have not been uploaded within the 5 s of wait_for_upload",
        "deploy again to continue, or raise wait_for_upload",
    ),
    "files are not uploaded, of what is stopped": (
        _stop_during_an_endless_upload,
        "is stopped, but its files have not been uploaded within the 5 s of wait_for_upload",
        "a refresh shows when they have been",
    ),
}


@pytest.mark.parametrize("limit", LIMITS)
def test_a_message_says_what_is_true_and_how_to_continue(limit: str) -> None:
    """In one text, that of the error or of the warning."""
    reach_limit, what_is_true, how_to_continue = LIMITS[limit]
    text = reach_limit()
    assert what_is_true in text
    assert how_to_continue in text
