"""The no-op provider: it has the inputs and outputs of a ``TrackRecording``, and makes no call.

What it costs is the engine's, the SDK's and the backend's. Check, diff and read are the SDK's own.
"""

from __future__ import annotations

import uuid
from typing import Any

from pulumi.dynamic import CreateResult, ResourceProvider, UpdateResult
from typing_extensions import override

from realtimekit_provider.engine.registration import ProviderResource

__all__ = ["COMPUTED_OUTPUTS", "NoopProvider", "NoopRecording"]

COMPUTED_OUTPUTS = {
    "status": "RECORDING",
    "session_id": "5ca1ab1e-0000-4000-8000-00000000a990",
    "output_file_name": "bench_recording_000_default_rk0123456789abcdef_1764000000000",
    "invoked_time": "2026-01-01T00:00:00.000Z",
    "started_time": "2026-01-01T00:00:00.000Z",
    "start_reason": "API_CALL",
    "storage_applied": "yes",
    "warning": "",
}


class NoopProvider(ResourceProvider):
    """Hands back what it is given."""

    serialize_as_secret_always = False

    @override
    def create(self, props: dict[str, Any]) -> CreateResult:
        return CreateResult(str(uuid.uuid4()), {**props, **COMPUTED_OUTPUTS})

    @override
    def update(self, _id: str, _olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        return UpdateResult({**news, **COMPUTED_OUTPUTS})


class NoopRecording(ProviderResource, module="benchmarks", name="Noop"):
    """A resource that is only stored, and registered as ours are."""

    def __init__(self, resource_name: str, inputs: dict[str, Any]) -> None:
        outputs = dict.fromkeys(COMPUTED_OUTPUTS)
        self._register(NoopProvider, resource_name, {**outputs, **inputs}, None)
