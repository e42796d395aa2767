"""Example values that the tests share: every credential among them holds the word CANARY."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel

from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.api.models.storage_config import StorageConfig
from realtimekit_provider.deployment.defaults import RecordingDefaults
from realtimekit_provider.deployment.mark import compute_mark
from realtimekit_provider.recordings.inputs import (
    DeclaredInputs,
    RecordingInputs,
    apply_defaults,
)
from realtimekit_provider.recordings.outputs import outputs_from_recording
from realtimekit_provider.recordings.plan import Plan, make_plan
from realtimekit_provider.recordings.stored import StoredRecording

ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353"
APP = "2f1b5e7c-0d5c-4b7a-9d5e-1c7d3a1f0b42"
MEETING = "2e1f6c1a-7f3a-4f6c-9f0a-5a4d0c7b8e11"
TYPE = "pulumi-python:dynamic/realtimekit:TrackRecording"
URN = f"urn:pulumi:prod::realtimekit::{TYPE}::standup"
MARK = compute_mark("1d3a7c5e", URN)
FOREIGN_MARK = compute_mark("1d3a7c5e", URN.replace("standup", "retro"))

CANARY = "CANARY"
PRIVATE_KEY = (
    "-----BEGIN OPENSSH PRIVATE KEY-----\n"
    "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtz\n"
    "c2gtZWQyNTUxOQAAACDQ0HhJG3R/uqk+R1fVzJp1YsLIzC686P3leM7fo+nMnwAA\n"
    "AIjQuDFu0LgxbgAAAAtzc2gtZWQyNTUxOQAAACDQ0HhJG3R/uqk+R1fVzJp1YsLI\n"
    "zC686P3leM7fo+nMnwAAAEDECANARYCANARYCANARYCANARYCANARYCABaZ4pF68\n"
    "+NDQeEkbdH+6qT5HV9XMmnViwsjMLrzo/eV4zt+j6cyfAAAAAAECAwQF\n"
    "-----END OPENSSH PRIVATE KEY-----\n"
)
"""An Ed25519 key that opens no server."""

RSA_PRIVATE_KEY = (
    "-----BEGIN PRIVATE KEY-----\n"
    "MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBAOLwUgJC7V2zr/3J\n"
    "6ATB76npaz9XSoHlYdVPhp6y7YekscTRarDoUwt+M35ep8LCvHeLH1BC2Vs45o1z\n"
    "k73eekQao0ac24EqKXaDB9lTBsIABvYRfTuuFnuQuDIrBvGLyMdURAVzHaIWgPQJ\n"
    "r+jEuttg+oTOIyP+VZPI9KMRODopAgMBAAECgYAA7nWXtsicotktFIAUTOt76g5b\n"
    "ozMWF2fwZTQrQJbDAMUOBsIGWd3FZU42zZKotP3rC7IkNTIJMtGXcQsBM4GS9gJ7\n"
    "icF1etpE0UthjbTy0HNStAB5/J3irF3XpnItlqdP1K+xfSHgZvxzCI1upZkJbSqp\n"
    "oJ4VPxxY/EhCFVDyAQJBAPHxCANARYCANARYCANARYCANARYCANARYCANARYwiS+\n"
    "l7O8Y5v6ccEArYCb5IP+F/hKCiObPpc+Dd+wTPo/d+kCQQDwIB4EMlMoeQnPY9QV\n"
    "PtpVhaj/pqPgQIXDmBiGAtnpg4oJqq1tJ3A6CzOAEexut/tdLz9lVZY6v+CsIMbK\n"
    "z4hBAkAXcTFDj2CsmL9xhE4ScpHJZ6KioRz1o66YStO/cBIvmT/9rE1Cebu35abq\n"
    "BTDZES+lYRcmaA5ifSK+/8gVnzyxAkEAydGUqN5LOlcQwbgbxod/JiYitkwurApO\n"
    "4ufwpKG82SDvYdSL0pQ1JPPJIzjtSNllcRqG4/qdO1+Ny934dvkagQJATEuT3piz\n"
    "RHetTlYCs+2YdTBVr9QmuEqeHTUcNjBsXIvXfFUy4TJvwiNBT9OLfwVrLm4mea5e\n"
    "1mu0LgPrUTvIbQ==\n"
    "-----END PRIVATE KEY-----\n"
)
"""The key of a service account that does not exist."""

SERVICE_ACCOUNT = json.dumps(
    {
        "type": "service_account",
        "client_email": "writer@acme.iam.gserviceaccount.com",
        "private_key": RSA_PRIVATE_KEY,
    }
)
CONNECTION_STRING = (
    "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=CANARYa2V5LWF6dXJl/+wA==;"
    "EndpointSuffix=core.windows.net"
)

_STORAGE: dict[str, dict[str, Any]] = {
    "aws": {
        "type": "aws",
        "access_key": "CANARY-aws-id",
        "secret": "CANARY-aws-secret",
        "bucket": "acme-recordings",
        "region": "us-east-1",
        "path": "standup/",
    },
    "azure": {
        "type": "azure",
        "access_key": CONNECTION_STRING,
        "secret": "",
        "bucket": "recordings",
        "region": "",
        "path": "standup",
    },
    "digitalocean": {
        "type": "digitalocean",
        "access_key": "CANARY-spaces-id",
        "secret": "CANARY-spaces-secret",
        "bucket": "acme-recordings",
        "region": "SGP1",
        "path": "standup",
    },
    "gcs": {
        "type": "gcs",
        "secret": SERVICE_ACCOUNT,
        "bucket": "acme-recordings",
        "region": "us-east1",
        "path": "standup",
    },
    "sftp": {
        "type": "sftp",
        "host": "sftp.example.com",
        "port": 22,
        "username": "recorder",
        "path": "/upload",
        "auth_method": "KEY",
        "password": "CANARY-passphrase",
        "private_key": PRIVATE_KEY,
    },
}
MODELS: dict[str, type[BaseModel]] = {
    model.model_fields["type"].annotation.__args__[0]: model
    for model in get_args(get_args(StorageConfig)[0])
}
STORAGE: Mapping[str, Mapping[str, Any]] = {
    kind: _STORAGE[kind]
    if kind in _STORAGE
    else {**{name: _STORAGE["digitalocean"][name] for name in model.model_fields}, "type": kind}
    for kind, model in MODELS.items()
}
"""A complete ``storage_config`` of each type; one that is not written down is as Spaces is."""

SFTP_WITH_PASSWORD = {
    **{key: value for key, value in STORAGE["sftp"].items() if key != "private_key"},
    "auth_method": "PASSWORD",
    "password": "CANARY-password",
}


def build_layers(storage: Mapping[str, Any]) -> dict[str, Any]:
    """Return one layer, ``default``, that is written to ``storage``."""
    return {"default": {"outputs": [{"type": "STORAGE_CONFIG", "storage_config": dict(storage)}]}}


def build_declared_inputs(**changes: Any) -> dict[str, Any]:
    """Return inputs as a program declares them; ``None`` leaves one out."""
    inputs = {
        "meeting_id": MEETING,
        "layers": {"default": {}},
        "account_id": ACCOUNT,
        "app_id": APP,
        "resource_urn": URN,
        "mark": MARK,
        **changes,
    }
    return {name: value for name, value in inputs.items() if value is not None}


def build_inputs(**changes: Any) -> dict[str, Any]:
    """Return inputs with defaults applied, as the engine stores them."""
    return apply_defaults(build_declared_inputs(**changes), {}, RecordingDefaults())


def build_recording_inputs(**changes: Any) -> RecordingInputs:
    """Return inputs as an operation takes them."""
    return RecordingInputs.model_validate(build_inputs(**changes))


def build_recording(
    recording_id: str = "rec-1", status: str = "RECORDING", **fields: Any
) -> Recording:
    """Return a recording as the API describes it."""
    return Recording.model_validate({"id": recording_id, "status": status, **fields})


def build_state(status: str = "RECORDING", **changes: Any) -> dict[str, Any]:
    """Return what the engine stores of a recording with that status."""
    outputs = outputs_from_recording(build_recording(status=status), storage_applied="yes")
    return {**build_inputs(**changes), **outputs.to_props()}


def build_stored(
    status: str = "RECORDING", recording_id: str = "rec-1", **changes: Any
) -> StoredRecording:
    """Return a recording with that status as an operation takes it."""
    return StoredRecording.from_props(recording_id, build_state(status, **changes))


def plan_change(
    before: Mapping[str, Any], after: Mapping[str, Any], recording_id: str = "rec-1"
) -> Plan:
    """Return the plan that leads from a state to inputs."""
    stored = StoredRecording.from_props(recording_id, before)
    return make_plan(stored, DeclaredInputs.from_props(after))
