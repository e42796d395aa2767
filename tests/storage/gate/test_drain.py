"""The storage and its credential are kept until the last upload has finished."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtimekit_provider.api.models.recording import UNKNOWN_STATUS, Recording
from realtimekit_provider.errors import (
    SuccessorFailedError,
    TokenRejectedError,
    WaitTimeoutError,
)
from tests.example_values import URN
from tests.fakes import make_call_error, make_not_found
from tests.storage.gate.fake_gate import (
    ELSEWHERE,
    HERE,
    FakeGate,
    gate_inputs,
    writing,
)

LIVE = ("INVOKED", "RECORDING", "PAUSED", "UPLOADING", "SOMETHING_NEW")


def test_without_recordings_each_app_is_listed_once() -> None:
    """And nothing is reported."""
    fake = FakeGate({}, {})
    fake.drain(gate_inputs())
    assert fake.calls == ["list_unfinished", "list_unfinished"]
    assert (fake.waited, fake.listener.text) == (0, "")


@pytest.mark.parametrize("status", LIVE)
def test_every_recording_that_writes_there_is_waited_for(status: str) -> None:
    """Whoever started it, in whatever state that may still change."""
    fake = FakeGate({"list_unfinished": [[writing("a", status)], [writing("a", status)], []]})
    fake.drain(gate_inputs())
    assert fake.calls == ["list_unfinished"] * 3
    assert fake.listener.waits[0] == "0/900 s: the last uploads have not ended yet"


@pytest.mark.parametrize("status", LIVE)
def test_a_recording_that_writes_elsewhere_is_not_waited_for(status: str) -> None:
    fake = FakeGate({"list_unfinished": [[writing("a", status, ELSEWHERE)]]})
    fake.drain(gate_inputs())
    assert fake.waited == 0


def test_a_target_is_the_same_however_the_api_writes_it() -> None:
    reported = {**HERE, "path": "/standup", "region": "US-EAST-1"}
    fake = FakeGate({"list_unfinished": [[writing("a", "UPLOADING", reported)], []]})
    fake.drain(gate_inputs())
    assert fake.calls == ["list_unfinished"] * 2


@pytest.mark.parametrize("status", ["UPLOADING", UNKNOWN_STATUS])
def test_an_upload_without_a_reported_target_is_waited_for(status: str) -> None:
    """It may be one of an earlier, interrupted run; without a status it may be an upload."""
    fake = FakeGate({"list_unfinished": [[writing("a", status, None)], []]})
    fake.drain(gate_inputs())
    assert fake.calls == ["list_unfinished"] * 2


def test_a_live_recording_without_a_reported_target_is_not_waited_for() -> None:
    """Nobody is about to end it: somebody else's meeting would hold up every destroy."""
    fake = FakeGate({"list_unfinished": [[writing("a", "RECORDING", None)]]})
    fake.drain(gate_inputs())
    assert fake.waited == 0


def test_the_target_of_a_recording_that_this_run_stopped_is_known() -> None:
    """Though the API tells no target."""
    fake = FakeGate({"list_unfinished": [[writing("there", "UPLOADING", None)]]})
    fake.register_stopped("there", ELSEWHERE)
    fake.drain(gate_inputs())
    assert fake.calls == ["list_unfinished"]
    fake = FakeGate(
        {
            "list_unfinished": [[writing("a", "UPLOADING", None)], []],
            "get": [writing("a", "UPLOADED")],
        }
    )
    fake.register_stopped("a")
    fake.drain(gate_inputs())
    assert fake.calls == ["list_unfinished", "list_unfinished", "get a"]


def test_a_recording_that_no_list_holds_is_read_by_its_id() -> None:
    """A list may lag behind: only a final state, or a clear 404, ends the wait."""
    states = [writing("a", "RECORDING"), writing("a", "UPLOADING"), writing("a", "UPLOADED")]
    fake = FakeGate({"get": states})
    fake.register_stopped("a")
    fake.drain(gate_inputs())
    assert fake.calls == ["list_unfinished", "get a"] * 3


def test_a_recording_that_does_not_exist_is_not_waited_for() -> None:
    fake = FakeGate({"get": [make_not_found()]})
    fake.register_stopped("a")
    fake.drain(gate_inputs())
    assert fake.waited == 0


def test_a_finished_recording_is_read_once() -> None:
    """A poll costs pages, not recordings."""
    fake = FakeGate(
        {
            "list_unfinished": [[writing("slow", "UPLOADING")]] * 5 + [[]],
            "get": [writing("x", "UPLOADED")],
        }
    )
    for number in range(40):
        fake.register_stopped(f"quick-{number}")
    fake.register_stopped("slow")
    fake.drain(gate_inputs())
    asked = [call for call in fake.calls if call != "list_unfinished"]
    assert len(asked) == len(set(asked)) == 41


def test_a_recording_is_found_in_the_app_that_it_belongs_to() -> None:
    fake = FakeGate({"get": [make_not_found()]}, {"get": [writing("a", "UPLOADED")]})
    fake.register_stopped("a")
    fake.drain(gate_inputs())
    assert fake.calls == ["list_unfinished", "get a", "list_unfinished", "get a"]


def test_a_file_that_may_be_missing_is_a_warning() -> None:
    """Once, and the wait ends: no wait brings it back."""
    fake = FakeGate(
        {"list_unfinished": [[writing("b", "UPLOADING")], []], "get": [writing("a", "ERRORED")]}
    )
    fake.register_stopped("a")
    fake.drain(gate_inputs())
    (warning,) = fake.listener.warnings
    assert "recording a ended ERRORED: its files were not uploaded" in warning


def test_past_the_deadline_the_error_lists_what_is_pending() -> None:
    """With what is pending, where, and what to do."""
    pending = [writing(f"rec-{number}", "UPLOADING") for number in range(7)]
    fake = FakeGate({"list_unfinished": [pending]})
    with pytest.raises(WaitTimeoutError) as raised:
        fake.drain(gate_inputs(upload_deadline=30))
    assert fake.waited == pytest.approx(30)
    text = str(raised.value)
    assert text.startswith("7 recordings still write to aws acme-recordings: rec-0 (UPLOADING), ")
    assert "rec-5" not in text
    assert "Storage and credential are kept after 30 s" in text
    assert "stop what still records and deploy again, or raise upload_deadline" in text


def test_the_gates_of_a_run_share_one_deadline() -> None:
    """Else three stuck gates would hold up a pipeline three times as long."""
    fake = FakeGate({"list_unfinished": [[writing("a", "RECORDING")]]})
    for _ in range(3):
        with pytest.raises(WaitTimeoutError):
            fake.drain(gate_inputs(upload_deadline=30))
    assert fake.waited == pytest.approx(30)


def test_an_error_of_the_api_ends_the_wait() -> None:
    """Not knowing is no reason to delete."""
    fake = FakeGate({"list_unfinished": [make_call_error(TokenRejectedError)]})
    with pytest.raises(TokenRejectedError):
        fake.drain(gate_inputs())


@given(st.lists(st.tuples(st.integers(0, 60), st.booleans(), st.booleans()), max_size=8))
def test_the_wait_ends_soon_after_the_last_upload_and_never_before(
    uploads: list[tuple[int, bool, bool]],
) -> None:
    """For uploads of any length, of this run or an earlier one, with or without a target."""
    fake = FakeGate({})

    def read(number: int) -> Recording:
        finished_at, _, is_reported = uploads[number]
        status = "UPLOADING" if fake.waited < finished_at else "UPLOADED"
        return writing(f"rec-{number}", status, HERE if is_reported else None)

    def list_unfinished() -> list[Recording]:
        found = [read(number) for number in range(len(uploads))]
        return [one for one in found if one.status == "UPLOADING"]

    [api] = fake.apis
    api.list_unfinished = list_unfinished  # type: ignore[method-assign]
    api.get = lambda recording_id: read(int(recording_id[4:]))  # type: ignore[method-assign]
    for number, (_, is_of_this_run, _) in enumerate(uploads):
        if is_of_this_run:
            fake.register_stopped(f"rec-{number}")
    fake.drain(gate_inputs())
    last = max((finished_at for finished_at, _, _ in uploads), default=0)
    assert last <= fake.waited <= last + 3 * fake.ports.timing.poll_interval


def test_a_recording_that_nothing_stops_is_reported_at_once() -> None:
    """As where the storage was renamed without an alias: with its id, and how to go on; once."""
    fake = FakeGate({"list_unfinished": [[writing("a", "RECORDING")]]})
    with pytest.raises(WaitTimeoutError):
        fake.drain(gate_inputs(upload_deadline=60))
    [warning] = fake.listener.warnings
    assert "1 recording still writes to aws" in warning
    assert "a (RECORDING)" in warning
    assert "waits up to 60 s" in warning
    assert "by 'aliases'" in warning


def test_storage_is_kept_at_once_for_what_could_not_leave_it() -> None:
    """The state still refers to it, whatever became of the recording; elsewhere is no matter."""
    fake = FakeGate({})
    fake.registry.recordings.register_held_back(URN, [HERE])
    fake.drain(gate_inputs(bucket=ELSEWHERE["bucket"]))
    with pytest.raises(SuccessorFailedError, match="'standup' still uses aws acme-rec"):
        fake.drain(gate_inputs())
    assert fake.waited == 0


@pytest.mark.parametrize("status", ["RECORDING", "UPLOADING"])
def test_a_recording_that_this_run_stopped_is_waited_for_in_silence(status: str) -> None:
    """Its file is on its way, though a list may still show it as live."""
    uploaded = writing("a", "UPLOADED")
    fake = FakeGate({"list_unfinished": [[writing("a", status)], []], "get": [uploaded]})
    fake.register_stopped("a")
    fake.drain(gate_inputs())
    assert fake.listener.warnings == []
