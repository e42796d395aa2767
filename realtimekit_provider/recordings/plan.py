"""What a deployment will do to a recording: pure decisions, no calls.

Two tables decide. :data:`EFFECTS` says of each *input* whether a change of it needs another
recording, or is only stored. :data:`STEPS` says which step leads from the *status* that the API
returned to the state that the user wants.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from realtimekit_provider.api.models.status import (
    NO_SESSION,
    NOT_STARTED,
    DesiredState,
    Phase,
    get_phase,
)
from realtimekit_provider.api.models.storage_config import CREDENTIAL_KEYS
from realtimekit_provider.errors import LiveReplacementError, RecordingEndedError, RecordingError
from realtimekit_provider.recordings.inputs import DeclaredInputs
from realtimekit_provider.recordings.stored import StoredRecording
from realtimekit_provider.schema.input_diff import find_changed_paths
from realtimekit_provider.schema.input_paths import format_path

__all__ = [
    "EFFECTS",
    "STEPS",
    "Effect",
    "Plan",
    "Step",
    "get_step",
    "has_changed_credentials",
    "is_waiting_for_session",
    "keep_recording",
    "keep_waiting",
    "make_plan",
    "needs_another_recording",
]


class Effect(Enum):
    """What a change of an input does."""

    REPLACE = auto()
    """Another recording is started; but for a credential of a layer's storage, which is stored."""

    UPDATE = auto()
    """The value is stored, and the step of :data:`STEPS` is done."""

    IGNORE = auto()
    """Nothing, or what is decided apart from this table."""


EFFECTS: Mapping[str, Effect] = {
    "account_id": Effect.REPLACE,
    "app_id": Effect.REPLACE,
    "meeting_id": Effect.REPLACE,
    "layers": Effect.REPLACE,
    "max_seconds": Effect.REPLACE,
    "user_ids": Effect.REPLACE,
    "desired_state": Effect.UPDATE,
    "on_no_session": Effect.UPDATE,
    "session_timeout": Effect.UPDATE,
    "on_ended": Effect.UPDATE,
    "on_conflict": Effect.UPDATE,
    "on_delete": Effect.UPDATE,
    "replace_live": Effect.UPDATE,
    "wait_for_recording": Effect.UPDATE,
    "wait_for_upload": Effect.UPDATE,
    "adopt_recording_id": Effect.IGNORE,
    "resource_urn": Effect.IGNORE,
    "mark": Effect.IGNORE,
}
"""The effect of each input of a ``TrackRecording`` when it changes."""


class Step(Enum):
    """What leads from a phase to a desired state."""

    NOTHING = auto()
    START = auto()
    START_THEN_PAUSE = auto()
    PAUSE = auto()
    WAIT_THEN_PAUSE = auto()
    RESUME = auto()
    STOP = auto()
    APPLY_ON_ENDED = auto()


STEPS: Mapping[DesiredState, Mapping[Phase, Step]] = {
    "RECORDING": {
        Phase.NONE: Step.START,
        Phase.INVOKED: Step.NOTHING,
        Phase.RECORDING: Step.NOTHING,
        Phase.PAUSED: Step.RESUME,
        Phase.ENDED: Step.APPLY_ON_ENDED,
    },
    "PAUSED": {
        Phase.NONE: Step.START_THEN_PAUSE,
        Phase.INVOKED: Step.WAIT_THEN_PAUSE,
        Phase.RECORDING: Step.PAUSE,
        Phase.PAUSED: Step.NOTHING,
        Phase.ENDED: Step.APPLY_ON_ENDED,
    },
    "STOPPED": {
        Phase.NONE: Step.NOTHING,
        Phase.INVOKED: Step.STOP,
        Phase.RECORDING: Step.STOP,
        Phase.PAUSED: Step.STOP,
        Phase.ENDED: Step.NOTHING,
    },
}
"""The step for each desired state and each phase that a recording can be in."""


@dataclass(frozen=True)
class Plan:
    """What a deployment will do.

    Attributes:
        step: What is done: to the recording that is there, or for the one that replaces it.
        replaces: The paths of the inputs (or ``status``) for which another recording is needed.
        updates: The paths of the inputs that are stored without another recording.
        refusal: Why the deployment must not be carried out, if a policy says so.
    """

    step: Step = Step.NOTHING
    replaces: tuple[str, ...] = ()
    updates: tuple[str, ...] = ()
    refusal: RecordingError | None = None

    @property
    def is_starting_recording(self) -> bool:
        """Whether another recording is started, and not only the old one ended."""
        return self.step in {Step.START, Step.START_THEN_PAUSE}

    @property
    def is_as_declared(self) -> bool:
        """Whether the recording that is there needs no step, and no policy objects to it."""
        return self.refusal is None and (bool(self.replaces) or self.step is Step.NOTHING)

    def raise_refusal(self) -> None:
        """Do nothing, unless a policy says that the plan must not be carried out.

        Raises:
            RecordingError: The plan's refusal.
        """
        if self.refusal is not None:
            raise self.refusal


def make_plan(stored: StoredRecording, declared: DeclaredInputs) -> Plan:
    """Return what leads from a recording as it is stored to the inputs as they are declared."""
    changes = [
        path
        for path in find_changed_paths(stored.inputs.values, declared.values)
        if _get_effect(path) is not Effect.IGNORE
    ]
    replacing = [path for path in changes if needs_another_recording(path)]
    updates = tuple(format_path(path) for path in changes if path not in replacing)
    replaces = (
        *map(format_path, replacing),
        *_find_other_reasons_to_replace(stored, declared),
    )
    if replaces:
        step = get_step(declared.desired_state, NOT_STARTED)
        return Plan(step, replaces, updates, _refuse_live_replacement(stored, declared, replaces))
    step = get_step(declared.desired_state, stored.status)
    if step is Step.APPLY_ON_ENDED:
        return Plan(updates=updates, refusal=_refuse_ended(stored, declared))
    return Plan(step, updates=updates)


def is_waiting_for_session(plan: Plan, stored: StoredRecording, declared: DeclaredInputs) -> bool:
    """Whether nothing is to be done unless somebody is in the meeting by now."""
    is_empty_room = stored.status == NO_SESSION and declared.on_no_session == "skip"
    return is_empty_room and plan.replaces == ("status",)


def keep_waiting(plan: Plan) -> Plan:
    """Return the plan for a meeting that nobody is in: only what changed around it is stored."""
    return Plan(updates=plan.updates)


def keep_recording(plan: Plan) -> Plan:
    """Return the plan for a live recording that none can replace: the update raises why."""
    return Plan(updates=(*plan.replaces, *plan.updates))


def get_step(desired: DesiredState | None, status: str) -> Step:
    """Look up :data:`STEPS`; a desired state that is unknown asks for nothing yet."""
    return STEPS[desired][get_phase(status)] if desired is not None else Step.NOTHING


def has_changed_credentials(updates: tuple[str, ...]) -> bool:
    """Whether one of the updated paths is a credential of a layer's storage."""
    return any(".storage_config." in path for path in updates)


def _get_effect(path: tuple[str | int, ...]) -> Effect:
    return EFFECTS.get(str(path[0]), Effect.IGNORE)


def needs_another_recording(path: tuple[str | int, ...]) -> bool:
    """Whether another recording is started where the input at this path changes."""
    is_credential = "storage_config" in path[:-1] and path[-1] in CREDENTIAL_KEYS
    return _get_effect(path) is Effect.REPLACE and not is_credential


def _find_other_reasons_to_replace(
    stored: StoredRecording, declared: DeclaredInputs
) -> Iterator[str]:
    wants_recording = declared.desired_state in {"RECORDING", "PAUSED"}
    wanted_none = stored.inputs.desired_state == "STOPPED"
    was_stopped = stored.phase is Phase.ENDED and wanted_none
    if wants_recording and (stored.phase is Phase.NONE or was_stopped):
        yield "desired_state" if wanted_none else "status"
    ended_by_itself = stored.phase is Phase.ENDED and not was_stopped
    if wants_recording and ended_by_itself and declared.on_ended == "restart":
        yield "status"
    adopted = declared.adopt_recording_id
    if adopted is not None and adopted not in {stored.inputs.adopt_recording_id, stored.id}:
        yield "adopt_recording_id"


def _refuse_live_replacement(
    stored: StoredRecording, declared: DeclaredInputs, replaces: tuple[str, ...]
) -> LiveReplacementError | None:
    if declared.replace_live != "refuse" or not stored.phase.is_live:
        return None
    return LiveReplacementError(
        f"a change of {', '.join(replaces)} would stop the live recording of meeting "
        f"{stored.inputs.meeting_id} ({stored.status}) and start another, and replace_live is "
        "'refuse'. Deploy again when the meeting is over, or first set desired_state to 'STOPPED' "
        "or replace_live to 'allow' in a deployment of its own"
    )


def _refuse_ended(stored: StoredRecording, declared: DeclaredInputs) -> RecordingEndedError | None:
    if declared.on_ended != "fail":
        return None
    return RecordingEndedError(
        f"recording {stored.id} {stored.describe_end()} ({stored.status}) while desired_state is "
        f"'{declared.desired_state}', and on_ended is 'fail'. Set desired_state to "
        "'STOPPED' to accept that, or on_ended to 'restart' to start another one"
    )
