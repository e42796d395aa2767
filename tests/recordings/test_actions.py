"""Pause, resume and stop."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_provider.api.models.status import DesiredState
from realtimekit_provider.errors import (
    CallError,
    NotSentError,
    OutcomeUnknownError,
    RateLimitedError,
    RequestRejectedError,
    TokenRejectedError,
    WaitTimeoutError,
)
from realtimekit_provider.recordings.actions import reconcile, stop, wait_for_upload
from tests.example_values import recording
from tests.fakes import World, at, failed, lost, not_found, refused

ONE_CALL: list[tuple[DesiredState, str, str, str]] = [
    ("PAUSED", "RECORDING", "pause", "PAUSED"),
    ("RECORDING", "PAUSED", "resume", "RECORDING"),
    ("STOPPED", "RECORDING", "stop", "UPLOADING"),
    ("STOPPED", "PAUSED", "stop", "UPLOADING"),
    ("STOPPED", "INVOKED", "stop", "UPLOADING"),
    ("PAUSED", "SOMETHING_NEW", "pause", "PAUSED"),
]
NO_CALL: list[tuple[DesiredState, str]] = [
    ("RECORDING", "INVOKED"),
    ("RECORDING", "RECORDING"),
    ("RECORDING", "SOMETHING_NEW"),
    ("RECORDING", "UPLOADED"),
    ("PAUSED", "PAUSED"),
    ("PAUSED", "ERRORED"),
    ("STOPPED", "UPLOADING"),
    ("STOPPED", "GONE"),
]


@pytest.mark.parametrize(("desired", "status", "action", "then"), ONE_CALL)
def test_a_step_costs_one_call(desired: DesiredState, status: str, action: str, then: str) -> None:
    """What the API answers is what is true then."""
    world = World(act=[recording(status=then, session_id="s")])
    now = reconcile(recording(status=status), desired, world.ports, is_fresh=True)
    assert (now.status, now.session_id) == (then, "s")
    assert world.api.calls == [f"{action} rec-1"]


@pytest.mark.parametrize(("desired", "status", "action", "then"), ONE_CALL)
@pytest.mark.parametrize("answer", [None, "as before"])
def test_a_success_that_tells_nothing_new_is_a_success(
    desired: DesiredState, status: str, action: str, then: str, answer: Any
) -> None:
    """An answer without a recording, or with the status from before, is not asked about again."""
    world = World(act=[recording(status=status) if answer else None])
    assert reconcile(recording(status=status), desired, world.ports, is_fresh=True).status == then
    assert world.api.calls == [f"{action} rec-1"]


@pytest.mark.parametrize(("desired", "status"), NO_CALL)
def test_what_is_already_so_costs_nothing(desired: DesiredState, status: str) -> None:
    """No call is made, and the very same recording is returned."""
    world, known = World(), recording(status=status)
    assert reconcile(known, desired, world.ports, is_fresh=True) is known
    assert world.api.calls == []


def test_a_pause_waits_until_the_recording_has_begun() -> None:
    """The row says for what."""
    invoked, running = recording(status="INVOKED"), recording()
    world = World(get=[invoked, running], act=[recording(status="PAUSED")])
    assert reconcile(invoked, "PAUSED", world.ports, is_fresh=True).status == "PAUSED"
    assert "rec-1 to begin" in world.listener.waits[0]


def test_a_pause_that_waited_may_find_it_paused_already() -> None:
    """Somebody else was faster: success."""
    paused = recording(status="PAUSED")
    world = World(get=[paused], act=[refused()])
    assert reconcile(recording(status="INVOKED"), "PAUSED", world.ports, is_fresh=True) == paused


def test_what_only_the_state_calls_invoked_is_paused_at_once() -> None:
    """It will have begun since the last deployment, so the pause costs one call."""
    world = World(act=[recording(status="PAUSED")])
    now = reconcile(recording(status="INVOKED"), "PAUSED", world.ports, is_fresh=False)
    assert now.status == "PAUSED"
    assert world.api.calls == ["pause rec-1"]


def test_a_pause_that_was_too_early_waits_and_comes_again() -> None:
    """The API refused since it has not begun: that is found out, waited out, and mended."""
    invoked = recording(status="INVOKED")
    world = World(act=[refused(), None], get=[invoked, invoked, recording()])
    assert reconcile(invoked, "PAUSED", world.ports, is_fresh=False).status == "PAUSED"
    assert world.api.count("pause rec-1") == 2


def test_a_recording_that_begins_while_its_pause_is_refused_is_paused() -> None:
    """The refusal was true, and is no longer: the question shows that, so the pause comes again."""
    world = World(act=[refused("it is INVOKED"), None], get=[recording()])
    invoked = recording(status="INVOKED")
    assert reconcile(invoked, "PAUSED", world.ports, is_fresh=False).status == "PAUSED"
    assert world.api.calls == ["pause rec-1", "get rec-1", "pause rec-1"]


def test_a_start_that_is_not_listed_yet_is_waited_for() -> None:
    """A 404 a moment after the start is not the end of the recording."""
    world = World(get=[not_found(), recording()], act=[None])
    now = reconcile(recording(status="INVOKED"), "PAUSED", world.ports, is_fresh=True)
    assert now.status == "PAUSED"


def test_a_recording_that_does_not_begin_is_an_error_in_the_end() -> None:
    """Bounded, and it says that the recording runs."""
    invoked = recording(status="INVOKED")
    world = World(get=[invoked])
    with pytest.raises(WaitTimeoutError, match="still INVOKED after 60 s"):
        reconcile(invoked, "PAUSED", world.ports, is_fresh=True)
    assert world.clock.now() - 1000 == pytest.approx(world.ports.timing.running_after_start)


ODD = [refused("not in a state"), not_found(), lost()]


@pytest.mark.parametrize("error", ODD)
@pytest.mark.parametrize(("desired", "status", "action", "then"), ONE_CALL)
def test_an_odd_answer_is_followed_by_one_question(
    error: CallError, desired: DesiredState, status: str, action: str, then: str
) -> None:
    """What was to be done is done already: success."""
    world = World(act=[error], get=[recording(status=then)])
    assert reconcile(recording(status=status), desired, world.ports, is_fresh=True).status == then
    assert world.api.calls == [f"{action} rec-1", "get rec-1"]
    assert world.listener.warnings == []


@pytest.mark.parametrize("error", ODD)
@pytest.mark.parametrize(("desired", "before"), [("PAUSED", "RECORDING"), ("RECORDING", "PAUSED")])
@pytest.mark.parametrize("became", ["UPLOADED", "ERRORED", "GONE"])
def test_a_recording_that_has_ended_is_no_error(
    error: CallError, desired: DesiredState, before: str, became: str
) -> None:
    """One sentence says so, the truth is recorded, and ``on_ended`` decides next time."""
    answer = not_found() if became == "GONE" else recording(status=became)
    world = World(act=[error], get=[answer])
    assert reconcile(recording(status=before), desired, world.ports, is_fresh=True).status == became
    [warning] = world.listener.warnings
    assert "rec-1" in warning
    assert "on_ended" in warning


@pytest.mark.parametrize("error", ODD)
@pytest.mark.parametrize("became", ["UPLOADING", "UPLOADED", "ERRORED", "GONE"])
def test_a_stop_is_idempotent(error: CallError, became: str) -> None:
    """404, already stopped, or a lost answer that a question clears up: all are success."""
    answer = not_found() if became == "GONE" else recording(status=became)
    world = World(act=[error], get=[answer])
    assert stop(recording(), world.ports).status == became
    assert world.listener.warnings == []


@pytest.mark.parametrize(
    ("error", "kind"), [(refused("locked"), RequestRejectedError), (lost(), OutcomeUnknownError)]
)
def test_a_recording_that_goes_on_is_an_error(error: CallError, kind: type[CallError]) -> None:
    """The API said no and means it: recording, status, and the API's own words."""
    world = World(act=[error], get=[recording()])
    with pytest.raises(kind, match="rec-1 is RECORDING and could not be stopped") as raised:
        stop(recording(), world.ports)
    assert error.info.message in str(raised.value)


@pytest.mark.parametrize(
    "error",
    [
        failed(TokenRejectedError, status=403),
        failed(RateLimitedError, status=429),
        failed(NotSentError),
    ],
)
def test_other_errors_are_passed_on(error: CallError) -> None:
    """Nothing was changed, and a question would fare no better."""
    world = World(act=[error])
    with pytest.raises(type(error)):
        stop(recording(), world.ports)
    assert world.api.calls == ["stop rec-1"]


def test_only_a_404_means_gone() -> None:
    """A question that fails leaves the answer open."""
    world = World(act=[not_found()], get=[lost()])
    with pytest.raises(OutcomeUnknownError):
        stop(recording(), world.ports)


AGES = [
    ({"started_time": at(-2)}, 3.0),
    ({"started_time": None, "invoked_time": at(-4)}, 6.0),
    ({"started_time": None, "invoked_time": at(60)}, 10.0),
    ({"started_time": at(-1), "invoked_time": at(-30)}, 4.0),
    ({"started_time": at(0)}, 5.0),
    ({"started_time": at(60)}, 5.0),
]


@pytest.mark.parametrize(("times", "rest"), AGES)
def test_a_stop_waits_out_the_first_five_seconds(times: dict[str, Any], rest: float) -> None:
    """A shorter recording may be lost; a server's clock that runs ahead costs no more.

    One that is not known to have begun is given five more for that.
    """
    world = World(act=[None])
    stop(recording(**times), world.ports)
    assert world.clock.sleeps == [pytest.approx(rest)]
    assert "5 s before it is stopped" in world.listener.waits[0]


@pytest.mark.parametrize(
    "times",
    [{}, {"started_time": at(-5)}, {"started_time": "soon"}, {"invoked_time": at(-10)}],
)
def test_any_other_stop_waits_for_nothing(times: dict[str, Any]) -> None:
    """Old enough, or of unknown age."""
    world = World(act=[None])
    stop(recording(**times), world.ports)
    assert world.clock.sleeps == []


def test_a_stop_is_remembered_before_it_is_sent() -> None:
    """Even if its answer is lost, nobody in this run takes the recording over."""
    world = World(act=[lost()], get=[lost()])
    with pytest.raises(OutcomeUnknownError):
        stop(recording(), world.ports)
    assert world.registry.recordings.is_stopped("rec-1")


UPLOADS = [
    ([recording(status="UPLOADING"), recording(status="UPLOADED")], "UPLOADED"),
    ([recording(status="ERRORED")], "ERRORED"),
    ([not_found()], "GONE"),
    ([recording(status="UPLOADING")], None),
]


@pytest.mark.parametrize(("answers", "landed"), UPLOADS)
def test_an_upload_is_waited_for(answers: list[Any], landed: str | None) -> None:
    """Until it has landed, has failed, or the time is over."""
    world = World(get=answers)
    assert wait_for_upload("rec-1", 30, world.ports) == landed
    assert world.clock.now() - 1000 <= 30


def test_an_upload_that_cannot_be_asked_about_is_an_error() -> None:
    """An error is not the end of an upload."""
    with pytest.raises(OutcomeUnknownError):
        wait_for_upload("rec-1", 30, World(get=[lost()]).ports)
