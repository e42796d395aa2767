"""The provider process, driven over gRPC as the engine drives it."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from realtimekit_provider.providers import TrackRecordingProvider
from tests.provider_process.fork_server.client import LIBRARIES, ForkServer
from tests.provider_process.import_spy import Spy

__all__ = ["Diff", "OperationError", "ProviderProcess", "State", "running_provider"]

_PROVIDER = "__provider"
_TIMEOUT = 60
_PICKLED = serialize_provider(TrackRecordingProvider())
_SPY = serialize_provider(Spy())


class OperationError(Exception):
    """An operation of the provider failed; the text is what the engine would print."""


@dataclass(frozen=True)
class State:
    """What the engine stores of a resource."""

    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]


@dataclass(frozen=True)
class Diff:
    """The provider's answer to what a change would do."""

    changes: bool
    replaces: list[str]
    delete_before_replace: bool

    @property
    def plan(self) -> str:
        """The operation that a preview shows."""
        if self.replaces:
            return "replace"
        return "update" if self.changes else "same"


class ProviderProcess:
    """A running ``python -m pulumi.dynamic`` that was configured with a stack's config.

    ``module`` is run in its place; it must do the same in the end. ``packages`` are loaded when it
    starts.
    """

    def __init__(
        self,
        config: Mapping[str, str],
        environment: Mapping[str, str],
        engine_address: str,
        module: str = "pulumi.dynamic",
        packages: Sequence[str] = LIBRARIES,
    ) -> None:
        self._pickled = _PICKLED
        self._server = ForkServer.get(packages)
        read_end, write_end = os.pipe()
        with os.fdopen(read_end) as output:
            environment = {"PATH": os.environ["PATH"], **environment}
            self._process_id = self._server.start(module, [engine_address], environment, write_end)
            os.close(write_end)
            port = int(output.readline())
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self._stub = provider_pb2_grpc.ResourceProviderStub(self._channel)
        self._stub.Configure(
            provider_pb2.ConfigureRequest(args=_to_struct(config)), timeout=_TIMEOUT
        )

    def check(
        self, news: Mapping[str, Any], olds: Mapping[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the inputs with defaults applied, and the reason of each failure by path."""
        request = provider_pb2.CheckRequest(
            urn=_get_urn(news), olds=self._props(olds) if olds else None, news=self._props(news)
        )
        answer = self._call(self._stub.Check, request)
        failures = dict(map(_split_failure, answer.failures))
        assert len(failures) == len(answer.failures)
        return _to_dict(answer.inputs), failures

    def diff(self, state: State, news: Mapping[str, Any]) -> Diff:
        request = provider_pb2.DiffRequest(
            id=state.id,
            urn=_get_urn(news),
            olds=self._props(state.outputs),
            news=self._props(news),
        )
        answer = self._call(self._stub.Diff, request)
        return Diff(
            changes=answer.changes == provider_pb2.DiffResponse.DIFF_SOME,
            replaces=list(answer.replaces),
            delete_before_replace=answer.deleteBeforeReplace,
        )

    def create(self, inputs: dict[str, Any]) -> State:
        request = provider_pb2.CreateRequest(urn=_get_urn(inputs), properties=self._props(inputs))
        answer = self._call(self._stub.Create, request)
        return State(answer.id, inputs, _to_dict(answer.properties))

    def update(self, state: State, news: dict[str, Any]) -> State:
        request = provider_pb2.UpdateRequest(
            id=state.id,
            urn=_get_urn(news),
            olds=self._props(state.outputs),
            news=self._props(news),
        )
        answer = self._call(self._stub.Update, request)
        return State(state.id, news, _to_dict(answer.properties))

    def read(self, state: State) -> State | None:
        request = provider_pb2.ReadRequest(
            id=state.id,
            urn=_get_urn(state.inputs),
            properties=self._props(state.outputs),
            inputs=self._props(state.inputs),
        )
        answer = self._call(self._stub.Read, request)
        if not answer.id:
            return None
        # Where a provider returns no inputs, the engine keeps those that it has.
        inputs = _to_dict(answer.inputs) if answer.HasField("inputs") else state.inputs
        return State(answer.id, inputs, _to_dict(answer.properties))

    def delete(self, state: State) -> None:
        request = provider_pb2.DeleteRequest(
            id=state.id, urn=_get_urn(state.inputs), properties=self._props(state.outputs)
        )
        self._call(self._stub.Delete, request)

    def with_provider(self, provider: ResourceProvider) -> ProviderProcess:
        """Return the same process, for resources of another class."""
        other = copy.copy(self)
        other._pickled = serialize_provider(provider)
        return other

    def list_modules(self) -> set[str]:
        """Return the names of the modules that the process has loaded."""
        return set(self._inspect()["modules"])

    def get_collector_state(self) -> list[bool]:
        """Return whether the garbage collector is on, and whether it skips any objects."""
        return list(self._inspect()["collector"])

    def kill(self) -> None:
        """Kill it as ``kill -9`` does."""
        if self._process_id:
            self._server.kill(self._process_id)
        self._process_id = 0
        self._channel.close()

    def _inspect(self) -> dict[str, Any]:
        request = provider_pb2.CreateRequest(properties=_to_struct({_PROVIDER: _SPY}))
        return dict(_to_dict(self._call(self._stub.Create, request).properties))

    def _call(self, method: Any, request: object) -> Any:
        try:
            return method(request, timeout=_TIMEOUT)
        except grpc.RpcError as error:
            raise OperationError(error.details()) from None

    def _props(self, values: Mapping[str, Any]) -> Struct:
        return _to_struct({**values, _PROVIDER: self._pickled})


@contextmanager
def running_provider(
    config: Mapping[str, str],
    environment: Mapping[str, str],
    engine_address: str,
    module: str = "pulumi.dynamic",
    packages: Sequence[str] = LIBRARIES,
) -> Iterator[ProviderProcess]:
    """Run a provider process for the length of the block: one deployment."""
    process = ProviderProcess(config, environment, engine_address, module, packages)
    try:
        yield process
    finally:
        process.kill()


def _get_urn(inputs: Mapping[str, Any]) -> str:
    """Return the URN, of which the engine has the one that an alias has changed."""
    urn = inputs.get("resource_urn")
    return urn if isinstance(urn, str) else ""


def _to_struct(values: Mapping[str, Any]) -> Struct:
    struct = Struct()
    struct.update(values)
    return struct


def _split_failure(failure: provider_pb2.CheckFailure) -> tuple[str, str]:
    # The engine would print the value of a property that is named here.
    assert failure.property == ""
    path, colon, reason = failure.reason.partition(": ")
    return (path, reason) if colon else ("", path)


def _to_dict(struct: Struct) -> dict[str, Any]:
    values: dict[str, Any] = MessageToDict(struct)
    values.pop(_PROVIDER, None)
    return values
