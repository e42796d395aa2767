"""Changing, refreshing and ending a recording that the state knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from realtimekit_provider.errors import NotFoundError, PendingError
from realtimekit_provider.lifecycle.act import align, stop, wait_for_upload
from realtimekit_provider.lifecycle.facts import FACTS, StorageApplied, facts_of
from realtimekit_provider.lifecycle.inputs import RecordingInputs
from realtimekit_provider.lifecycle.plan import plan, rotates_credentials
from realtimekit_provider.lifecycle.ports import Ports
from realtimekit_provider.lifecycle.start import is_placeholder
from realtimekit_provider.lifecycle.status import (
    FINAL,
    DesiredState,
    desired_after_drift,
    phase_of,
)
from realtimekit_provider.lifecycle.targets import targets_of_layers
from realtimekit_provider.wire.recording import Recording

__all__ = ["Refreshed", "change", "end", "refresh"]


def change(
    recording_id: str, before: Mapping[str, Any], after: Mapping[str, Any], ports: Ports
) -> dict[str, Any]:
    """Lead a recording to what the inputs ``after`` want, and return the new facts.

    Costs one call where something is to be done, none where only policies or credentials
    changed: the API cannot change the credentials of a recording on its way, and stopping a
    meeting's recording for a rotated key would be the worst answer.

    Raises:
        CallError: The API refuses, or cannot be reached.
        PendingError: It is to be paused and did not leave INVOKED in time.
    """
    inputs = RecordingInputs.model_validate(after)
    planned = plan(recording_id, before, after)
    is_live = phase_of(str(before.get("status"))).is_live
    if is_live and rotates_credentials(planned.updates):
        ports.reporter.notice(
            "the changed credentials are taken note of: the recording that runs keeps those it "
            "was started with, the next one uses the new ones"
        )
    known = _known(recording_id, before)
    if is_placeholder(recording_id):
        return _facts(before)
    if inputs.desired_state == "STOPPED":
        _note_where_it_writes(recording_id, before, ports)
    now = align(known, inputs.desired_state, ports, is_news=False)
    if now is known:
        return {**_facts(before), "warning": ""}
    if inputs.desired_state == "STOPPED" and inputs.wait_for_upload:
        now = _after_upload(now, inputs.wait_for_upload, ports)
    return facts_of(now, before=_facts(before), applied=_applied(before))


@dataclass(frozen=True)
class Refreshed:
    """What the world looks like: the facts, and the desired state that this amounts to."""

    facts: dict[str, Any]
    desired_state: str


def refresh(recording_id: str, before: Mapping[str, Any], ports: Ports) -> Refreshed | None:
    """Look at a recording as it is now; ``None`` where the API says that it does not exist.

    No error but 404 means "gone". One that is known to have ended for good, or was never
    started, is not asked for.
    """
    desired: DesiredState = before.get("desired_state", "RECORDING")
    if is_placeholder(recording_id) or before.get("status") in FINAL:
        return Refreshed(_facts(before), desired)

    def is_no_drift(found: Recording) -> bool:
        return desired_after_drift(desired, found.status) == desired

    try:
        now = ports.recordings.look_up(recording_id, is_no_drift)
    except NotFoundError:
        return None
    kept = _facts(before)
    facts = facts_of(now, before=kept, applied=_applied(before), warning=before.get("warning", ""))
    return Refreshed(facts, desired_after_drift(desired, now.status))


def end(recording_id: str, before: Mapping[str, Any], ports: Ports) -> None:
    """Stop a recording that is no longer declared; that it is stopped or gone is success.

    Raises:
        CallError: The API refuses although the recording is live, or cannot be reached.
        PendingError: ``wait_for_upload`` is over and the files have not landed.
    """
    if is_placeholder(recording_id):
        return
    if before.get("status") in FINAL:
        ports.memory.note_stopped(recording_id)
        return
    if ports.memory.belongs_to_another(recording_id, str(before.get("mark"))):
        ports.reporter.notice(
            f"recording {recording_id} goes on: another resource of this stack has taken it over"
        )
        return
    _note_where_it_writes(recording_id, before, ports)
    if before.get("on_delete") == "leave" and not ports.memory.is_replaced(recording_id):
        ports.reporter.warning(
            f"recording {recording_id} is left as it is, because on_delete is 'leave': it is no "
            "longer known to this stack"
        )
        return
    ports.memory.note_stopped(recording_id)
    known = _known(recording_id, before)
    if phase_of(known.status).is_live:
        known = stop(known, ports)
    longest = float(before.get("wait_for_upload") or 0)
    if longest and known.status not in FINAL:
        landed = wait_for_upload(recording_id, longest, ports)
        if landed is None:
            raise PendingError(
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
    return {name: before[name] for name in FACTS if before.get(name) is not None}


def _note_where_it_writes(recording_id: str, before: Mapping[str, Any], ports: Ports) -> None:
    """Let the gates of this run wait for it, whichever app it belongs to."""
    app = (str(before.get("account_id")), str(before.get("app_id")))
    ports.memory.note_targets(recording_id, app, targets_of_layers(before.get("layers")))
