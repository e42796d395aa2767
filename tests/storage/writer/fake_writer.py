"""What is declared of writers, and the ports of one, for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.storage.writer.generations import (
    create_writer,
    delete_writer,
    update_writer,
)
from realtimekit_provider.storage.writer.inputs import (
    StoredWriter,
    WriterInputs,
    apply_writer_defaults,
)
from realtimekit_provider.storage.writer.ports import WriterPorts
from tests.example_values import ACCOUNT, APP, MARK, URN
from tests.fakes import NOON, FakeReporter

WRITERS: Mapping[str, Mapping[str, Any]] = {
    "aws": {"type": "aws", "name": "archive", "bucket": "acme-recordings", "region": "eu-west-1"},
    "azure": {"type": "azure", "name": "archive", "container": "recordings", "account": "acme"},
    "gcs": {"type": "gcs", "name": "archive", "bucket": "acme-recordings", "project": "acme-prod"},
}
APPS = [{"account_id": ACCOUNT, "app_id": APP}]
IDENTITY = {"mark": MARK, "resource_urn": URN}


def declared(storage_type: str = "aws", **changed: Any) -> dict[str, Any]:
    """Return completed inputs."""
    return apply_writer_defaults({**WRITERS[storage_type], **IDENTITY, **changed}, {}, APPS)


def stored(generation: int = 1, **changed: Any) -> dict[str, Any]:
    """Return what state keeps of a writer with that generation of its key."""
    computed = {"previous_keys": {}, **credential(generation)}
    return {**declared(key_generation=generation), **computed, **changed}


def credential(generation: int) -> dict[str, str]:
    return {"access_key": f"CANARY-id-{generation}", "secret": f"CANARY-secret-{generation}"}


class FakeWriter:
    """The generations of one writer, and what was done to them, in order."""

    def __init__(
        self, unfinished: Sequence[Recording] | None = (), in_sync: Sequence[bool] = (True,)
    ) -> None:
        self.calls: list[str] = []
        self.listener = FakeReporter()
        self.lost_keys: list[Mapping[str, str]] = []
        self._unfinished = unfinished
        self._in_sync = list(in_sync)
        self.ports = WriterPorts(
            create=self._create,
            is_in_sync=self._is_in_sync,
            restore=lambda generation: self.calls.append(f"restore {generation}"),
            delete=lambda generation: self.calls.append(f"delete {generation}"),
            list_unfinished=self._list_unfinished,
            register_lost_key=self.lost_keys.append,
            now=self._now,
            reporter=self.listener,
        )

    def create(self, inputs: Mapping[str, Any]) -> dict[str, object]:
        """Create the writer, and return what state keeps beside its inputs."""
        return create_writer(WriterInputs.from_props(inputs).key_generation, self.ports).to_props()

    def update(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, object]:
        """Update the writer, and return what state keeps beside its inputs."""
        stored, declared_now = StoredWriter.from_props(before), WriterInputs.from_props(after)
        return update_writer(stored, declared_now, self.ports).to_props()

    def delete(self, before: Mapping[str, Any]) -> None:
        """Delete the writer."""
        delete_writer(StoredWriter.from_props(before), self.ports)

    def _create(self, generation: int) -> Mapping[str, str]:
        self.calls.append(f"create {generation}")
        return credential(generation)

    def _is_in_sync(self, generation: int, key: Mapping[str, str]) -> bool:
        assert key == credential(generation)
        return self._in_sync.pop(0) if len(self._in_sync) > 1 else self._in_sync[0]

    def _list_unfinished(self) -> Sequence[Recording] | None:
        self.calls.append("list")
        return self._unfinished

    def _now(self) -> datetime:
        self.calls.append("now")
        return NOON
