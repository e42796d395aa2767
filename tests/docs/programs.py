"""Runs a Pulumi program without an engine, and holds what it declares against the checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pulumi.runtime
from pulumi.runtime import rpc

from realtimekit_provider.dynamic.codec import decode
from realtimekit_provider.lifecycle.facts import facts_without_recording
from realtimekit_provider.lifecycle.gate import gate_inputs, gate_problems
from realtimekit_provider.lifecycle.inputs import Defaults, completed, problems_in
from realtimekit_provider.lifecycle.places import place_inputs, place_problems
from realtimekit_provider.lifecycle.writers import writer_inputs, writer_problems

__all__ = ["run"]

_OURS = "pulumi-python:dynamic/realtimekit:"
_CHECKS: Mapping[str, Callable[[dict[str, Any]], Iterable[object]]] = {
    "StoragePlace": lambda given: place_problems(place_inputs(given)),
    "StorageWriter": lambda given: writer_problems(writer_inputs(given, {}), {}),
    "StorageGate": lambda given: gate_problems(gate_inputs(given, [])),
}
_OUTPUTS_OF_A_STACK = {
    "bucket": "example-townhall",
    "writerKeyId": "AKIAEXAMPLE",
    "writerSecret": "made-up-secret",
}


class _Engine(pulumi.runtime.Mocks):
    """Takes what a program declares; a ``TrackRecording`` has to pass its checks."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self.recordings: dict[str, dict[str, Any]] = {}
        self._defaults = Defaults(
            account_id=settings.get("realtimekit:accountId"),
            app_id=settings.get("realtimekit:appId"),
        )

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], None]:
        return {}, None

    def new_resource(
        self, args: pulumi.runtime.MockResourceArgs
    ) -> tuple[str | None, dict[str, Any]]:
        kind = args.typ.removeprefix(_OURS)
        if kind in _CHECKS:
            return f"{args.name}-id", self._storage(kind, args.inputs)
        if kind != "TrackRecording":
            return args.name, {**args.inputs, "outputs": _OUTPUTS_OF_A_STACK}
        inputs = completed(decode(_in_clear(args.inputs)), {}, self._defaults)
        assert problems_in(inputs) == []
        self.recordings[args.name] = inputs
        return f"{args.name}-id", {**args.inputs, **facts_without_recording("INVOKED")}

    def _storage(self, kind: str, given: dict[Any, Any]) -> dict[Any, Any]:
        """What a part of a storage's component becomes, if its checks find nothing wrong."""
        inputs = {key: value for key, value in _in_clear(given).items() if key != "resource_urn"}
        made = {"access_key": "AKIAEXAMPLE", "secret": "made-up"} if kind == "StorageWriter" else {}
        assert list(_CHECKS[kind](decode(inputs))) == []
        return {**given, **made}


def _in_clear(value: Any) -> Any:
    """Return what the engine would hand to a provider: secrets are no longer marked."""
    if rpc.is_rpc_secret(value):
        return _in_clear(rpc.unwrap_rpc_secret(value))
    if isinstance(value, Mapping):
        return {key: _in_clear(inner) for key, inner in value.items()}
    return [_in_clear(inner) for inner in value] if isinstance(value, list) else value


def run(program: Callable[[], object], settings: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Run a program with a stack's config, and return the inputs of its recordings by name."""
    engine = _Engine(settings)
    pulumi.runtime.set_mocks(engine, project="docs", stack="prod", preview=False)
    pulumi.runtime.set_all_config(dict(settings), [key for key in settings if "Secret" in key])

    def played() -> None:
        program()

    pulumi.runtime.test(played)()  # type: ignore[no-untyped-call]
    return engine.recordings
