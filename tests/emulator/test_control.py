"""The control API and its client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from realtimekit_emulator import Control, ControlError, EmulatorServer, Settings

if TYPE_CHECKING:
    from .conftest import Api

CANARY = "canary-secret"
STORAGE = {"type": "aws", "access_key": CANARY, "secret": CANARY, "bucket": "b", "region": "r"}
OUTPUTS = [{"type": "STORAGE_CONFIG", "storage_config": STORAGE}]


def test_people_come_and_go(control: Control) -> None:
    """A meeting is live from the first who joins."""
    meeting = control.create_meeting(title="standup")
    assert (meeting.session_id, meeting.participants) == (None, [])
    visits = [control.join(meeting.id, name) for name in ("anna", "ben")]
    live = control.meeting(meeting.id)
    assert live.session_id is not None
    assert live.participants == visits
    assert control.leave(meeting.id, visits[0]).participants == visits[1:]
    assert control.leave(meeting.id).participants == []
    assert [one.id for one in control.meetings()] == [meeting.id]


def test_a_session_outlives_its_people_for_a_while(frozen: Control) -> None:
    """An empty session ends after keep_alive_seconds, and the next one is another."""
    meeting = frozen.create_meeting(participants=1)
    frozen.leave(meeting.id)
    frozen.advance(59)
    assert frozen.meeting(meeting.id).session_id == meeting.session_id
    frozen.advance(2)
    assert frozen.meeting(meeting.id).session_id is None
    frozen.join(meeting.id)
    assert frozen.meeting(meeting.id).session_id != meeting.session_id
    assert [one.name for one in frozen.events(meeting.id)] == [
        "session_started", "joined", "left", "session_ended", "session_started", "joined",
    ]  # fmt: skip


def test_an_inactive_meeting_lets_nobody_in(api: Api, control: Control) -> None:
    """As the API says of INACTIVE meetings."""
    meeting = control.create_meeting()
    api.call("PATCH", f"meetings/{meeting.id}", json={"status": "INACTIVE"})
    with pytest.raises(ControlError, match="inactive"):
        control.join(meeting.id)


@pytest.mark.parametrize(
    "status", ["INVOKED", "RECORDING", "PAUSED", "UPLOADING", "UPLOADED", "ERRORED", "NAPPING"]
)
def test_a_recording_can_be_forced_into_any_state(api: Api, frozen: Control, status: str) -> None:
    """Known or not, and the API shows it."""
    frozen.set(minimum_seconds=5.0)
    recording_id = api.started(frozen.create_meeting(participants=1).id)
    assert frozen.force(recording_id, status).status == status
    assert api.shown(recording_id)["status"] == status


def test_a_forced_pause_is_like_one_from_the_dashboard(api: Api, frozen: Control) -> None:
    """It can be resumed through the API, and its time does not count."""
    recording_id = api.started(frozen.create_meeting(participants=1).id)
    frozen.advance(10.05)
    frozen.force(recording_id, "PAUSED")
    frozen.advance(50)
    assert api.act(recording_id, "resume").status_code == 200
    assert frozen.recording(recording_id).seconds == pytest.approx(10, abs=0.1)


def test_a_recording_in_an_unknown_state_is_still_active(api: Api, frozen: Control) -> None:
    """Nothing says that it has ended, so no second one is started."""
    meeting = frozen.create_meeting(participants=1)
    recording_id = api.started(meeting.id)
    frozen.force(recording_id, "NAPPING")
    assert api.start(meeting.id).status_code == 409
    assert api.act(recording_id, "stop").status_code == 200


def test_somebody_else_may_start_a_recording(api: Api, control: Control) -> None:
    """From the dashboard, with another caller and another reason."""
    meeting = control.create_meeting(participants=1)
    recording_id = control.start_recording(meeting.id, reason="RECORD_ON_START")
    reason = api.shown(recording_id)["start_reason"]
    assert (reason["reason"], reason["caller"]["type"]) == ("RECORD_ON_START", "USER")
    assert api.start(meeting.id).status_code == 409


def test_settings_change_while_it_runs(control: Control) -> None:
    """And a reset brings the first ones back."""
    control.set(upload_seconds=3, start_answer="nested")
    assert control.settings()["upload_seconds"] == 3
    control.reset()
    assert control.settings()["start_answer"] == "top"


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"colour": 1}, "has no 'colour'"),
        ({"upload_seconds": "3"}, "upload_seconds must be a float, not str"),
        ({"upload_seconds": True}, "upload_seconds must be a float, not bool"),
        ({"echo_secrets": 1}, "echo_secrets must be a bool, not int"),
        ({"start_answer": "sideways"}, "start_answer must be one of top, nested, none"),
        ({"api_budget": -1}, "api_budget must not be negative"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(
    control: Control, change: dict[str, object], text: str
) -> None:
    """And nothing is changed."""
    before = control.settings()
    with pytest.raises(ControlError, match=text):
        control.set(latency_seconds=1.0, **change)
    assert control.settings() == before


def test_latency_slows_every_answer(api: Api, control: Control) -> None:
    """In real seconds, so that it also works while time is frozen."""
    control.scale_time(0)
    control.set(latency_seconds=0.1)
    assert api.get("recordings").elapsed.total_seconds() > 0.1


def test_time_moves_only_forward(frozen: Control) -> None:
    """Frozen time stands still, jumps when told, and never goes back."""
    before = frozen.now()
    assert frozen.now() == before
    frozen.advance(10)
    assert frozen.now() == pytest.approx(before + 10)
    with pytest.raises(ControlError, match="cannot go back"):
        frozen.scale_time(-1)


def test_requests_are_listed_without_secrets(api: Api, control: Control) -> None:
    """Method, path, query, route and status; the secrets of the body are redacted."""
    api.started(control.create_meeting(participants=1).id, outputs=OUTPUTS)
    api.get("recordings", params={"status": "INVOKED"})
    start, listing = control.requests()
    assert (start.method, start.route, start.status) == ("POST", "start_track", 200)
    storage = start.body["layers"]["default"]["outputs"][0]["storage_config"]
    assert storage == {**STORAGE, "access_key": "[redacted]", "secret": "[redacted]"}
    assert (listing.query, listing.body) == ([("status", "INVOKED")], None)
    raw = requests.get(f"{api.emulator.origin}/_emulator/requests", timeout=5)
    assert CANARY not in raw.text
    assert api.emulator.token not in raw.text


def test_the_full_body_can_be_had_one_by_one(api: Api, control: Control) -> None:
    """It is kept in memory for those who must look at it, unless that is switched off."""
    meeting = control.create_meeting(participants=1)
    api.started(meeting.id, outputs=OUTPUTS)
    entry = control.requests("start_track")[0]
    assert CANARY.encode() in control.request_body(entry.number)
    with pytest.raises(ControlError):
        control.request_body(999)
    control.set(keep_bodies=False)
    api.start(meeting.id, outputs=OUTPUTS)
    assert control.request_body(control.requests()[-1].number) == b""


def test_requests_can_be_read_from_one_on(api: Api, control: Control) -> None:
    """By route, and after a number."""
    for path in ("recordings", "meetings", "recordings"):
        api.get(path)
    first = control.requests()[0]
    assert [one.route for one in control.requests(after=first.number)] == [
        "list_meetings",
        "list_recordings",
    ]
    assert len(control.requests("list_recordings")) == 2


def test_requests_over_one_connection_share_its_port(api: Api, control: Control) -> None:
    """A client that keeps its connection is seen to, and so is one that does not."""
    for session in (api.session, api.session, requests):
        session.get(f"{api.emulator.kit_url}/recordings", headers=api.emulator.headers, timeout=5)
    first, again, other = (one.port for one in control.requests())
    assert first == again != other


def test_a_body_that_is_not_json_is_not_shown(api: Api, control: Control) -> None:
    """It could hold anything."""
    api.call("POST", "recordings/track", data=f"secret={CANARY}")
    assert control.requests()[0].body == "[20 bytes that are not JSON]"


def test_requests_are_counted_a_route(api: Api, control: Control) -> None:
    """What leads nowhere is counted as unknown."""
    for path in ("recordings", "recordings", "nowhere"):
        api.get(path)
    counts = control.counts()
    assert (counts.of("list_recordings"), counts.of("unknown"), counts.total) == (2, 1, 3)


def test_the_state_of_a_recording_tells_its_story(api: Api, frozen: Control) -> None:
    """Times of each step, and the outputs without their secrets."""
    recording_id = api.started(frozen.create_meeting(participants=1).id, outputs=OUTPUTS)
    frozen.advance(10)
    api.act(recording_id, "stop")
    frozen.advance(1)
    state = frozen.recordings()[0]
    assert [event.name for event in state.events if event.time == state.stopped_time] == [
        "stopped",
        "uploading",
    ]
    assert state.uploaded_time == state.events[-1].time
    assert CANARY not in str(state)
    output = state.layers["default"]["outputs"][0]
    assert output["storage_config"] == {"type": "aws", "bucket": "b", "region": "r"}


def test_a_reset_forgets_everything(api: Api, control: Control) -> None:
    """Recordings, meetings, requests, faults and events."""
    api.started(control.create_meeting(participants=1).id)
    control.add_fault("slow")
    control.reset()
    assert not control.recordings()
    assert not control.meetings()
    assert not control.requests()
    assert not control.faults()
    assert not control.events()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "weather"),
        ("DELETE", "recordings"),
        ("GET", "meetings/unknown"),
        ("GET", "faults/9"),
    ],
)
def test_the_control_api_says_what_it_does_not_know(
    control: Control, method: str, path: str
) -> None:
    """As text, and as an exception of the client."""
    with pytest.raises(ControlError):
        control.send(method, path)


def test_the_control_api_needs_no_token_and_is_on_the_same_port(
    emulator: EmulatorServer,
) -> None:
    """Besides the port of its own that the client uses."""
    answer = requests.get(f"{emulator.origin}/_emulator/settings", timeout=5)
    assert answer.status_code == 200
    assert Control(emulator.origin).settings() == emulator.control.settings()


def test_two_emulators_share_nothing() -> None:
    """Each has its own port, state and settings."""
    with EmulatorServer() as one, EmulatorServer(Settings(), upload_seconds=7.0) as other:
        one.control.create_meeting()
        assert other.control.meetings() == []
        assert one.origin != other.origin
        assert other.control.settings()["upload_seconds"] == 7
        assert other.control.settings()["minimum_seconds"] == 5


def test_a_stopped_emulator_gives_its_port_back() -> None:
    """Another one may have it, even while somebody is still connected."""
    with EmulatorServer() as emulator:
        session = requests.Session()
        session.get(f"{emulator.kit_url}/recordings", headers=emulator.headers, timeout=5)
        port = int(emulator.origin.rsplit(":", 1)[1])
    with EmulatorServer(port=port) as again:
        assert again.origin == emulator.origin
    session.close()


def test_an_emulator_that_was_not_started_has_no_control() -> None:
    """The text says what is missing."""
    with pytest.raises(RuntimeError, match="not been started"):
        _ = EmulatorServer().control
