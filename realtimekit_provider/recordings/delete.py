"""Stopping a recording that is no longer declared."""

from __future__ import annotations

import json
from dataclasses import replace

from realtimekit_provider.api.models.recording import Recording, merge_recordings
from realtimekit_provider.api.models.status import FINAL_STATUSES, GONE, get_phase
from realtimekit_provider.deployment.ports import Ports
from realtimekit_provider.errors import NotFoundError, SuccessorFailedError, WaitTimeoutError
from realtimekit_provider.recordings.actions import (
    register_targets,
    require_files,
    stop_recording,
    wait_for_upload,
    warn_of_missing_files,
)
from realtimekit_provider.recordings.stored import StoredRecording
from realtimekit_provider.schema.urn import parse_name

__all__ = ["delete_recording"]


def delete_recording(stored: StoredRecording, ports: Ports) -> None:
    """Stop a recording that is no longer declared; that it is stopped or gone is success.

    Raises:
        SuccessorFailedError: Another resource is to record the meeting, and could not be created
            in this deployment: nothing would record it, or with ``on_delete: leave`` a recording
            that no state has.
        CallError: The API refuses although the recording is live, or cannot be reached.
        WaitTimeoutError: ``wait_for_upload`` is over and the files have not been uploaded.
        UploadFailedError: ``wait_for_upload`` is set and the files were lost. Where another
            recording is to be started, that is a warning: it would be lost as well.
    """
    inputs, registry = stored.inputs, ports.registry.recordings
    last = stored.last
    if last is not None:
        registry.register_last(inputs.resource_urn, last)
    if stored.is_placeholder:
        return
    if stored.status in FINAL_STATUSES:
        registry.register_stopped(stored.id)
        return
    if registry.is_owned_by_another(stored.id, inputs.mark):
        ports.reporter.notice(
            f"recording {stored.id} keeps running: another resource of this stack has taken it over"
        )
        return
    is_replaced = registry.is_replaced(stored.id)
    if not is_replaced:
        _require_successor(stored, ports)
    register_targets(stored, ports)
    if inputs.on_delete == "leave" and not is_replaced:
        ports.reporter.warning(
            f"recording {stored.id} is left as it is, because on_delete is 'leave': it is no "
            "longer known to this stack"
        )
        return
    registry.register_stopped(stored.id)
    recording = stored.recording
    if get_phase(recording.status).is_live:
        recording = stop_recording(recording, ports)
    if inputs.wait_for_upload and stored.status != GONE:
        recording = _wait_for_files(recording, stored, ports)
    if last is not None:
        merged = merge_recordings(last.recording, recording)
        registry.register_last(inputs.resource_urn, replace(last, recording=merged))
    warn_of_missing_files(recording, stored, ports)


def _require_successor(stored: StoredRecording, ports: Ports) -> None:
    """Under ``--continue-on-error`` the engine deletes also where a create failed.

    It does so too where it left that create out, since what the new recording depends on failed.
    """
    missing = ports.registry.meetings.list_missing(stored.inputs.meeting)
    if missing and _is_live(stored, ports):
        raise SuccessorFailedError(_describe_missing_successor(stored, missing[0]))


def _is_live(stored: StoredRecording, ports: Ports) -> bool:
    # The create that failed may have stopped it before, as its on_conflict says.
    try:
        return get_phase(ports.recordings.get(stored.id).status).is_live
    except NotFoundError:
        return False


def _describe_missing_successor(stored: StoredRecording, successor: str) -> str:
    old, new = parse_name(stored.inputs.resource_urn) or stored.id, parse_name(successor)
    quoted = json.dumps(old, ensure_ascii=False)
    sentence = (
        f"'{old}' was not stopped: '{new}', which is to record the same meeting, could not be "
        "created, so nothing would record it."
    )
    if stored.inputs.on_delete == "leave":
        sentence = (
            f"'{old}' was not taken out of the state: '{new}', which is to record the same "
            "meeting, could not be created, so no state would have the recording."
        )
    return (
        f"{sentence}\nRecording {stored.id} keeps running. If '{new}' is '{old}' under "
        f"another name, say so: 'aliases: [{quoted}]' in the stack's config, or "
        f"opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name={quoted})]) in a program. "
        f"Otherwise fix what the row of '{new}' or of its storage says, or take '{new}' out. Then "
        "deploy again"
    )


def _wait_for_files(stopped: Recording, stored: StoredRecording, ports: Ports) -> Recording:
    timeout = stored.inputs.wait_for_upload
    finished = wait_for_upload(stopped, timeout, ports)
    if finished is None:
        raise WaitTimeoutError(
            f"recording {stopped.id} is stopped, but its files have not been uploaded within "
            f"the {timeout:.0f} s of wait_for_upload. The storage that it writes to is still "
            "there: deploy again to continue, or raise wait_for_upload"
        )
    if ports.registry.recordings.find_wanted_meeting(stored.inputs.resource_urn) is None:
        require_files(finished, stored)
    return finished
