"""Everything outside the stack: two meetings, the people in them, and the cloud with its keys."""

from __future__ import annotations

from realtimekit_emulator import Control
from realtimekit_emulator.control.client_models import RecordingState
from tests.stateful.reference_model import ARCHIVE, LIVE
from tools.test_servers.moto_server import MotoServer

__all__ = ["Environment", "file_name_of"]


class Environment:
    """Two meetings with a participant each; meetings are given by their number, 0 or 1.

    The API allows a second recording of a meeting here: only the provider prevents it.

    Attributes:
        meetings: The ids of the two meetings.
        foreign: The recordings that no state holds: somebody else started them, or the stack
            left them running.
        keys: The access keys of the writer that the cloud is expected to know.
    """

    def __init__(self, control: Control, moto: MotoServer) -> None:
        self.control = control
        self.foreign: set[str] = set()
        self.keys: set[str] = set()
        self._moto = moto
        control.reset()
        control.set(second_start="accept", invoked_seconds=0.0, upload_seconds=0.0)
        self.meetings = [control.create_meeting(participants=1).id for _ in range(2)]

    # Events

    def join(self, meeting: int) -> None:
        """Let somebody join a meeting."""
        self.control.join(self.meetings[meeting])

    def end_session(self, meeting: int) -> None:
        """End the session of a meeting, which stops its recording."""
        if self.has_session(meeting):
            self.control.end_session(self.meetings[meeting])

    def leave_for_long(self, meeting: int) -> None:
        """Let everybody leave, for longer than the API keeps the recording of an empty meeting."""
        if self.has_session(meeting):
            self.control.leave(self.meetings[meeting])
            self.control.advance(61)

    def pause(self, meeting: int) -> None:
        """Pause the recording in the dashboard."""
        self._force(meeting, "PAUSED")

    def resume(self, meeting: int) -> None:
        """Resume the recording in the dashboard."""
        self._force(meeting, "RECORDING")

    def stop(self, meeting: int) -> None:
        """Stop the recording in the dashboard."""
        self._force(meeting, "UPLOADED")

    def fail(self, meeting: int) -> None:
        """Let the recording end with an error."""
        self._force(meeting, "ERRORED")

    def start_foreign_recording(self, meeting: int) -> None:
        """Let somebody else record a meeting that nobody records."""
        if not self.list_live(meeting) and self.has_session(meeting):
            self.foreign.add(self.control.start_recording(self.meetings[meeting]))

    def delete_recording(self, meeting: int) -> None:
        """Stop the recording, and answer 404 for it."""
        for one in self.list_live(meeting):
            self.control.force(one.id, "UPLOADED")
            path = f"*/recordings/{one.id}"
            self.control.add_fault("status", path=path, status=404)

    def delete_keys(self) -> None:
        """Delete the writer's keys in the cloud; recordings that run keep theirs."""
        iam = self._moto.client("iam")
        for key, user in self.find_writer_keys().items():
            iam.delete_access_key(UserName=user, AccessKeyId=key)
        self.keys.clear()

    def _force(self, meeting: int, status: str) -> None:
        for one in self.list_live(meeting):
            self.control.force(one.id, status)

    # Questions

    def recordings_by_id(self) -> dict[str, RecordingState]:
        """Return every recording of both meetings by its id."""
        return {one.id: one for one in self.control.recordings()}

    def live_ids(self) -> set[str]:
        """Return the ids of all live recordings."""
        return {one.id for one in self.control.recordings() if one.status in LIVE}

    def list_live(self, meeting: int) -> list[RecordingState]:
        """Return the live recordings of a meeting."""
        recordings = self.control.recordings(self.meetings[meeting])
        return [one for one in recordings if one.status in LIVE]

    def has_session(self, meeting: int) -> bool:
        """Whether a meeting has a live session."""
        return self.control.meeting(self.meetings[meeting]).session_id is not None

    def find_writer_keys(self) -> dict[str, str]:
        """Return the user of each key that the writer made and the cloud still knows."""
        iam = self._moto.client("iam")
        names = [one["UserName"] for one in iam.list_users()["Users"]]
        return {
            key["AccessKeyId"]: name
            for name in names
            if name.startswith(f"{ARCHIVE}-")
            for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]
        }


def file_name_of(recording: RecordingState) -> str:
    """Return the file names of all layers as one text."""
    return "+".join(str(layer.get("file_name_prefix")) for layer in recording.layers.values())
