"""What is registered of a resource beside its inputs: its type, its provider, the user's line."""

from __future__ import annotations

import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pulumi
import pytest
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime.mocks import MockMonitor

from realtimekit_provider import TrackRecording, providers, storage
from realtimekit_provider.constants import IDENTITY_NAME
from realtimekit_provider.deployment.identity import compute_identity_urn
from realtimekit_provider.engine import registration
from realtimekit_provider.engine.registration import shorten_stack_traces
from realtimekit_provider.identity.resource import StackIdentity
from realtimekit_provider.storage.location.resource import StorageLocation
from realtimekit_provider.storage.writer.resource import StorageWriter
from tests.example_values import URN
from tests.programs import Program

LINE = 42
FILE = "/program/__main__.py"
CONFIG = "{'type': 'aws', 'bucket': 'b', 'access_key': 'a', 'secret': 's', 'region': 'eu-west-1'}"
LOGIN = "host='h', port=22, username='u', host_key='k', path='/p', auth_method='PASSWORD'"
DECLARATIONS = {
    "TrackRecording": "TrackRecording('one', meeting_id='m', layers={'default': {}})",
    "StorageGate": f"storage.StorageGate('one', storage_config={CONFIG})",
    "StorageLocation": "StorageLocation('one', {'type': 'aws', 'bucket': 'b'})",
    "StorageWriter": "StorageWriter('one', {'type': 'aws', 'bucket': 'b'})",
    "AwsRecordingBucket": "storage.AwsRecordingBucket('one', bucket='b', region='eu-west-1')",
    "SftpRecordingFolder": f"storage.SftpRecordingFolder('one', {LOGIN}, password='s')",
    "StackIdentity": "StackIdentity()",
}
RESOURCES = [name for name in DECLARATIONS if hasattr(providers, f"{name}Provider")]


class Registrations(Program):
    """Keeps what the engine is sent of each resource, by the resource's name."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.requests: dict[str, Any] = {}
        register = MockMonitor.RegisterResource

        def keep(monitor: MockMonitor, request: Any) -> Any:
            self.requests[request.name] = request
            return register(monitor, request)  # type: ignore[no-untyped-call]

        monkeypatch.setattr(MockMonitor, "RegisterResource", keep)

    def declare(self, source: str) -> Any:
        """Run a program that declares something at ``LINE``, below two functions of its own."""
        lines = ["def declare():", *["    pass"] * (LINE - 2), f"    {source}"]
        code = compile("\n".join([*lines, "(lambda: declare())()"]), FILE, "exec")
        names = {
            "TrackRecording": TrackRecording,
            "StackIdentity": StackIdentity,
            "StorageLocation": StorageLocation,
            "StorageWriter": StorageWriter,
            "storage": storage,
        }
        self.run(lambda: exec(code, names))  # noqa: S102 - its lines are counted above
        return self.requests.get("one") or self.requests[IDENTITY_NAME]


@pytest.fixture
def registrations(monkeypatch: pytest.MonkeyPatch) -> Registrations:
    """An engine that keeps what it is sent."""
    return Registrations(monkeypatch)


@pytest.mark.parametrize("name", DECLARATIONS)
def test_the_source_position_is_the_users_line(name: str, registrations: Registrations) -> None:
    """Pulumi's tools lead there, and no line of this package helps anybody."""
    request = registrations.declare(DECLARATIONS[name])
    assert (request.sourcePosition.uri, request.sourcePosition.line) == (f"file://{FILE}", LINE)


@pytest.mark.parametrize("name", DECLARATIONS)
def test_the_stack_trace_is_that_one_line(name: str, registrations: Registrations) -> None:
    """More frames were a third of the state."""
    frames = registrations.declare(DECLARATIONS[name]).stackTrace.frames
    assert [(one.pc.uri, one.pc.line) for one in frames] == [(f"file://{FILE}", LINE)]


def test_the_urn_in_messages_about_the_identity_is_its_own(
    registrations: Registrations,
) -> None:
    """A command that names another target deploys nothing."""
    request = registrations.declare(DECLARATIONS["StackIdentity"])
    assert compute_identity_urn(URN).endswith(f"::{request.type}::{request.name}")


def test_a_part_of_a_component_has_one_frame_too(registrations: Registrations) -> None:
    """It is declared by the component, and so is its line."""
    registrations.declare(DECLARATIONS["AwsRecordingBucket"])
    parts = {name: one for name, one in registrations.requests.items() if name.startswith("one-")}
    assert sorted(parts) == ["one-gate", "one-location", "one-writer"]
    assert [len(one.stackTrace.frames) for one in parts.values()] == [1, 1, 1]


@pytest.mark.parametrize("name", RESOURCES)
def test_type_and_provider_are_those_of_a_dynamic_resource(
    name: str, registrations: Registrations
) -> None:
    """Both stand in users' state."""
    request = registrations.declare(DECLARATIONS[name])
    assert request.type == f"pulumi-python:dynamic/realtimekit:{name}"
    expected = serialize_provider(getattr(providers, f"{name}Provider")())
    assert request.object.fields["__provider"].string_value == expected


def test_the_resource_of_each_provider_is_declared_here() -> None:
    """Each provider's resource is among those above."""
    assert sorted(f"{name}Provider" for name in RESOURCES) == providers.__all__


@pytest.mark.parametrize("before", [None, 3, 100])
def test_the_limit_is_restored_where_a_registration_fails(
    before: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program's own errors are shown as always."""
    if before is not None:
        monkeypatch.setattr(sys, "tracebacklimit", before, raising=False)

    def fail(*_: object) -> None:
        raise RuntimeError(str(getattr(sys, "tracebacklimit", None)))

    monkeypatch.setattr(pulumi.CustomResource, "__init__", fail)
    with pytest.raises(RuntimeError, match=str(registration._FRAMES)):
        StorageLocation("one", {"type": "aws", "bucket": "b"})
    assert getattr(sys, "tracebacklimit", None) == before


def test_the_last_thread_that_leaves_restores_the_limit() -> None:
    """Inline programs of the Automation API share the process, and so the limit."""
    inside, first_left = Barrier(2), Barrier(2)

    def leave_first() -> None:
        with shorten_stack_traces():
            inside.wait(timeout=10)
        first_left.wait(timeout=10)

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(leave_first)
        with shorten_stack_traces():
            inside.wait(timeout=10)
            first_left.wait(timeout=10)
            assert sys.tracebacklimit == registration._FRAMES
            assert len(traceback.extract_stack()) == registration._FRAMES
        other.result()
    assert not hasattr(sys, "tracebacklimit")
