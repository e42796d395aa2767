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
from realtimekit_provider.recordings.actions import reconcile, stop_recording, wait_for_upload
from tests.example_values import build_recording
from tests.fakes import (
    FakePorts,
    format_time,
    make_call_error,
    make_lost_response,
    make_not_found,
    make_rejection,
)

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
    fake = FakePorts(send_action=[build_recording(status=then, session_id="s")])
    now = reconcile(build_recording(status=status), desired, fake.ports, is_fresh=True)
    assert (now.status, now.session_id) == (then, "s")
    assert fake.recordings.calls == [f"{action} rec-1"]


@pytest.mark.parametrize(("desired", "status", "action", "then"), ONE_CALL)
@pytest.mark.parametrize("answer", [None, "as before"])
def test_a_success_without_a_new_status_is_a_success(
    desired: DesiredState, status: str, action: str, then: str, answer: Any
) -> None:
    """An answer without a recording, or with the status from before, is not asked about again."""
    fake = FakePorts(send_action=[build_recording(status=status) if answer else None])
    assert (
        reconcile(build_recording(status=status), desired, fake.ports, is_fresh=True).status == then
    )
    assert fake.recordings.calls == [f"{action} rec-1"]


@pytest.mark.parametrize(("desired", "status"), NO_CALL)
def test_a_state_that_is_reached_already_costs_nothing(desired: DesiredState, status: str) -> None:
    """No call is made, and the very same recording is returned."""
    fake, known = FakePorts(), build_recording(status=status)
    assert reconcile(known, desired, fake.ports, is_fresh=True) is known
    assert fake.recordings.calls == []


def test_a_pause_waits_until_the_recording_has_left_invoked() -> None:
    """The row says for what."""
    invoked, running = build_recording(status="INVOKED"), build_recording()
    fake = FakePorts(get=[invoked, running], send_action=[build_recording(status="PAUSED")])
    assert reconcile(invoked, "PAUSED", fake.ports, is_fresh=True).status == "PAUSED"
    assert "rec-1 is INVOKED" in fake.reporter.waits[0]


def test_a_pause_that_waited_may_find_it_paused_already() -> None:
    """Somebody else was faster: success."""
    paused = build_recording(status="PAUSED")
    fake = FakePorts(get=[paused], send_action=[make_rejection()])
    assert (
        reconcile(build_recording(status="INVOKED"), "PAUSED", fake.ports, is_fresh=True) == paused
    )


def test_a_recording_that_only_the_state_calls_invoked_is_paused_at_once() -> None:
    """It will have begun since the last deployment, so the pause costs one call."""
    fake = FakePorts(send_action=[build_recording(status="PAUSED")])
    now = reconcile(build_recording(status="INVOKED"), "PAUSED", fake.ports, is_fresh=False)
    assert now.status == "PAUSED"
    assert fake.recordings.calls == ["pause rec-1"]


def test_a_pause_that_was_too_early_is_sent_again() -> None:
    """The API refused since the recording has not begun: the pause waits for that."""
    invoked = build_recording(status="INVOKED")
    fake = FakePorts(
        send_action=[make_rejection(), None], get=[invoked, invoked, build_recording()]
    )
    assert reconcile(invoked, "PAUSED", fake.ports, is_fresh=False).status == "PAUSED"
    assert fake.recordings.count("pause rec-1") == 2


def test_a_recording_that_begins_while_its_pause_is_refused_is_paused() -> None:
    """The refusal is true no longer: the question shows that, so the pause is sent again."""
    fake = FakePorts(send_action=[make_rejection("it is INVOKED"), None], get=[build_recording()])
    invoked = build_recording(status="INVOKED")
    assert reconcile(invoked, "PAUSED", fake.ports, is_fresh=False).status == "PAUSED"
    assert fake.recordings.calls == ["pause rec-1", "get rec-1", "pause rec-1"]


def test_a_start_that_is_not_listed_yet_is_waited_for() -> None:
    """A 404 a moment after the start is not the end of the recording."""
    fake = FakePorts(get=[make_not_found(), build_recording()], send_action=[None])
    now = reconcile(build_recording(status="INVOKED"), "PAUSED", fake.ports, is_fresh=True)
    assert now.status == "PAUSED"


def test_a_recording_that_does_not_begin_is_an_error_in_the_end() -> None:
    """Bounded, and it says that the recording runs."""
    invoked = build_recording(status="INVOKED")
    fake = FakePorts(get=[invoked])
    with pytest.raises(WaitTimeoutError, match="still INVOKED after 60 s"):
        reconcile(invoked, "PAUSED", fake.ports, is_fresh=True)
    assert fake.clock.now() - 1000 == pytest.approx(fake.ports.timing.running_after_start)


ODD = [make_rejection("not in a state"), make_not_found(), make_lost_response()]


@pytest.mark.parametrize("error", ODD)
@pytest.mark.parametrize(("desired", "status", "action", "then"), ONE_CALL)
def test_an_unclear_answer_is_followed_by_one_question(
    error: CallError, desired: DesiredState, status: str, action: str, then: str
) -> None:
    """What was to be done is done already: success."""
    fake = FakePorts(send_action=[error], get=[build_recording(status=then)])
    assert (
        reconcile(build_recording(status=status), desired, fake.ports, is_fresh=True).status == then
    )
    assert fake.recordings.calls == [f"{action} rec-1", "get rec-1"]
    assert fake.reporter.warnings == []


@pytest.mark.parametrize("error", ODD)
@pytest.mark.parametrize(("desired", "before"), [("PAUSED", "RECORDING"), ("RECORDING", "PAUSED")])
@pytest.mark.parametrize("became", ["UPLOADED", "ERRORED", "GONE"])
def test_a_recording_that_has_ended_is_no_error(
    error: CallError, desired: DesiredState, before: str, became: str
) -> None:
    """One sentence says so, the truth is recorded, and ``on_ended`` decides next time."""
    answer = make_not_found() if became == "GONE" else build_recording(status=became)
    fake = FakePorts(send_action=[error], get=[answer])
    assert (
        reconcile(build_recording(status=before), desired, fake.ports, is_fresh=True).status
        == became
    )
    [warning] = fake.reporter.warnings
    assert "rec-1" in warning
    assert "on_ended" in warning


@pytest.mark.parametrize("error", ODD)
@pytest.mark.parametrize("became", ["UPLOADING", "UPLOADED", "ERRORED", "GONE"])
def test_a_stop_is_idempotent(error: CallError, became: str) -> None:
    """404, already stopped, or a lost answer that a question clears up: all are success."""
    answer = make_not_found() if became == "GONE" else build_recording(status=became)
    fake = FakePorts(send_action=[error], get=[answer])
    assert stop_recording(build_recording(), fake.ports).status == became
    assert fake.reporter.warnings == []


@pytest.mark.parametrize(
    ("error", "kind"),
    [(make_rejection("locked"), RequestRejectedError), (make_lost_response(), OutcomeUnknownError)],
)
def test_a_recording_that_cannot_be_stopped_is_an_error(
    error: CallError, kind: type[CallError]
) -> None:
    """The API said no and means it: recording, status, and the API's own words."""
    fake = FakePorts(send_action=[error], get=[build_recording()])
    with pytest.raises(kind, match="rec-1 is RECORDING and could not be stopped") as raised:
        stop_recording(build_recording(), fake.ports)
    assert error.info.message in str(raised.value)


@pytest.mark.parametrize(
    "error",
    [
        make_call_error(TokenRejectedError, status=403),
        make_call_error(RateLimitedError, status=429),
        make_call_error(NotSentError),
    ],
)
def test_other_errors_are_passed_on(error: CallError) -> None:
    """Nothing was changed, and a question would fail as well."""
    fake = FakePorts(send_action=[error])
    with pytest.raises(type(error)):
        stop_recording(build_recording(), fake.ports)
    assert fake.recordings.calls == ["stop rec-1"]


def test_only_a_404_means_gone() -> None:
    """A question that fails leaves the answer open."""
    fake = FakePorts(send_action=[make_not_found()], get=[make_lost_response()])
    with pytest.raises(OutcomeUnknownError):
        stop_recording(build_recording(), fake.ports)


AGES = [
    ({"started_time": format_time(-2)}, 3.0),
    ({"started_time": None, "invoked_time": format_time(-4)}, 6.0),
    ({"started_time": None, "invoked_time": format_time(60)}, 10.0),
    ({"started_time": format_time(-1), "invoked_time": format_time(-30)}, 4.0),
    ({"started_time": format_time(0)}, 5.0),
    ({"started_time": format_time(60)}, 5.0),
]


@pytest.mark.parametrize(("times", "remaining"), AGES)
def test_a_stop_waits_until_the_minimum_length(times: dict[str, Any], remaining: float) -> None:
    """A shorter recording may be lost; a server's clock that runs ahead costs no more.

    One that is not known to have begun is given five more for that.
    """
    fake = FakePorts(send_action=[None])
    stop_recording(build_recording(**times), fake.ports)
    assert fake.clock.sleeps == [pytest.approx(remaining)]
    assert "5 s long before it is stopped" in fake.reporter.waits[0]


@pytest.mark.parametrize(
    "times",
    [
        {},
        {"started_time": format_time(-5)},
        {"started_time": "soon"},
        {"invoked_time": format_time(-10)},
    ],
)
def test_any_other_stop_waits_for_nothing(times: dict[str, Any]) -> None:
    """Old enough, or of unknown age."""
    fake = FakePorts(send_action=[None])
    stop_recording(build_recording(**times), fake.ports)
    assert fake.clock.sleeps == []


def test_a_stop_is_remembered_before_it_is_sent() -> None:
    """Even if its answer is lost, nobody in this deployment takes the recording over."""
    fake = FakePorts(send_action=[make_lost_response()], get=[make_lost_response()])
    with pytest.raises(OutcomeUnknownError):
        stop_recording(build_recording(), fake.ports)
    assert fake.registry.recordings.is_stopped("rec-1")


UPLOADS = [
    ([build_recording(status="UPLOADING"), build_recording(status="UPLOADED")], "UPLOADED"),
    ([build_recording(status="ERRORED")], "ERRORED"),
    ([make_not_found()], "GONE"),
    ([build_recording(status="UPLOADING")], None),
]


@pytest.mark.parametrize(("answers", "status"), UPLOADS)
def test_an_upload_is_waited_for(answers: list[Any], status: str | None) -> None:
    """Until it has ended, has failed, or the time is over."""
    fake = FakePorts(get=answers)
    finished = wait_for_upload(build_recording(), 30, fake.ports)
    assert (finished and finished.status) == status
    assert fake.clock.now() - 1000 <= 30


def test_an_upload_that_cannot_be_asked_about_is_an_error() -> None:
    """An error is not the end of an upload."""
    with pytest.raises(OutcomeUnknownError):
        wait_for_upload(build_recording(), 30, FakePorts(get=[make_lost_response()]).ports)
