"""The gate between a credential and the recordings that are started with it.

It is_public when the very credential has been seen to write at the very path, and it closes, once
for all recordings, when the last of their files has landed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from realtimekit_provider.api.models.recording import UNKNOWN_STATUS, Recording
from realtimekit_provider.api.models.status import FINAL_STATUSES
from realtimekit_provider.api.models.storage_config import (
    CREDENTIAL_KEYS,
    TARGET_KEYS,
    StorageConfig,
)
from realtimekit_provider.constants import UPLOAD_DEADLINE
from realtimekit_provider.deployment.apps import App, apply_default_apps, validate_apps
from realtimekit_provider.deployment.polling import poll_until
from realtimekit_provider.deployment.ports import Clock, Recordings, Reporter
from realtimekit_provider.deployment.run_registry import RunRegistry
from realtimekit_provider.deployment.targets import extract_target, is_same_target
from realtimekit_provider.deployment.timing import Timing
from realtimekit_provider.errors import (
    NotFoundError,
    StorageCredentialError,
    StorageError,
    WaitTimeoutError,
)
from realtimekit_provider.schema.credentials import HostKey
from realtimekit_provider.schema.input_diff import InputDiff, diff_inputs
from realtimekit_provider.schema.input_failures import InputFailure, validate_model
from realtimekit_provider.schema.numbers import Seconds
from realtimekit_provider.schema.values import Flag, StrictModel, type_adapter

__all__ = [
    "GateInputs",
    "GatePorts",
    "apply_gate_defaults",
    "diff_gate",
    "drain_uploads",
    "storage_config_from",
    "validate_gate_inputs",
    "verify_write_access",
]


class GateInputs(StrictModel):
    """The inputs of a gate beside its ``storage_config``."""

    host_key: HostKey | None = None
    apps: Annotated[tuple[App, ...], Field(max_length=100)] = ()
    write_test: Flag = True
    upload_deadline: Seconds = UPLOAD_DEADLINE
    resource_urn: str = ""


@dataclass(frozen=True)
class GatePorts:
    """What a gate has at hand.

    Attributes:
        recordings: The recordings of each app that may write through the gate.
        prove: Writes with a ``storage_config`` and takes it back.
    """

    recordings: Sequence[Recordings]
    prove: Callable[[StorageConfig, str | None], None]
    reporter: Reporter
    clock: Clock
    registry: RunRegistry
    timing: Timing


def storage_config_from(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ``storage_config`` among a gate's inputs."""
    keys = (*TARGET_KEYS, *CREDENTIAL_KEYS)
    return {key: inputs[key] for key in keys if inputs.get(key) is not None}


def apply_gate_defaults(
    given: Mapping[str, Any], default_apps: list[dict[str, str]]
) -> dict[str, Any]:
    """Return the inputs with what the user may leave out; the apps are the stack's by default."""
    named = {key: value for key, value in given.items() if value is not None}
    return apply_default_apps(
        {"write_test": True, "upload_deadline": UPLOAD_DEADLINE, **named}, default_apps
    )


def validate_gate_inputs(inputs: Mapping[str, Any]) -> Iterator[InputFailure]:
    """Yield everything that is wrong with a gate's inputs, passing over what is unknown."""
    config = storage_config_from(inputs)
    yield from validate_model(StorageConfig, config)
    rest = {key: value for key, value in inputs.items() if key not in config}
    yield from validate_model(GateInputs, rest, not_offered={"resource_urn"})
    yield from validate_apps(inputs)
    if config.get("type") == "sftp" and inputs.get("write_test") and not inputs.get("host_key"):
        yield InputFailure("host_key", "is required for sftp: there is no insecure default")


def diff_gate(before: Mapping[str, Any], after: Mapping[str, Any]) -> InputDiff:
    """Return what changes: another target is another gate, another credential is not."""
    return diff_inputs(before, after, replace_on=TARGET_KEYS, ignored={"resource_urn"})


def verify_write_access(inputs: Mapping[str, Any], ports: GatePorts) -> None:
    """Prove that the credential writes at the path; a fresh key is given time to be known.

    Raises:
        StorageError: It does not, and why.
    """
    settings = GateInputs.model_validate(_settings(inputs))
    if not settings.write_test:
        return
    config = type_adapter(StorageConfig).validate_python(storage_config_from(inputs))
    refusals: list[StorageError] = []

    def proven() -> bool | None:
        try:
            ports.prove(config, settings.host_key)
        except StorageCredentialError as refusal:
            refusals.append(refusal)
            return None
        return True

    what = "the storage to know the credential"
    if poll_until(ports, what, ports.timing.key_propagation, proven) is None:
        raise refusals[-1]


def drain_uploads(inputs: Mapping[str, Any], ports: GatePorts) -> None:
    """Wait until no recording that writes here is active or uploading any more.

    Raises:
        WaitTimeoutError: One still is at the deadline, which all gates of a run share.
    """
    settings = GateInputs.model_validate(_settings(inputs))
    target = extract_target(inputs)
    began = ports.registry.storage.register_gate_wait(ports.clock.now())
    longest = max(0.0, settings.upload_deadline - (ports.clock.now() - began))
    pending: list[Recording] = []
    seen: set[str] = set()

    def landed() -> bool | None:
        pending[:] = _still_writing(target, seen, ports)
        return None if pending else True

    if poll_until(ports, "the last uploads to land", longest, landed) is None:
        listed = ", ".join(f"{one.id} ({one.status})" for one in pending[:5])
        raise WaitTimeoutError(
            f"{_counted(pending)} to {_place(target)}: {listed}. Storage and "
            f"credential stay in place after {settings.upload_deadline:.0f} s: end what still "
            "records, and deploy again to go on, or raise upload_deadline"
        )


def _still_writing(target: Mapping[str, Any], seen: set[str], ports: GatePorts) -> list[Recording]:
    """What the apps' lists show, and what this run is done with, until each has ended for good."""
    ours = ports.registry.recordings.find_writing_to(target)
    listed = [one for recordings in ports.recordings for one in recordings.list_unfinished()]
    writing = {one.id: one for one in listed if one.id in ours or _writes_to(target, one, ports)}
    for recording_id in ours - writing.keys() - seen:
        found = _looked_up(recording_id, ports.recordings)
        if found is None or found.status in FINAL_STATUSES:
            seen.add(recording_id)
            _tell_about_a_lost_file(found, ports.reporter)
        else:
            writing[recording_id] = found
    return list(writing.values())


def _writes_to(target: Mapping[str, Any], recording: Recording, ports: GatePorts) -> bool:
    reported = recording.storage_config
    said = reported.model_dump(exclude_none=True) if reported is not None else {}
    if said:
        return is_same_target(target, said)
    # Of one that is listed without a status it is open whether it uploads.
    may_upload = recording.status in {"UPLOADING", UNKNOWN_STATUS}
    return may_upload and not ports.registry.recordings.is_stopped(recording.id)


def _looked_up(recording_id: str, apps: Iterable[Recordings]) -> Recording | None:
    for recordings in apps:
        try:
            return recordings.get(recording_id)
        except NotFoundError:
            continue
    return None


def _tell_about_a_lost_file(recording: Recording | None, reporter: Reporter) -> None:
    if recording is not None and recording.status == "ERRORED":
        reporter.warning(f"recording {recording.id} ended ERRORED: its files may be missing")


def _settings(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: inputs[name] for name in GateInputs.model_fields if inputs.get(name) is not None}


def _counted(pending: Sequence[Recording]) -> str:
    number = len(pending)
    return "1 recording still writes" if number == 1 else f"{number} recordings still write"


def _place(target: Mapping[str, Any]) -> str:
    return f"{target['type']} {target.get('bucket') or target.get('host')}"
