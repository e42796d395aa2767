"""Runs a Pulumi program without an engine, and checks what it declares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pulumi.runtime import mocks

from realtimekit_provider.deployment.defaults import RecordingDefaults
from realtimekit_provider.engine.property_codec import decode
from realtimekit_provider.recordings.inputs import apply_defaults, validate_inputs
from realtimekit_provider.recordings.outputs import RecordingOutputs
from realtimekit_provider.storage.gate.inputs import apply_gate_defaults, validate_gate
from realtimekit_provider.storage.location.inputs import apply_location_defaults, validate_location
from realtimekit_provider.storage.writer.inputs import apply_writer_defaults, validate_writer
from tests.programs import Program, reveal_secrets

__all__ = ["run_program"]

_OURS = "pulumi-python:dynamic/realtimekit:"
_Apps = list[dict[str, str]]
_CHECKS: Mapping[str, Callable[[dict[str, Any], _Apps], Iterable[object]]] = {
    "StorageLocation": lambda given, _: validate_location(apply_location_defaults(given)),
    "StorageWriter": lambda given, apps: validate_writer(
        apply_writer_defaults(given, {}, apps), {}
    ),
    "StorageGate": lambda given, apps: validate_gate(apply_gate_defaults(given, apps)),
}
_OUTPUTS_OF_A_STACK = {
    "bucket": "example-townhall",
    "writerKeyId": "AKIAEXAMPLE",
    "writerSecret": "made-up-secret",
}


class _CheckingProgram(Program):
    """A mocked engine: every resource of ours has to pass its checks."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        kind = args.typ.removeprefix(_OURS)
        if kind in _CHECKS:
            return f"{args.name}-id", self._create_storage_outputs(kind, args.inputs)
        if kind != "TrackRecording":
            return args.name, {**args.inputs, "outputs": _OUTPUTS_OF_A_STACK}
        defaults = RecordingDefaults(
            account_id=self.config.get("realtimekit:accountId"),
            app_id=self.config.get("realtimekit:appId"),
        )
        inputs = apply_defaults(decode(reveal_secrets(args.inputs)), {}, defaults)
        assert validate_inputs(inputs) == []
        self.registered[args.name] = inputs
        return f"{args.name}-id", {**args.inputs, **RecordingOutputs("INVOKED").to_props()}

    def _create_storage_outputs(self, kind: str, given: dict[Any, Any]) -> dict[Any, Any]:
        """Check a part of a storage component, and return its outputs."""
        inputs = {
            key: value for key, value in reveal_secrets(given).items() if key != "resource_urn"
        }
        created = (
            {"access_key": "AKIAEXAMPLE", "secret": "made-up"} if kind == "StorageWriter" else {}
        )
        account, app = self.config["realtimekit:accountId"], self.config["realtimekit:appId"]
        apps = [{"account_id": account, "app_id": app}]
        failures = list(_CHECKS[kind](decode(inputs), apps))
        assert failures == [], failures
        return {**given, **created}


def run_program(
    program: Callable[[], object], settings: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """Run a program with a stack's config, and return the inputs of its recordings by name."""
    program_run = _CheckingProgram(settings, tuple(key for key in settings if "Secret" in key))

    def declare() -> None:
        program()

    program_run.run(declare)
    return program_run.registered
