"""The resource as a program declares it, against a mocked engine."""

from __future__ import annotations

import inspect
from typing import Any

import pulumi
import pytest

from realtimekit_provider.dynamic.codec import decode
from realtimekit_provider.dynamic.storage_resources import StorageGate
from realtimekit_provider.dynamic.track_recording import TrackRecording
from realtimekit_provider.lifecycle.facts import FACTS
from realtimekit_provider.lifecycle.inputs import Defaults, RecordingInputs, completed, problems_in
from realtimekit_provider.lifecycle.mark import mark_of
from tests.programs import Program
from tests.unit.examples import (
    ACCOUNT,
    APP,
    CANARY,
    MEETING,
    SFTP_WITH_PASSWORD,
    STORAGE,
    TYPE,
    URN,
    layers_to,
)

LAYERS = layers_to(STORAGE["aws"])
COMPOSED_BY_US = {"resource_urn", "mark"}


def declared(program: Program | None = None, **arguments: Any) -> dict[str, Any]:
    """Return the inputs that the engine gets for a recording."""
    running = program or Program()

    def recording() -> Any:
        return TrackRecording("standup", meeting_id=MEETING, layers=LAYERS, **arguments).id

    running.run(recording)
    return running.registered["standup"]


@pytest.mark.parametrize("config", [*STORAGE.values(), SFTP_WITH_PASSWORD])
def test_a_gate_in_front_of_an_output_hands_on_what_is_given(config: dict[str, Any]) -> None:
    """Which keys an output will hold nobody knows beforehand: the empty ones are no mistakes."""
    running = Program()

    def recording() -> Any:
        known_later = pulumi.Output.from_input(None).apply(lambda _: dict(config))
        gate = StorageGate("archive", storage_config=known_later)
        return TrackRecording("townhall", meeting_id=MEETING, layers=layers_to(gate.storage_config))

    running.run(lambda: recording().id)
    read = decode(running.registered["townhall"])
    assert read["layers"] == layers_to(config)
    completed_here = completed(read, {}, Defaults(account_id=ACCOUNT, app_id=APP))
    assert problems_in(completed_here) == []


def test_the_arguments_are_the_inputs() -> None:
    """Each input of the lifecycle can be given, and nothing else."""
    parameters = set(inspect.signature(TrackRecording).parameters)
    assert parameters == (set(RecordingInputs.model_fields) - COMPOSED_BY_US) | {
        "resource_name",
        "opts",
    }


def test_each_input_and_fact_can_be_read() -> None:
    """What is documented as an output is one."""
    documented = set(TrackRecording.__annotations__)
    assert documented >= set(FACTS)
    assert documented <= set(FACTS) | set(RecordingInputs.model_fields)


def test_only_what_was_declared_travels() -> None:
    """With the URN and the mark, by which a recording proves whose it is."""
    sent = declared()
    sent.pop("__provider")
    assert {name: value for name, value in sent.items() if value is not None} == {
        "meeting_id": MEETING,
        "layers": {"default": {"outputs": {"0": LAYERS["default"]["outputs"][0]}}},
        "desired_state": "RECORDING",
        "resource_urn": URN,
        "mark": mark_of("acme", URN),
    }


def test_the_urn_holds_the_type_of_a_component_above() -> None:
    """Errors go to the resource's own row."""
    program = Program()

    def nested() -> Any:
        parent = pulumi.ComponentResource("acme:rooms:Room", "room")
        opts = pulumi.ResourceOptions(parent=parent)
        return TrackRecording("standup", meeting_id=MEETING, layers=LAYERS, opts=opts).id

    program.run(nested)
    urn = program.registered["standup"]["resource_urn"]
    assert urn.endswith(f"acme:rooms:Room${TYPE}::standup")


def test_a_token_in_clear_is_refused() -> None:
    """The engine copies config into state; the message says how to mend it, not the token."""
    with pytest.raises(pulumi.RunError, match="in clear") as raised:
        declared(Program({"cloudflare:apiToken": "CANARY"}))
    assert "pulumi config set --secret cloudflare:apiToken" in str(raised.value)
    assert CANARY not in str(raised.value)


def test_an_encrypted_token_is_no_input() -> None:
    """It is read at each run, and never stored."""
    program = Program({"cloudflare:apiToken": "CANARY-token"}, ("cloudflare:apiToken",))
    assert "CANARY-token" not in repr(declared(program))
