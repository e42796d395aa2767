"""Why a deployment will do what it plans, in words for the recording's row: pure, no calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from realtimekit_provider.api.models.status import NO_SESSION, Phase
from realtimekit_provider.deployment.meeting_registry import MeetingAnswer, MeetingKey
from realtimekit_provider.errors import AdoptionError
from realtimekit_provider.recordings.plan import Plan, Step, has_changed_credentials
from realtimekit_provider.recordings.stored import StoredRecording

__all__ = [
    "DOUBTFUL_KEY",
    "KEEPS_CREDENTIALS",
    "LOST_KEY",
    "Remark",
    "advise_on_lost_key",
    "explain_held_back",
    "explain_missing_meeting",
    "explain_plan",
    "explain_refused_adoption",
    "get_updated_paths",
]

KEEPS_CREDENTIALS = (
    "the changed credentials are stored: the recording that runs keeps those it was started "
    "with, the next one uses the new ones"
)
"""What a changed credential means to a live recording."""

LOST_KEY = (
    "the key that this recording was started with was deleted or lost its rights: its files "
    "cannot be uploaded. Replace it now, so that the rest of the meeting is recorded with the new "
    "key"
)
"""What a lost key means to a live recording."""

DOUBTFUL_KEY = (
    "the key that this recording was started with, or what it may do, was changed in its cloud. If "
    "it is gone, the recording's files cannot be uploaded; the deployment finds that out, and says "
    "how the rest of the meeting is recorded"
)
"""What a preview says of a live recording whose key a refresh found changed."""

_OUTSIDE = "outside of this stack"
_BRINGS_BACK = {
    Step.RESUME: f"resumes the recording of meeting {{meeting}}, which was paused {_OUTSIDE}",
    Step.PAUSE: f"pauses the recording of meeting {{meeting}}, which was resumed {_OUTSIDE}",
}

_NAMED_CAUSES = 3


@dataclass(frozen=True)
class Remark:
    """A line for the recording's row; a warning where a live recording ends."""

    text: str
    is_warning: bool = False


def explain_plan(
    plan: Plan,
    stored: StoredRecording,
    *,
    has_lost_key: bool = False,
    has_doubtful_key: bool = False,
    has_session: bool | None = None,
    is_changed_outside: bool = False,
    has_program: bool = True,
) -> Iterator[Remark]:
    """Yield what a reviewer does not see in the changed inputs.

    Args:
        plan: What the deployment will do.
        stored: The recording that it does it to.
        has_lost_key: Whether this deployment found the key lost that it was started with.
        has_doubtful_key: Whether a refresh found that key, or its rights, changed.
        has_session: Whether somebody is in its meeting; ``None`` where nobody asked.
        is_changed_outside: Whether this deployment's refresh found it paused or resumed.
        has_program: Whether a program is known to declare resources: a targeted destroy deletes
            what depends on its target, and runs none, so nothing else is started.
    """
    status, phase, meeting = stored.status, stored.phase, stored.inputs.meeting_id
    if is_changed_outside and plan.step in _BRINGS_BACK and not plan.replaces:
        yield Remark(_BRINGS_BACK[plan.step].format(meeting=meeting))
    if plan.replaces and phase.is_live:
        is_replaced = plan.is_starting_recording and has_program
        starts = " and starts another one" if is_replaced else ""
        yield Remark(
            f"ends the live recording of meeting {meeting}{starts}, because "
            f"{_list_causes(plan.replaces)}",
            is_warning=True,
        )
    elif "status" in plan.replaces and status == NO_SESSION:
        somebody = f"somebody is in meeting {meeting} now"
        nobody = f"nobody was in meeting {meeting}"
        yield Remark(f"tries again: {somebody if has_session else nobody}")
    elif plan.replaces and phase is Phase.ENDED and plan.is_starting_recording:
        is_unexpected = plan.replaces == ("status",)
        how = stored.describe_end() if is_unexpected else "ended"
        policy = ", and on_ended is 'restart'" if is_unexpected else ""
        text = f"starts another recording: the one of meeting {meeting} {how} ({status}){policy}"
        yield Remark(text)
    elif phase.is_live and has_lost_key:
        yield Remark(advise_on_lost_key(stored), is_warning=True)
    elif phase.is_live and has_changed_credentials(plan.updates):
        text = DOUBTFUL_KEY if has_doubtful_key else KEEPS_CREDENTIALS
        yield Remark(text, is_warning=has_doubtful_key)


def explain_held_back(stored: StoredRecording) -> Iterator[Remark]:
    """Yield what the engine does not say where it leaves out the change of a live recording."""
    if stored.phase.is_live:
        yield Remark(
            f"recording {stored.id} keeps running as it was started: the storage that it is to "
            "have from now on could not be deployed",
            is_warning=True,
        )


def explain_missing_meeting(
    meeting: MeetingKey, stored: StoredRecording, answer: MeetingAnswer
) -> Remark:
    """Return what a reviewer does not see where a live recording's new meeting is missing."""
    reason = (
        f"does not exist in app {meeting.app_id}"
        if answer is False
        else f"is in account {meeting.account_id}, where the token is rejected"
    )
    return Remark(
        f"meeting {meeting.meeting_id} {reason}: the live recording {stored.id} keeps running",
        is_warning=True,
    )


def explain_refused_adoption(stored: StoredRecording, error: AdoptionError) -> Remark:
    """Return what a reviewer does not see where no recording can replace a live one."""
    return Remark(f"{error}. The live recording {stored.id} keeps running", is_warning=True)


def advise_on_lost_key(stored: StoredRecording) -> str:
    """Return what a lost key means to a live recording, with the command that helps."""
    return f"{LOST_KEY}: pulumi up --replace '{stored.inputs.resource_urn}'"


def get_updated_paths(plan: Plan) -> tuple[str, ...]:
    """Return what is updated: inputs, and ``status`` where the recording is not as declared."""
    if plan.is_as_declared or "desired_state" in plan.updates:
        return plan.updates
    return (*plan.updates, "status")


def _list_causes(paths: tuple[str, ...]) -> str:
    named = ", ".join(paths[:_NAMED_CAUSES])
    more = len(paths) - _NAMED_CAUSES
    verb = "changes" if len(paths) == 1 else "change"
    return f"{named} and {more} more change" if more > 0 else f"{named} {verb}"
