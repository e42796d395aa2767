"""Changing, refreshing and ending a recording that the state knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.api.models.status import (
    FINAL_STATUSES,
    DesiredState,
    apply_drift,
    get_phase,
)
from realtimekit_provider.constants import COMPUTED_OUTPUTS
from realtimekit_provider.deployment.ports import Ports
from realtimekit_provider.deployment.targets import list_targets
from realtimekit_provider.errors import NotFoundError, WaitTimeoutError
from realtimekit_provider.recordings.actions import reconcile, stop, wait_for_upload
from realtimekit_provider.recordings.create import is_placeholder
from realtimekit_provider.recordings.inputs import RecordingInputs
from realtimekit_provider.recordings.outputs import StorageApplied, outputs_from_recording
from realtimekit_provider.recordings.plan import changes_credentials, plan

__all__ = ["Refreshed", "delete_recording", "refresh_recording", "update_recording"]


def update_recording(
    recording_id: str, before: Mapping[str, Any], after: Mapping[str, Any], ports: Ports
) -> dict[str, Any]:
    """Lead a recording to what the inputs ``after`` want, and return the new facts.

    Costs one call where something is to be done, none where only policies or credentials
    changed: the API cannot change the credentials of a recording on its way, and stopping a
    meeting's recording for a rotated key would be the worst answer.

    Raises:
        CallError: The API refuses, or cannot be reached.
        WaitTimeoutError: It is to be paused and did not leave INVOKED in time.
    """
    inputs = RecordingInputs.model_validate(after)
    planned = plan(recording_id, before, after)
    is_live = get_phase(str(before.get("status"))).is_live
    if is_live and changes_credentials(planned.updates):
        ports.reporter.notice(
            "the changed credentials are taken note of: the recording that runs keeps those it "
            "was started with, the next one uses the new ones"
        )
    known = _known(recording_id, before)
    if is_placeholder(recording_id):
        return _facts(before)
    if inputs.desired_state == "STOPPED":
        _note_where_it_writes(recording_id, before, ports)
    now = reconcile(known, inputs.desired_state, ports, is_fresh=False)
    if now is known:
        return {**_facts(before), "warning": ""}
    if inputs.desired_state == "STOPPED" and inputs.wait_for_upload:
        now = _after_upload(now, inputs.wait_for_upload, ports)
    return outputs_from_recording(now, before=_facts(before), applied=_applied(before))


@dataclass(frozen=True)
class Refreshed:
    """What the world looks like: the facts, and the desired state that this amounts to."""

    facts: dict[str, Any]
    desired_state: str


def refresh_recording(
    recording_id: str, before: Mapping[str, Any], ports: Ports
) -> Refreshed | None:
    """Look at a recording as it is now; ``None`` where the API says that it does not exist.

    No error but 404 means "gone". One that is known to have ended for good, or was never
    started, is not asked for.
    """
    desired: DesiredState = before.get("desired_state", "RECORDING")
    if is_placeholder(recording_id) or before.get("status") in FINAL_STATUSES:
        return Refreshed(_facts(before), desired)

    def is_no_drift(found: Recording) -> bool:
        return apply_drift(desired, found.status) == desired

    try:
        now = ports.recordings.get_via_list(recording_id, is_no_drift)
    except NotFoundError:
        return None
    kept = _facts(before)
    facts = outputs_from_recording(
        now, before=kept, applied=_applied(before), warning=before.get("warning", "")
    )
    return Refreshed(facts, apply_drift(desired, now.status))


def delete_recording(recording_id: str, before: Mapping[str, Any], ports: Ports) -> None:
    """Stop a recording that is no longer declared; that it is stopped or gone is success.

    Raises:
        CallError: The API refuses although the recording is live, or cannot be reached.
        WaitTimeoutError: ``wait_for_upload`` is over and the files have not landed.
    """
    if is_placeholder(recording_id):
        return
    if before.get("status") in FINAL_STATUSES:
        ports.registry.recordings.register_stopped(recording_id)
        return
    if ports.registry.recordings.is_owned_by_another(recording_id, str(before.get("mark"))):
        ports.reporter.notice(
            f"recording {recording_id} goes on: another resource of this stack has taken it over"
        )
        return
    _note_where_it_writes(recording_id, before, ports)
    if before.get("on_delete") == "leave" and not ports.registry.recordings.is_replaced(
        recording_id
    ):
        ports.reporter.warning(
            f"recording {recording_id} is left as it is, because on_delete is 'leave': it is no "
            "longer known to this stack"
        )
        return
    ports.registry.recordings.register_stopped(recording_id)
    known = _known(recording_id, before)
    if get_phase(known.status).is_live:
        known = stop(known, ports)
    longest = float(before.get("wait_for_upload") or 0)
    if longest and known.status not in FINAL_STATUSES:
        landed = wait_for_upload(recording_id, longest, ports)
        if landed is None:
            raise WaitTimeoutError(
                f"recording {recording_id} is stopped, and its files have not landed within the "
                f"{longest:.0f} s of wait_for_upload. What it writes to is still in place: deploy "
                "again to go on, or raise wait_for_upload"
            )
        if landed == "ERRORED":
            ports.reporter.warning(f"recording {recording_id} ended ERRORED: its files may be lost")


def _after_upload(stopped: Recording, longest: float, ports: Ports) -> Recording:
    landed = wait_for_upload(stopped.id, longest, ports)
    if landed is None:
        ports.reporter.warning(
            f"recording {stopped.id} is stopped, and its files have not landed within the "
            f"{longest:.0f} s of wait_for_upload; a refresh will tell when they have"
        )
        return stopped
    return stopped.model_copy(update={"status": landed})


def _known(recording_id: str, before: Mapping[str, Any]) -> Recording:
    return Recording.model_validate({**_facts(before), "id": recording_id})


def _applied(before: Mapping[str, Any]) -> StorageApplied:
    return cast("StorageApplied", before.get("storage_applied", "unknown"))


def _facts(before: Mapping[str, Any]) -> dict[str, Any]:
    return {name: before[name] for name in COMPUTED_OUTPUTS if before.get(name) is not None}


def _note_where_it_writes(recording_id: str, before: Mapping[str, Any], ports: Ports) -> None:
    """Let the gates of this run wait for it, whichever app it belongs to."""
    app = (str(before.get("account_id")), str(before.get("app_id")))
    ports.registry.recordings.register_targets(
        recording_id, app, list_targets(before.get("layers"))
    )
