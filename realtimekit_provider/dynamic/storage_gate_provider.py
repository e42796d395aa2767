"""The controller of ``StorageGate``.

The path of this module and the name of the class stand in users' state: neither ever changes.
"""

from __future__ import annotations

from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from realtimekit_provider.dynamic.codec import decode, encode
from realtimekit_provider.dynamic.kinds import prove
from realtimekit_provider.dynamic.speaking import Props, SpeakingProvider
from realtimekit_provider.lifecycle.gate import (
    GatePorts,
    close_gate,
    gate_changes,
    gate_inputs,
    gate_problems,
    open_gate,
)

__all__ = ["StorageGateProvider"]


class StorageGateProvider(SpeakingProvider):
    """Proves a credential before recordings use it, and waits for the last of their files."""

    def check(self, _olds: Props, news: Props) -> CheckResult:
        """Complete and validate the inputs; nothing is called."""
        inputs = gate_inputs(decode(news), self._run.default_apps())
        return self._checked(inputs, gate_problems(inputs))

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        """Tell the engine what the deployment would do; nothing is called."""
        found = gate_changes(decode(_olds), decode(_news))
        return DiffResult(
            changes=not found.is_empty, replaces=list(found.replaces), delete_before_replace=True
        )

    def create(self, props: Props) -> CreateResult:
        """Prove that the very credential writes at the very path."""
        inputs = decode(props)
        self._spoken(inputs, lambda: open_gate(inputs, self._ports(inputs, asks_apps=False)))
        where = inputs.get("bucket") or inputs.get("host")
        return CreateResult(f"{inputs['type']}:{where}", encode(inputs))

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        """Prove the new credential, before a recording takes note of it."""
        inputs = decode(_news)
        self._spoken(inputs, lambda: open_gate(inputs, self._ports(inputs, asks_apps=False)))
        return UpdateResult(encode(inputs))

    def read(self, id_: str, props: Props) -> ReadResult:
        """Return what is stored: there is nothing of a gate in the world."""
        return ReadResult(id_, encode(decode(props)))

    def delete(self, _id: str, _props: Props) -> None:
        """Wait, once for all recordings, until their last file has landed."""
        inputs = decode(_props)
        self._spoken(inputs, lambda: close_gate(inputs, self._ports(inputs, asks_apps=True)))

    def _ports(self, inputs: Props, *, asks_apps: bool) -> GatePorts:
        urn = inputs.get("resource_urn")
        apps = self._apps(inputs) if asks_apps else []
        return GatePorts(
            recordings=[self._run.recordings(*app, urn) for app in apps],
            prove=prove,
            reporter=self._run.voice(urn),
            clock=self._run.clock,
            memory=self._run.memory,
            bounds=self._run.settings.bounds,
        )

    def _apps(self, inputs: Props) -> list[tuple[str, str]]:
        """Return the gate's apps, and those of the recordings that this run is done with."""
        own = [(app["account_id"], app["app_id"]) for app in inputs.get("apps") or ()]
        return list(dict.fromkeys([*own, *self._run.memory.apps()]))
