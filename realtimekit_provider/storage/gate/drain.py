"""Waiting for the last upload, before the storage and its credential may be deleted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from realtimekit_provider.api.models.recording import UNKNOWN_STATUS, Recording
from realtimekit_provider.api.models.status import FINAL_STATUSES, GONE, get_phase
from realtimekit_provider.deployment.lost_files import may_lack_files, warn_of_lost_files
from realtimekit_provider.deployment.polling import poll_until
from realtimekit_provider.deployment.ports import Recordings
from realtimekit_provider.deployment.upload_targets import Target, is_same_target
from realtimekit_provider.errors import NotFoundError, SuccessorFailedError, WaitTimeoutError
from realtimekit_provider.schema.urn import parse_name
from realtimekit_provider.storage.gate.inputs import GateInputs
from realtimekit_provider.storage.gate.ports import GatePorts

__all__ = ["drain_uploads"]

_LONGEST_LIST = 5


def drain_uploads(target: Target, gate: GateInputs, ports: GatePorts) -> None:
    """Wait until no recording that writes to the gate's target is live or uploading.

    The deadline, ``upload_deadline``, begins with the first gate of a run that waits.

    Raises:
        SuccessorFailedError: A resource that writes there was to be changed, and could not be.
        WaitTimeoutError: One still is at the deadline.
        CallError: The API did not tell which recordings there are.
    """
    if held_back := ports.registry.recordings.list_held_back(target):
        raise SuccessorFailedError(_describe_held_back(held_back[0], target))
    started_at = ports.registry.storage.register_gate_wait(ports.clock.now())
    timeout = max(0.0, gate.upload_deadline - (ports.clock.now() - started_at))
    pending: list[Recording] = []
    finished: set[str] = set()

    def probe() -> bool | None:
        is_first = not pending
        pending[:] = _list_pending(target, finished, ports)
        live = [one for one in pending if _is_running(one, ports)]
        if is_first and live:
            ports.reporter.warning(_describe_live(live, target, timeout))
        return None if pending else True

    if poll_until(ports, "the last uploads have not ended yet", timeout, probe) is None:
        raise WaitTimeoutError(_describe_timeout(pending, target, gate.upload_deadline))


def _list_pending(target: Target, finished: set[str], ports: GatePorts) -> list[Recording]:
    """Return the recordings that still write to the target.

    They are those that the apps list, and those that this run is done with: these are asked for
    one by one until each has a final status, and is then added to ``finished``.
    """
    ours = ports.registry.recordings.find_writing_to(target)
    listed = [one for recordings in ports.recordings for one in recordings.list_unfinished()]
    pending = {one.id: one for one in listed if one.id in ours or _may_write_to(target, one, ports)}
    for recording_id in ours - pending.keys() - finished:
        found = _find_recording(recording_id, ports.recordings)
        if found is None or found.status in FINAL_STATUSES:
            finished.add(recording_id)
            ended = found or Recording(id=recording_id, status=GONE)
            if may_lack_files(ended.status):
                warn_of_lost_files(ended, ports, has_own_storage=True)
        else:
            pending[recording_id] = found
    return list(pending.values())


def _may_write_to(target: Target, recording: Recording, ports: GatePorts) -> bool:
    config = recording.storage_config
    reported = config.model_dump(exclude_none=True) if config is not None else {}
    if reported:
        return is_same_target(target, reported)
    # One that is listed without a status may be uploading.
    may_upload = recording.status in {"UPLOADING", UNKNOWN_STATUS}
    return may_upload and not ports.registry.recordings.is_stopped(recording.id)


def _find_recording(recording_id: str, apps: Iterable[Recordings]) -> Recording | None:
    for recordings in apps:
        try:
            return recordings.get(recording_id)
        except NotFoundError:
            continue
    return None


def _is_running(recording: Recording, ports: GatePorts) -> bool:
    """Whether it is live, and nothing that this run has done ends it."""
    is_live = get_phase(recording.status).is_live
    return is_live and not ports.registry.recordings.is_stopped(recording.id)


def _describe_live(live: Sequence[Recording], target: Target, timeout: float) -> str:
    return (
        f"{_describe_pending(live, target)}. Nothing in this deployment stops that, and the "
        f"credential is needed until then, so its deletion waits up to {timeout:.0f} s. If the "
        "storage only has another name now, interrupt the deployment, give the new one the old "
        "name by 'aliases', and deploy again; otherwise stop what still records"
    )


def _describe_timeout(pending: Sequence[Recording], target: Target, deadline: float) -> str:
    return (
        f"{_describe_pending(pending, target)}. Storage and credential are kept after "
        f"{deadline:.0f} s: stop what still records and deploy again, or raise upload_deadline"
    )


def _describe_held_back(user: str, target: Target) -> str:
    return (
        f"'{parse_name(user)}' still uses {_describe_target(target)}, since what was declared "
        "instead could not be deployed.\nStorage and credential are kept. Fix what failed, as its "
        "own row says, and deploy again"
    )


def _describe_target(target: Target) -> str:
    return f"{target['type']} {target.get('bucket') or target.get('host')}"


def _describe_pending(pending: Sequence[Recording], target: Target) -> str:
    number = len(pending)
    count = "1 recording still writes" if number == 1 else f"{number} recordings still write"
    listed = ", ".join(f"{one.id} ({one.status})" for one in pending[:_LONGEST_LIST])
    return f"{count} to {_describe_target(target)}: {listed}"
