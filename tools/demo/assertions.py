"""What the API received from the demo, and whether the recording had the expected events."""

from datetime import datetime, timezone

from realtimekit_emulator import Control
from tools.demo.commands import DemoError
from tools.demo.transcript import Transcript

_EXPECTED_EVENTS = [
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
_DESCRIPTIONS = {
    "active_recording": "is the meeting being recorded?",
    "start_track": "start a track recording",
    "act_on_recording": "{action} it",
    "get_recording": "what is its status?",
    "list_recordings": "is anything still being written?",
}
_LIST_OF_ALL = "which recordings are there?"


def show_requests(control: Control, transcript: Transcript) -> None:
    """List the requests that the API received, and what happened to the recording."""
    transcript.print_headline("What the API received")
    for request in control.requests():
        is_list_of_all = request.route == "list_recordings" and "status" not in dict(request.query)
        action = (request.body or {}).get("action", "")
        description = _DESCRIPTIONS.get(request.route, request.route).format(action=action)
        description = _LIST_OF_ALL if is_list_of_all else description
        path = "…/recordings" + request.path.partition("/recordings")[2]
        call = f"{request.method:<4} {path}: {request.status}"
        transcript.print_output(f"{_format_time(request.time)}  {description:<32} {call}")
    transcript.print_headline("What happened to the recording")
    for recording in control.recordings():
        for event in recording.events:
            transcript.print_output(
                f"{_format_time(event.time)}  {event.name:<15} {event.detail}".rstrip()
            )
        transcript.print_output(f"Recording {recording.id} is {recording.status}.")


def check_recording(control: Control, meeting_id: str) -> None:
    """Raise DemoError unless there is one recording, with the expected events."""
    recordings = control.recordings(meeting_id)
    if len(recordings) != 1:
        raise DemoError(f"there are {len(recordings)} recordings of the meeting, not one")
    if recordings[0].event_names != _EXPECTED_EVENTS:
        names = ", ".join(recordings[0].event_names)
        raise DemoError(f"the recording's events are not the expected ones: {names}")


def _format_time(moment: float) -> str:
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%H:%M:%S.%f")[:-3]
