"""What a deployment will do to a recording: pure decisions, no calls.

Two questions are answered here. Of the *inputs*: which changes need another recording, and
which are only taken note of. Of the *status*: which step leads from what the API said to
what the user wants.
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
from realtimekit_provider.schema.input_failures import format_path

__all__ = ["STEPS", "Plan", "Step", "changes_credentials", "next_step", "plan"]


class Step(Enum):
    """What leads from a phase to a desired state."""

    NOTHING = auto()
    START = auto()
    START_THEN_PAUSE = auto()
    PAUSE = auto()
    WAIT_THEN_PAUSE = auto()
    RESUME = auto()
    STOP = auto()
    AS_ON_ENDED_SAYS = auto()


STEPS: Mapping[DesiredState, Mapping[Phase, Step]] = {
    "RECORDING": {
        Phase.NONE: Step.START,
        Phase.INVOKED: Step.NOTHING,
        Phase.RECORDING: Step.NOTHING,
        Phase.PAUSED: Step.RESUME,
        Phase.ENDED: Step.AS_ON_ENDED_SAYS,
    },
    "PAUSED": {
        Phase.NONE: Step.START_THEN_PAUSE,
        Phase.INVOKED: Step.WAIT_THEN_PAUSE,
        Phase.RECORDING: Step.PAUSE,
        Phase.PAUSED: Step.NOTHING,
        Phase.ENDED: Step.AS_ON_ENDED_SAYS,
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

_REPLACED_BY_CHANGE_OF = frozenset(
    {"account_id", "app_id", "meeting_id", "layers", "max_seconds", "user_ids"}
)
_NEVER_A_CHANGE = frozenset({"resource_urn", "mark", "adopt_recording_id"})


@dataclass(frozen=True)
class Plan:
    """What a deployment will do.

    Attributes:
        step: The step that the status asks for; nothing where the recording is replaced.
        replaces: The paths of the inputs (or ``status``) for which another recording is needed.
        updates: The paths of the inputs that are taken note of without another recording.
        refusal: Why the deployment must not go on, if a policy says so.
    """

    step: Step = Step.NOTHING
    replaces: tuple[str, ...] = ()
    updates: tuple[str, ...] = ()
    refusal: RecordingError | None = None

    @property
    def is_empty(self) -> bool:
        """Whether the deployment leaves the recording and its state as they are."""
        return self.step is Step.NOTHING and not (self.replaces or self.updates or self.refusal)

    def accepted(self) -> Plan:
        """Return the plan itself, unless a policy says that it must not be carried out.

        Raises:
            RecordingError: The plan's refusal.
        """
        if self.refusal is not None:
            raise self.refusal
        return self


def plan(recording_id: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Plan:
    """Return what leads from the stored state ``before`` to the completed inputs ``after``.

    Args:
        recording_id: The recording that the state is about.
        before: The stored outputs: the inputs of then, and ``status``.
        after: The completed inputs of now; any part may be unknown.
    """
    status = str(before.get("status", ""))
    changes = list(find_changed_paths(_inputs_of(before), _inputs_of(after)))
    replaces = [path for path in changes if _needs_another_recording(path)]
    updates = tuple(format_path(path) for path in changes if path not in replaces)
    reasons = [*map(format_path, replaces), *_other_reasons(recording_id, before, after)]
    if reasons:
        return Plan(
            replaces=tuple(reasons), updates=updates, refusal=_refuse_live(status, after, reasons)
        )
    step = next_step(after.get("desired_state", "RECORDING"), status)
    if step is Step.AS_ON_ENDED_SAYS:
        return _as_on_ended_says(recording_id, status, after, updates)
    return Plan(step=step, updates=updates)


def next_step(desired: Any, status: str) -> Step:
    """Look up :data:`STEPS`; an unknown desired state asks for nothing yet."""
    row = STEPS.get(desired) if isinstance(desired, str) else None  # type: ignore[call-overload]
    return row[get_phase(status)] if row is not None else Step.NOTHING


def changes_credentials(updates: tuple[str, ...]) -> bool:
    """Whether one of the updated paths is a credential of a layer's storage."""
    return any(".storage_config." in path for path in updates)


def _inputs_of(values: Mapping[str, Any]) -> dict[str, Any]:
    inputs = {
        name: values[name]
        for name in RecordingInputs.model_fields
        if name not in _NEVER_A_CHANGE and values.get(name) is not None
    }
    if isinstance(inputs.get("layers"), Mapping):
        inputs["layers"] = {
            name: _without_default_outputs(layer) for name, layer in inputs["layers"].items()
        }
    return inputs


def _without_default_outputs(layer: Any) -> Any:
    """Make no difference of a default that is written out: what is sent is the same."""
    if not isinstance(layer, Mapping) or layer.get("outputs") != list(DEFAULT_OUTPUTS):
        return layer
    return {name: value for name, value in layer.items() if name != "outputs"}


def _needs_another_recording(path: tuple[str | int, ...]) -> bool:
    if path[0] not in _REPLACED_BY_CHANGE_OF:
        return False
    return not ("storage_config" in path[:-1] and path[-1] in CREDENTIAL_KEYS)


def _other_reasons(
    recording_id: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[str]:
    wants_one = after.get("desired_state") in {"RECORDING", "PAUSED"}
    phase = get_phase(str(before.get("status", "")))
    started_again = phase is Phase.ENDED and before.get("desired_state") == "STOPPED"
    if wants_one and (phase is Phase.NONE or started_again):
        yield "desired_state"
    ended_by_itself = phase is Phase.ENDED and not started_again
    if wants_one and ended_by_itself and after.get("on_ended", "keep") == "restart":
        yield "status"
    adopted = after.get("adopt_recording_id")
    if adopted is not None and adopted not in {before.get("adopt_recording_id"), recording_id}:
        yield "adopt_recording_id"


def _refuse_live(
    status: str, after: Mapping[str, Any], reasons: list[str]
) -> LiveReplacementError | None:
    if after.get("replace_live", "allow") != "refuse" or not get_phase(status).is_live:
        return None
    return LiveReplacementError(
        f"a change of {', '.join(reasons)} would stop the recording that is live ({status}) and "
        "start another, and replace_live is 'refuse'. Deploy again when the meeting is over, or "
        "set desired_state to 'STOPPED' or replace_live to 'allow' in a deployment before this one"
    )


def _as_on_ended_says(
    recording_id: str, status: str, after: Mapping[str, Any], updates: tuple[str, ...]
) -> Plan:
    if after.get("on_ended", "keep") != "fail":
        return Plan(updates=updates)
    return Plan(
        updates=updates,
        refusal=RecordingEndedError(
            f"recording {recording_id} ended by itself ({status}) while desired_state is "
            f"'{after.get('desired_state')}', and on_ended is 'fail'. Set desired_state to "
            "'STOPPED' to accept that, or on_ended to 'restart' to start another one"
        ),
    )
