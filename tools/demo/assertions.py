"""What the API saw of the demo, and whether that is the life of a recording as it should be."""

from datetime import datetime, timezone

from realtimekit_emulator import Control
from tools.demo.commands import DemoError
from tools.demo.transcript import Transcript

_LIFE = [
    "invoked",
    "started",
    "paused",
    "resumed",
    "stopped",
    "uploading",
    "layer_uploaded",
    "layer_uploaded",
    "uploaded",
]
_CALLS = {
    "active_recording": "is the meeting being recorded?",
    "start_track": "start a track recording",
    "act_on_recording": "{action} it",
    "get_recording": "what is its status?",
    "list_recordings": "is anything still being written?",
}


def show(control: Control, transcript: Transcript) -> None:
    """List the requests that the API received, and what happened to the recording."""
    transcript.headline("What the API saw")
    for request in control.requests():
        action = (request.body or {}).get("action", "")
        meaning = _CALLS.get(request.route, request.route).format(action=action)
        path = "…/recordings" + request.path.partition("/recordings")[2]
        call = f"{request.method:<4} {path}: {request.status}"
        transcript.output(f"{_clock(request.time)}  {meaning:<32} {call}")
    transcript.headline("What happened to the recording")
    for recording in control.recordings():
        for event in recording.events:
            transcript.output(f"{_clock(event.time)}  {event.name:<15} {event.detail}".rstrip())
        transcript.output(f"Recording {recording.id} is {recording.status}.")


def check(control: Control, meeting_id: str) -> None:
    """Raise DemoError unless there is one recording, which lived as it was told."""
    recordings = control.recordings(meeting_id)
    if len(recordings) != 1:
        raise DemoError(f"there are {len(recordings)} recordings of the meeting, not one")
    if recordings[0].event_names != _LIFE:
        lived = ", ".join(recordings[0].event_names)
        raise DemoError(f"the recording did not live as it was told: {lived}")


def _clock(moment: float) -> str:
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%H:%M:%S.%f")[:-3]
