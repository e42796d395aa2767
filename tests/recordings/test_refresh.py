"""Reading a recording as it is now."""

from __future__ import annotations

import pytest

from realtimekit_provider.errors import (
    CallError,
    TokenRejectedError,
)
from realtimekit_provider.recordings.refresh import refresh_recording
from realtimekit_provider.recordings.stored import StoredRecording
from tests.example_values import (
    MARK,
    build_recording,
    build_state,
    build_stored,
)
from tests.fakes import (
    FakePorts,
    format_time,
    make_call_error,
    make_lost_response,
    make_not_found,
    make_rejection,
)

ID = "rec-1"
PLACEHOLDER = f"nothing-started-{MARK}"


@pytest.mark.parametrize(
    ("desired", "status", "amounts_to"),
    [
        ("RECORDING", "RECORDING", "RECORDING"),
        ("RECORDING", "PAUSED", "PAUSED"),
        ("PAUSED", "RECORDING", "RECORDING"),
        ("RECORDING", "UPLOADED", "RECORDING"),
        ("STOPPED", "UPLOADED", "STOPPED"),
    ],
)
def test_a_refresh_returns_the_current_status(desired: str, status: str, amounts_to: str) -> None:
    """One call; what somebody did in the dashboard shows as another desired state."""
    fake = FakePorts(get=[build_recording(status=status, stopped_time=format_time(5))])
    before = build_stored("UPLOADING" if desired == "STOPPED" else desired, desired_state=desired)
    seen = refresh_recording(before, fake.ports)
    assert seen is not None
    assert (seen.outputs.status, seen.desired_state) == (status, amounts_to)
    assert seen.outputs.stopped_time == format_time(5)
    assert len(fake.recordings.calls) == 1


@pytest.mark.parametrize("status", ["UPLOADED", "ERRORED"])
def test_a_recording_that_ended_for_good_is_not_asked_for(status: str) -> None:
    """It never changes again."""
    fake = FakePorts()
    seen = refresh_recording(build_stored(status), fake.ports)
    assert seen is not None
    assert seen.outputs.status == status
    assert fake.recordings.calls == []


@pytest.mark.parametrize("status", ["NOT_STARTED", "NO_SESSION"])
def test_a_placeholder_is_not_asked_for(status: str) -> None:
    """There is nothing to ask about."""
    fake = FakePorts()
    seen = refresh_recording(build_stored(status, PLACEHOLDER), fake.ports)
    assert seen is not None
    assert seen.outputs.status == status
    assert fake.recordings.calls == []


def test_only_a_404_is_gone() -> None:
    """The engine then forgets the recording."""
    assert refresh_recording(build_stored(), FakePorts(get=[make_not_found()]).ports) is None


@pytest.mark.parametrize(
    "error",
    [
        make_lost_response(502),
        make_rejection(status=400),
        make_call_error(TokenRejectedError, status=401),
        make_lost_response(),
    ],
)
def test_any_other_error_of_a_refresh_is_an_error(error: CallError) -> None:
    """Forgetting a recording that runs is what users fear most."""
    with pytest.raises(type(error)):
        refresh_recording(build_stored(), FakePorts(get=[error]).ports)


def test_a_refresh_keeps_what_the_api_does_not_say() -> None:
    """The warning, whether the storage was applied, and each fact that an answer leaves out."""
    stored = {"warning": "watch out", "storage_applied": "no", "session_id": "s"}
    state = {**build_state(), **stored, "invoked_time": format_time(0)}
    before = StoredRecording.from_props(ID, state)
    seen = refresh_recording(before, FakePorts(get=[build_recording(invoked_time=None)]).ports)
    assert seen is not None
    assert seen.outputs == before.outputs


@pytest.mark.parametrize("status", ["ERRORED", "GONE"])
def test_files_that_were_lost_since_are_a_warning(status: str) -> None:
    """On the row, and in the output of a recording that still exists."""
    found = make_not_found() if status == "GONE" else build_recording(status=status)
    fake = FakePorts(get=[found])
    refreshed = refresh_recording(build_stored(), fake.ports)
    (warning,) = fake.reporter.warnings
    assert "rec-1" in warning
    assert refreshed is None or refreshed.outputs.warning == warning


def test_files_that_are_known_to_be_lost_are_reported_once() -> None:
    """A later refresh keeps the warning in the outputs, and says nothing."""
    state = {**build_state("ERRORED"), "warning": "lost"}
    fake = FakePorts()
    refreshed = refresh_recording(StoredRecording.from_props(ID, state), fake.ports)
    assert refreshed is not None
    assert refreshed.outputs.warning == "lost"
    assert fake.reporter.warnings == []
