"""The controller of ``StorageGate``."""

from __future__ import annotations

from functools import partial

from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from realtimekit_provider.deployment.upload_targets import extract_target
from realtimekit_provider.engine.controller_base import ControllerBase
from realtimekit_provider.engine.lazy_provider import Props
from realtimekit_provider.engine.property_codec import decode, encode
from realtimekit_provider.schema.input_diff import hold_back_if_failed
from realtimekit_provider.schema.input_failures import find_missing_target
from realtimekit_provider.schema.unknown import assume_deployed, contains_failed
from realtimekit_provider.storage.backends.extras import validate_extra
from realtimekit_provider.storage.backends.registry import check_write_access
from realtimekit_provider.storage.gate.drain import drain_uploads
from realtimekit_provider.storage.gate.inputs import (
    GateInputs,
    apply_gate_defaults,
    diff_gate,
    is_credential_rotation,
    parse_storage_config,
    validate_gate,
)
from realtimekit_provider.storage.gate.ports import GatePorts
from realtimekit_provider.storage.gate.verify import verify_write_access

__all__ = ["GateController"]


class GateController(ControllerBase):
    """Checks a credential before recordings use it, and waits for the last of their files."""

    def check(self, _olds: Props, news: Props) -> CheckResult:
        """Apply the defaults and validate the inputs; nothing is called."""
        inputs = apply_gate_defaults(decode(news), self._deployment.get_default_apps())
        failures = [*find_missing_target(inputs), *validate_gate(assume_deployed(inputs))]
        if inputs.get("write_test") is True:
            failures += validate_extra(inputs.get("type"))
        return self._make_check_result(inputs, failures)

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        """Tell the engine what the deployment would change; nothing is called."""
        before, after = decode(_olds), decode(_news)
        found = hold_back_if_failed(diff_gate(before, after), after)
        is_updated = self._is_declared(after) and not contains_failed(after)
        if is_updated and is_credential_rotation(after, found):
            self._deployment.get_log(after["resource_urn"]).notice(
                "checks the changed credential by writing a file with it"
            )
        return self._make_diff_result(before, after, replaces=found.replaces, updates=found.updates)

    def create(self, props: Props) -> CreateResult:
        """Check that the very credential writes at the very path."""
        inputs = decode(props)
        self._verify(inputs)
        name = inputs.get("bucket") or inputs.get("host")
        return CreateResult(f"{inputs['type']}:{name}", encode(inputs))

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        """Check the new credential, before a recording stores it."""
        inputs = decode(_news)
        self._verify(inputs)
        return UpdateResult(encode(inputs))

    def read(self, id_: str, props: Props) -> ReadResult:
        """Return what is stored: a gate exists in the state alone."""
        return ReadResult(id_, encode(decode(props)))

    def delete(self, _id: str, _props: Props) -> None:
        """Wait, once for all recordings, until their last file is uploaded."""
        inputs = decode(_props)
        target, gate = extract_target(inputs), GateInputs.from_props(inputs)
        self._reporting_delete_errors(
            inputs, lambda: drain_uploads(target, gate, self._ports(inputs, with_apps=True))
        )

    def _verify(self, inputs: Props) -> None:
        config, gate = parse_storage_config(inputs), GateInputs.from_props(inputs)
        self._reporting_errors(
            inputs, lambda: verify_write_access(config, gate, self._ports(inputs, with_apps=False))
        )

    def _ports(self, inputs: Props, *, with_apps: bool) -> GatePorts:
        urn = inputs.get("resource_urn")
        apps = self._apps(inputs) if with_apps else []
        return GatePorts(
            recordings=[self._deployment.create_client(*app, urn) for app in apps],
            check_write_access=partial(check_write_access, endpoint=inputs.get("endpoint")),
            reporter=self._deployment.get_log(urn),
            clock=self._deployment.clock,
            registry=self._deployment.registry,
            timing=self._deployment.settings.timing,
        )

    def _apps(self, inputs: Props) -> list[tuple[str, str]]:
        """Return the gate's apps, and those of the recordings that this run is done with."""
        own = [(app["account_id"], app["app_id"]) for app in inputs.get("apps") or ()]
        return list(dict.fromkeys([*own, *self._deployment.registry.recordings.list_apps()]))
