"""Layers as mypy sees them: what is right passes, and each mistake is an error where it is.

It is read by mypy, which reports an ``ignore`` that nothing needs, and is never run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from realtimekit_provider import (
    AwsStorageConfigArgsDict,
    LayerArgs,
    LayerArgsDict,
    OutputArgs,
    OutputArgsDict,
    TrackRecording,
)
from realtimekit_provider.storage import AwsRecordingBucket, StorageGate


def write_layers_as_dicts(secret: pulumi.Output[str]) -> None:
    """The keys of the API's reference, with outputs anywhere."""
    TrackRecording(
        "standup",
        meeting_id="m1",
        layers={
            "default": {
                "file_name_prefix": "standup",
                "outputs": [
                    {"type": "REALTIMEKIT_BUCKET"},
                    {
                        "type": "STORAGE_CONFIG",
                        "storage_config": {
                            "type": "aws",
                            "access_key": "an-id",
                            "secret": secret,
                            "bucket": "example",
                            "region": "eu-central-1",
                        },
                    },
                ],
            },
            "empty": {},
            "typed": LayerArgs(outputs=[{"type": "REALTIMEKIT_BUCKET"}]),
        },
    )


def write_variables_as_typed_dicts() -> None:
    config: AwsStorageConfigArgsDict = {
        "type": "aws",
        "access_key": "an-id",
        "secret": "a-secret",
        "bucket": "example",
        "region": "eu-central-1",
        "path": None,
    }
    output: OutputArgsDict = {"type": "STORAGE_CONFIG", "storage_config": config}
    layer: LayerArgsDict = {"outputs": [output]}
    TrackRecording("standup", meeting_id="m1", layers={"default": layer})


def take_storage_of_a_component_or_a_gate(bucket: AwsRecordingBucket, gate: StorageGate) -> None:
    TrackRecording(
        "standup",
        meeting_id="m1",
        layers={
            "default": {
                "outputs": [
                    {"type": "STORAGE_CONFIG", "storage_config": bucket.storage_config},
                    OutputArgs(type="STORAGE_CONFIG", storage_config=gate.storage_config),
                ]
            }
        },
    )


def take_what_has_no_types(
    untyped: Any, mapping: Mapping[str, Any], later: pulumi.Output[dict[str, Any]]
) -> None:
    """What was read from a file is left for the provider to check."""
    TrackRecording("a", meeting_id="m1", layers=untyped)
    TrackRecording("b", meeting_id="m1", layers=mapping)
    TrackRecording("c", meeting_id="m1", layers={"default": mapping})
    TrackRecording("d", meeting_id="m1", layers={"default": {"outputs": [mapping]}})
    TrackRecording("e", meeting_id="m1", layers={"default": later})
    TrackRecording("f", meeting_id="m1", layers=later)
    StorageGate("g", storage_config=mapping)
    StorageGate("h", storage_config=later)
    OutputArgs(type="STORAGE_CONFIG", storage_config=later)


def misspell_a_key_of_a_layer() -> None:
    TrackRecording(
        "a",
        meeting_id="m1",
        layers={"default": {"filename_prefix": "x"}},  # type: ignore[dict-item]
    )


def misspell_a_key_of_an_output() -> None:
    LayerArgs(
        outputs=[{"typ": "REALTIMEKIT_BUCKET"}],  # type: ignore[dict-item]
    )


def misspell_a_key_of_a_storage() -> None:
    StorageGate(
        "a",
        storage_config={
            "type": "gcs",  # type: ignore[dict-item]
            "secret": "{}",  # type: ignore[dict-item]
            "bukcet": "example",  # type: ignore[dict-item]
            "region": "us-east1",  # type: ignore[dict-item]
        },
    )


def name_a_type_in_another_case() -> None:
    OutputArgs(
        type="STORAGE_CONFIG",
        storage_config={"type": "S3"},  # type: ignore[dict-item]
    )


def leave_out_a_required_key() -> None:
    config: AwsStorageConfigArgsDict = {"type": "aws", "bucket": "a"}  # type: ignore[typeddict-item]
    OutputArgs(type="STORAGE_CONFIG", storage_config=config)


def give_an_output_of_another_type(number: pulumi.Output[int]) -> None:
    layer: LayerArgsDict = {"file_name_prefix": number}  # type: ignore[typeddict-item]
    TrackRecording("a", meeting_id=number, layers={"a": layer})  # type: ignore[arg-type]
    AwsRecordingBucket("b", bucket="b", region="r", prefix=number)  # type: ignore[arg-type]
