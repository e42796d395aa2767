"""The controller of ``StorageWriter``."""

from __future__ import annotations

from datetime import datetime, timezone

from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.deployment.ports import Recordings
from realtimekit_provider.engine.controller_base import ControllerBase
from realtimekit_provider.engine.lazy_provider import Props
from realtimekit_provider.engine.property_codec import decode, encode
from realtimekit_provider.schema.input_diff import hold_back_if_failed
from realtimekit_provider.schema.input_failures import find_missing_target
from realtimekit_provider.schema.unknown import assume_deployed
from realtimekit_provider.storage.backends.extras import validate_extra
from realtimekit_provider.storage.backends.registry import get_writer_backend
from realtimekit_provider.storage.writer.generations import (
    create_writer,
    delete_writer,
    update_writer,
)
from realtimekit_provider.storage.writer.identities import (
    create_identity,
    delete_identity,
    is_identity_in_sync,
    restore_identity,
)
from realtimekit_provider.storage.writer.inputs import (
    WRITER_OUTPUTS,
    StoredWriter,
    WriterInputs,
    apply_writer_defaults,
    diff_writer,
    validate_writer,
)
from realtimekit_provider.storage.writer.ports import WriterPorts

__all__ = ["WriterController"]


class WriterController(ControllerBase):
    """Creates, rotates and deletes writers."""

    def check(self, _olds: Props, news: Props) -> CheckResult:
        """Apply the defaults and validate the inputs; no cloud is called."""
        previous = decode(_olds)
        inputs = apply_writer_defaults(decode(news), previous, self._deployment.get_default_apps())
        failures = [
            *find_missing_target(inputs),
            *validate_writer(assume_deployed(inputs), previous),
            *self._find_mark_failures(inputs),
            *validate_extra(inputs.get("type")),
        ]
        return self._make_check_result(inputs, failures)

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        """Tell the engine what the deployment would change; no cloud is called."""
        before, after = decode(_olds), decode(_news)
        found = hold_back_if_failed(diff_writer(before, after), after)
        if before.get("in_sync") is False:
            credential = StoredWriter.from_props(before).keys.credential
            self._deployment.registry.storage.register_doubtful_key(credential)
        return self._make_diff_result(
            before,
            after,
            replaces=found.replaces,
            updates=found.updates,
            computed={"previous_keys"},
        )

    def create(self, props: Props) -> CreateResult:
        """Create the writer with the first generation of its key."""
        inputs = decode(props)
        declared = WriterInputs.from_props(inputs)
        ports = self._ports(inputs, declared)
        keys = self._reporting_errors(inputs, lambda: create_writer(declared.key_generation, ports))
        id_ = f"{declared.writer.name}-{declared.writer.mark}"
        return CreateResult(id_, encode({**inputs, **keys.to_props()}))

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        """Rotate the key, restore the writer's rights, delete keys that nothing needs any more."""
        before, after = decode(_olds), decode(_news)
        stored, declared = StoredWriter.from_props(before), WriterInputs.from_props(after)
        ports = self._ports(after, declared)
        keys = self._reporting_errors(after, lambda: update_writer(stored, declared, ports))
        return UpdateResult(encode({**after, **keys.to_props()}))

    def read(self, id_: str, props: Props) -> ReadResult:
        """Read whether the writer is as it was created; ``in_sync`` is false where it is not."""
        before = decode(props)
        declared, keys = StoredWriter.from_props(before)
        ports = self._ports(before, declared)
        in_sync = self._reporting_errors(
            before, lambda: ports.is_in_sync(declared.key_generation, keys.credential)
        )
        outputs = {**before, "in_sync": in_sync}
        inputs = {key: value for key, value in outputs.items() if key not in WRITER_OUTPUTS}
        return ReadResult(id_, encode(outputs), encode(inputs))

    def delete(self, _id: str, _props: Props) -> None:
        """Delete the writer with all generations of its key."""
        before = decode(_props)
        stored = StoredWriter.from_props(before)
        ports = self._ports(before, stored.inputs)
        self._reporting_delete_errors(before, lambda: delete_writer(stored, ports))

    def _ports(self, inputs: Props, declared: WriterInputs) -> WriterPorts:
        writer = declared.writer
        backend = get_writer_backend(writer.type)
        return WriterPorts(
            create=lambda generation: create_identity(backend, writer, generation),
            is_in_sync=lambda generation, key: is_identity_in_sync(
                backend, writer, generation, key
            ),
            restore=lambda generation: restore_identity(backend, writer, generation),
            delete=lambda generation: delete_identity(backend, writer, generation),
            list_unfinished=lambda: self._list_unfinished(inputs),
            register_lost_key=self._deployment.registry.storage.register_lost_key,
            now=lambda: self._now(inputs),
            reporter=self._deployment.get_log(inputs.get("resource_urn")),
        )

    def _list_unfinished(self, inputs: Props) -> list[Recording] | None:
        apps = self._apps(inputs)
        if not apps:
            return None
        return [recording for recordings in apps for recording in recordings.list_unfinished()]

    def _now(self, inputs: Props) -> datetime:
        apps = self._apps(inputs)
        return apps[0].get_server_time() if apps else datetime.now(timezone.utc)

    def _apps(self, inputs: Props) -> list[Recordings]:
        """Return the recordings of each app that may write; none without a token."""
        if self._deployment.settings.token is None:
            return []
        urn = inputs.get("resource_urn")
        return [
            self._deployment.create_client(app["account_id"], app["app_id"], urn)
            for app in inputs.get("apps") or ()
        ]
