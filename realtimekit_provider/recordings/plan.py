"""What a deployment will do to a recording: pure decisions, no calls.

Two tables decide. :data:`EFFECTS` says of each *input* whether a change of it needs another
recording, or is only stored. :data:`STEPS` says which step leads from the *status* that the API
returned to the state that the user wants.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from realtimekit_provider.api.models.status import DesiredState, Phase, get_phase
from realtimekit_provider.api.models.storage_config import CREDENTIAL_KEYS
from realtimekit_provider.api.models.track_request import DEFAULT_OUTPUTS
from realtimekit_provider.errors import LiveReplacementError, RecordingEndedError, RecordingError
from realtimekit_provider.recordings.inputs import RecordingInputs
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
    "make_plan",
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


_DEFAULTS: Mapping[str, Any] = {
    name: field.default
    for name, field in RecordingInputs.model_fields.items()
    if not field.is_required() and field.default is not None
}


@dataclass(frozen=True)
class Plan:
    """What a deployment will do.

    Attributes:
        step: The step that the status asks for; nothing where the recording is replaced.
        replaces: The paths of the inputs (or ``status``) for which another recording is needed.
        updates: The paths of the inputs that are stored without another recording.
        refusal: Why the deployment must not be carried out, if a policy says so.
    """

    step: Step = Step.NOTHING
    replaces: tuple[str, ...] = ()
    updates: tuple[str, ...] = ()
    refusal: RecordingError | None = None

    @property
    def is_empty(self) -> bool:
        """Whether the deployment leaves the recording and its state as they are."""
        return self.step is Step.NOTHING and not (self.replaces or self.updates or self.refusal)

    def raise_refusal(self) -> None:
        """Do nothing, unless a policy says that the plan must not be carried out.

        Raises:
            RecordingError: The plan's refusal.
        """
        if self.refusal is not None:
            raise self.refusal


def make_plan(recording_id: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Plan:
    """Return what leads from the stored state ``before`` to the completed inputs ``after``.

    Args:
        recording_id: The recording that the state is about.
        before: The stored outputs: the inputs of the last deployment, and ``status``.
        after: The completed inputs as declared now; any part may be unknown.
    """
    status = str(before.get("status", ""))
    changes = list(find_changed_paths(_comparable_inputs(before), _comparable_inputs(after)))
    replacing = [path for path in changes if _needs_another_recording(path)]
    updates = tuple(format_path(path) for path in changes if path not in replacing)
    replaces = (
        *map(format_path, replacing),
        *_find_other_reasons_to_replace(recording_id, before, after),
    )
    if replaces:
        refusal = _refuse_live_replacement(status, after, replaces)
        return Plan(replaces=replaces, updates=updates, refusal=refusal)
    step = get_step(after.get("desired_state", "RECORDING"), status)
    if step is Step.APPLY_ON_ENDED:
        return Plan(updates=updates, refusal=_refuse_ended(recording_id, status, after))
    return Plan(step=step, updates=updates)


def get_step(desired: Any, status: str) -> Step:
    """Look up :data:`STEPS`; an unknown desired state asks for nothing yet."""
    row = STEPS.get(desired) if isinstance(desired, str) else None  # type: ignore[call-overload]
    return row[get_phase(status)] if row is not None else Step.NOTHING


def has_changed_credentials(updates: tuple[str, ...]) -> bool:
    """Whether one of the updated paths is a credential of a layer's storage."""
    return any(".storage_config." in path for path in updates)


def _comparable_inputs(values: Mapping[str, Any]) -> dict[str, Any]:
    # A default that is written out is no change: it is what was done already.
    given = {name: value for name, value in values.items() if value is not None}
    inputs = {
        name: value
        for name, value in {**_DEFAULTS, **given}.items()
        if EFFECTS.get(name, Effect.IGNORE) is not Effect.IGNORE
    }
    if isinstance(inputs.get("layers"), Mapping):
        inputs["layers"] = {
            name: _without_default_outputs(layer) for name, layer in inputs["layers"].items()
        }
    return inputs


def _without_default_outputs(layer: Any) -> Any:
    # A default that is written out is no change: what is sent is the same.
    if not isinstance(layer, Mapping) or layer.get("outputs") != list(DEFAULT_OUTPUTS):
        return layer
    return {name: value for name, value in layer.items() if name != "outputs"}


def _needs_another_recording(path: tuple[str | int, ...]) -> bool:
    is_credential = "storage_config" in path[:-1] and path[-1] in CREDENTIAL_KEYS
    return EFFECTS[str(path[0])] is Effect.REPLACE and not is_credential


def _find_other_reasons_to_replace(
    recording_id: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[str]:
    wants_recording = after.get("desired_state") in {"RECORDING", "PAUSED"}
    phase = get_phase(str(before.get("status", "")))
    wanted_none = before.get("desired_state") == "STOPPED"
    was_stopped = phase is Phase.ENDED and wanted_none
    if wants_recording and (phase is Phase.NONE or was_stopped):
        yield "desired_state" if wanted_none else "status"
    ended_by_itself = phase is Phase.ENDED and not was_stopped
    if wants_recording and ended_by_itself and after.get("on_ended", "keep") == "restart":
        yield "status"
    adopted = after.get("adopt_recording_id")
    if adopted is not None and adopted not in {before.get("adopt_recording_id"), recording_id}:
        yield "adopt_recording_id"


def _refuse_live_replacement(
    status: str, after: Mapping[str, Any], replaces: tuple[str, ...]
) -> LiveReplacementError | None:
    if after.get("replace_live", "allow") != "refuse" or not get_phase(status).is_live:
        return None
    return LiveReplacementError(
        f"a change of {', '.join(replaces)} would stop the live recording ({status}) and start "
        "another, and replace_live is 'refuse'. Deploy again when the meeting is over, or first "
        "set desired_state to 'STOPPED' or replace_live to 'allow' in a deployment of its own"
    )


def _refuse_ended(
    recording_id: str, status: str, after: Mapping[str, Any]
) -> RecordingEndedError | None:
    if after.get("on_ended", "keep") != "fail":
        return None
    return RecordingEndedError(
        f"recording {recording_id} ended by itself ({status}) while desired_state is "
        f"'{after.get('desired_state')}', and on_ended is 'fail'. Set desired_state to "
        "'STOPPED' to accept that, or on_ended to 'restart' to start another one"
    )
