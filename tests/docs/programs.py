"""Runs a Pulumi program without an engine, and holds what it declares against the checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pulumi.runtime import mocks

from realtimekit_provider.dynamic.codec import decode
from realtimekit_provider.lifecycle.facts import facts_without_recording
from realtimekit_provider.lifecycle.gate import gate_inputs, gate_problems
from realtimekit_provider.lifecycle.inputs import Defaults, completed, problems_in
from realtimekit_provider.lifecycle.places import place_inputs, place_problems
from realtimekit_provider.lifecycle.writers import writer_inputs, writer_problems
from tests.programs import Program, in_clear

__all__ = ["run"]

_OURS = "pulumi-python:dynamic/realtimekit:"
_Apps = list[dict[str, str]]
_CHECKS: Mapping[str, Callable[[dict[str, Any], _Apps], Iterable[object]]] = {
    "StoragePlace": lambda given, _: place_problems(place_inputs(given)),
    "StorageWriter": lambda given, apps: writer_problems(writer_inputs(given, {}, apps), {}),
    "StorageGate": lambda given, apps: gate_problems(gate_inputs(given, apps)),
}
_OUTPUTS_OF_A_STACK = {
    "bucket": "example-townhall",
    "writerKeyId": "AKIAEXAMPLE",
    "writerSecret": "made-up-secret",
}


class _Checked(Program):
    """Takes what a program declares; a ``TrackRecording`` has to pass its checks."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        kind = args.typ.removeprefix(_OURS)
        if kind in _CHECKS:
            return f"{args.name}-id", self._storage(kind, args.inputs)
        if kind != "TrackRecording":
            return args.name, {**args.inputs, "outputs": _OUTPUTS_OF_A_STACK}
        defaults = Defaults(
            account_id=self.config.get("realtimekit:accountId"),
            app_id=self.config.get("realtimekit:appId"),
        )
        inputs = completed(decode(in_clear(args.inputs)), {}, defaults)
        assert problems_in(inputs) == []
        self.registered[args.name] = inputs
        return f"{args.name}-id", {**args.inputs, **facts_without_recording("INVOKED")}

    def _storage(self, kind: str, given: dict[Any, Any]) -> dict[Any, Any]:
        """What a part of a storage's component becomes, if its checks find nothing wrong."""
        inputs = {key: value for key, value in in_clear(given).items() if key != "resource_urn"}
        made = {"access_key": "AKIAEXAMPLE", "secret": "made-up"} if kind == "StorageWriter" else {}
        account, app = self.config["realtimekit:accountId"], self.config["realtimekit:appId"]
        apps = [{"account_id": account, "app_id": app}]
        problems = list(_CHECKS[kind](decode(inputs), apps))
        assert problems == [], problems
        return {**given, **made}


def run(program: Callable[[], object], settings: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Run a program with a stack's config, and return the inputs of its recordings by name."""
    checked = _Checked(settings, tuple(key for key in settings if "Secret" in key))

    def declare() -> None:
        program()

    checked.run(declare)
    return checked.registered
