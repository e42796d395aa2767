"""Events outside the stack: people join and leave, the dashboard pauses, a proxy answers."""

from __future__ import annotations

from tests.scenarios.steps import EmulatedApi

__all__ = [
    "answer_as_proxy",
    "clear_faults",
    "delete_recording",
    "end_sessions",
    "end_sessions_and_upload",
    "fail_recording",
    "join_meeting",
    "pause_in_dashboard",
    "resume_in_dashboard",
    "start_composite_recording",
    "start_foreign_recording",
    "stop_in_dashboard",
    "wait_until_recording",
    "wait_until_uploaded",
]


def wait_until_recording(emulated_api: EmulatedApi) -> None:
    """Let the newest recording begin to record."""
    emulated_api.control.wait_for(emulated_api.newest_recording_id, "RECORDING")


def wait_until_uploaded(emulated_api: EmulatedApi) -> None:
    """Let the upload of the newest recording finish."""
    emulated_api.control.wait_for(emulated_api.newest_recording_id, "UPLOADED")


def pause_in_dashboard(emulated_api: EmulatedApi) -> None:
    wait_until_recording(emulated_api)
    emulated_api.control.force(emulated_api.newest_recording_id, "PAUSED")


def resume_in_dashboard(emulated_api: EmulatedApi) -> None:
    emulated_api.control.force(emulated_api.newest_recording_id, "RECORDING")


def stop_in_dashboard(emulated_api: EmulatedApi) -> None:
    wait_until_recording(emulated_api)
    emulated_api.control.force(emulated_api.newest_recording_id, "UPLOADING")
    wait_until_uploaded(emulated_api)


def fail_recording(emulated_api: EmulatedApi) -> None:
    """Let the newest recording fail, as the API does by an error of its own."""
    wait_until_recording(emulated_api)
    emulated_api.control.force(emulated_api.newest_recording_id, "ERRORED")


def end_sessions(emulated_api: EmulatedApi) -> None:
    """Let everybody leave both meetings, which stops their recordings."""
    for meeting in (emulated_api.meeting_id, emulated_api.other_meeting_id):
        if emulated_api.control.meeting(meeting).session_id is not None:
            emulated_api.control.end_session(meeting)


def end_sessions_and_upload(emulated_api: EmulatedApi) -> None:
    wait_until_recording(emulated_api)
    end_sessions(emulated_api)
    wait_until_uploaded(emulated_api)


def join_meeting(emulated_api: EmulatedApi) -> None:
    emulated_api.control.join(emulated_api.meeting_id)


def start_composite_recording(emulated_api: EmulatedApi) -> None:
    """Let the meeting start its own recording, of one mixed file in WebM."""
    emulated_api.foreign_id = emulated_api.control.start_recording(
        emulated_api.meeting_id, "RECORD_ON_START", type="COMPOSITE", file_format="webm"
    )
    wait_until_recording(emulated_api)


def start_foreign_recording(emulated_api: EmulatedApi) -> None:
    emulated_api.foreign_id = emulated_api.control.start_recording(emulated_api.meeting_id)
    wait_until_recording(emulated_api)


def delete_recording(emulated_api: EmulatedApi) -> None:
    """Stop the newest recording, and answer 404 for it."""
    emulated_api.control.force(emulated_api.newest_recording_id, "UPLOADED")
    emulated_api.control.add_fault("status", route="get_recording", status=404)


def answer_as_proxy(emulated_api: EmulatedApi) -> None:
    """Answer everything with a page and 404, as a proxy does that does not know the API."""
    emulated_api.control.add_fault("status", status=404, body="html")


def clear_faults(emulated_api: EmulatedApi) -> None:
    emulated_api.control.clear_faults()
