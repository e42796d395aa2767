"""The resource as a program declares it, against a mocked engine."""

from __future__ import annotations

import inspect
from typing import Any

import pulumi
import pytest

from realtimekit_provider.constants import COMPUTED_OUTPUTS
from realtimekit_provider.deployment.defaults import RecordingDefaults
from realtimekit_provider.deployment.mark import compute_mark
from realtimekit_provider.engine.property_codec import decode
from realtimekit_provider.recordings.inputs import RecordingInputs, apply_defaults, validate_inputs
from realtimekit_provider.recordings.resource import TrackRecording
from realtimekit_provider.storage.gate.resource import StorageGate
from tests.example_values import (
    ACCOUNT,
    APP,
    MEETING,
    SFTP_WITH_PASSWORD,
    STORAGE,
    TYPE,
    URN,
    build_layers,
)
from tests.programs import IDENTITY, Program

LAYERS = build_layers(STORAGE["aws"])
COMPOSED_BY_US = {"resource_urn", "mark"}


@pytest.mark.parametrize("config", [*STORAGE.values(), SFTP_WITH_PASSWORD])
def test_a_gate_in_front_of_an_output_passes_on_what_is_given(config: dict[str, Any]) -> None:
    """The keys of an output are not known beforehand: the empty ones are no mistakes."""
    running = Program()

    def recording() -> Any:
        known_later = pulumi.Output.from_input(None).apply(lambda _: dict(config))
        gate = StorageGate("archive", storage_config=known_later)
        return TrackRecording(
            "townhall", meeting_id=MEETING, layers=build_layers(gate.storage_config)
        )

    running.run(lambda: recording().id)
    read = decode(running.registered["townhall"])
    assert read["layers"] == build_layers(config)
    completed_here = apply_defaults(read, {}, RecordingDefaults(account_id=ACCOUNT, app_id=APP))
    assert validate_inputs(completed_here) == []


def test_the_arguments_are_the_inputs() -> None:
    """Each input of the lifecycle can be given, and nothing else."""
    parameters = set(inspect.signature(TrackRecording).parameters)
    assert parameters == (set(RecordingInputs.model_fields) - COMPOSED_BY_US) | {
        "resource_name",
        "opts",
    }


def test_every_input_and_output_can_be_read() -> None:
    """What is documented as an output is one."""
    documented = set(TrackRecording.__annotations__)
    assert documented >= set(COMPUTED_OUTPUTS)
    assert documented <= set(COMPUTED_OUTPUTS) | set(RecordingInputs.model_fields)


def test_only_what_was_declared_travels() -> None:
    """With the URN and the mark, by which a recording proves whose it is."""
    program = Program()
    program.run(lambda: TrackRecording("standup", meeting_id=MEETING, layers=LAYERS).id)
    sent = program.registered["standup"]
    sent.pop("__provider")
    assert {name: value for name, value in sent.items() if value is not None} == {
        "meeting_id": MEETING,
        "layers": {"default": {"outputs": {"0": LAYERS["default"]["outputs"][0]}}},
        "resource_urn": URN,
        "mark": compute_mark(IDENTITY, URN),
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
