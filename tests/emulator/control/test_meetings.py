"""The control API of meetings: people join and leave, sessions end."""

from __future__ import annotations

import pytest

from realtimekit_emulator import Control, ControlError
from tests.emulator.api_client import ApiClient


def test_people_join_and_leave(control: Control) -> None:
    """A session is live from the first who joins."""
    meeting = control.create_meeting(title="standup")
    assert (meeting.session_id, meeting.participants) == (None, [])
    visits = [control.join(meeting.id, name) for name in ("anna", "ben")]
    live = control.meeting(meeting.id)
    assert live.session_id is not None
    assert live.participants == visits
    assert control.leave(meeting.id, visits[0]).participants == visits[1:]
    assert control.leave(meeting.id).participants == []
    assert [one.id for one in control.meetings()] == [meeting.id]


def test_an_empty_session_ends_after_a_while(frozen: Control) -> None:
    """After keep_alive_seconds; who joins later starts a new one."""
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


def test_an_inactive_meeting_cannot_be_joined(api: ApiClient, control: Control) -> None:
    """As the API says of INACTIVE meetings."""
    meeting = control.create_meeting()
    api.send("PATCH", f"meetings/{meeting.id}", json={"status": "INACTIVE"})
    with pytest.raises(ControlError, match="inactive"):
        control.join(meeting.id)
