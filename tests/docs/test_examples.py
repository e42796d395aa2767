"""The programs below ``examples``, run with the real packages against a mocked engine."""

from __future__ import annotations

import base64
import json
import runpy
from collections.abc import Mapping
from operator import attrgetter
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws
import pulumi_gcp
import pytest
from pulumi.runtime import mocks

from realtimekit_provider.deployment.defaults import RecordingDefaults
from realtimekit_provider.engine.property_codec import decode
from realtimekit_provider.recordings.inputs import apply_defaults, validate_inputs
from realtimekit_provider.storage.gate.inputs import (
    apply_gate_defaults,
    select_storage_config,
    validate_gate,
)
from tests.example_values import ACCOUNT, APP, CANARY, MEETING, SERVICE_ACCOUNT
from tests.programs import Program

EXAMPLES = Path(__file__).parents[2] / "examples"
CLOUD_OUTPUTS: Mapping[str, Mapping[str, str]] = {
    "aws:s3/bucket:Bucket": {
        "bucket": "recordings-1a2b3c",
        "region": "eu-central-1",
        "arn": "arn:aws:s3:::recordings-1a2b3c",
    },
    "aws:iam/user:User": {"name": "writer-1a2b3c"},
    "aws:iam/accessKey:AccessKey": {"secret": f"{CANARY}-secret"},
    "gcp:storage/bucket:Bucket": {"name": "recordings-1a2b3c"},
    "gcp:serviceaccount/account:Account": {"member": "serviceAccount:w@acme"},
    "gcp:serviceaccount/key:Key": {
        "privateKey": base64.b64encode(SERVICE_ACCOUNT.encode()).decode()
    },
}
"""The outputs that the cloud adds to a resource."""

EXPECTED: Mapping[str, Mapping[str, str]] = {
    "own_s3_bucket": {
        "type": "aws",
        "bucket": "recordings-1a2b3c",
        "region": "eu-central-1",
        "path": "tracks",
        "access_key": "id-of-writer-key",
        "secret": f"{CANARY}-secret",
    },
    "own_gcs_bucket": {
        "type": "gcs",
        "bucket": "recordings-1a2b3c",
        "region": "europe-west1",
        "path": "tracks",
        "secret": SERVICE_ACCOUNT,
    },
}


class Cloud(Program):
    """A mocked engine whose resources have what the real ones get from the cloud."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        resource_id, outputs = super().new_resource(args)
        return resource_id, {**outputs, **CLOUD_OUTPUTS.get(args.typ, {})}


@pytest.fixture(params=EXPECTED)
def example(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def run_example(example: str) -> dict[str, dict[str, Any]]:
    """Run a program, and return what it sent to the engine, by the resources' names."""
    program = Cloud({"realtimekit:meetingId": MEETING})

    def declare() -> None:
        runpy.run_path(str(EXAMPLES / example / "__main__.py"))

    program.run(declare)
    return {name: decode(inputs) for name, inputs in program.registered.items()}


def test_outputs_of_another_provider_become_the_gates_storage(example: str) -> None:
    """The gate's checks accept them."""
    given = _remove_provider(run_example(example)["recordings-gate"])
    gate = apply_gate_defaults(given, [{"account_id": ACCOUNT, "app_id": APP}])
    assert list(validate_gate(gate)) == []
    assert select_storage_config(gate) == EXPECTED[example]


def test_the_recording_is_written_to_the_gates_output(example: str) -> None:
    """The recording's checks accept it."""
    given = _remove_provider(run_example(example)["standup"])
    inputs = apply_defaults(given, {}, RecordingDefaults(account_id=ACCOUNT, app_id=APP))
    assert validate_inputs(inputs) == []
    [output] = inputs["layers"]["default"]["outputs"]
    assert output["storage_config"] == EXPECTED[example]


def test_the_writer_may_write_below_the_prefix_alone() -> None:
    """What its policy or its condition says once the bucket has its name."""
    policy = json.loads(run_example("own_s3_bucket")["writer-writes-tracks"]["policy"])
    [statement] = policy["Statement"]
    assert statement["Resource"] == "arn:aws:s3:::recordings-1a2b3c/tracks/*"
    assert statement["Action"] == ["s3:PutObject", "s3:AbortMultipartUpload"]
    condition = run_example("own_gcs_bucket")["writer-writes"]["condition"]
    below = 'resource.name.startsWith("projects/_/buckets/recordings-1a2b3c/objects/tracks/")'
    assert condition["expression"] == below


@pytest.mark.parametrize(
    ("package", "output"),
    [
        (pulumi_aws, "s3.Bucket.bucket"),
        (pulumi_aws, "s3.Bucket.region"),
        (pulumi_aws, "s3.Bucket.arn"),
        (pulumi_aws, "iam.AccessKey.secret"),
        (pulumi_gcp, "storage.Bucket.name"),
        (pulumi_gcp, "serviceaccount.Key.private_key"),
    ],
)
def test_their_outputs_have_the_types_of_our_inputs(package: Any, output: str) -> None:
    """A text in an output; mypy does not read the packages."""
    assert attrgetter(output)(package).fget.__annotations__["return"] == pulumi.Output[str]


def _remove_provider(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in inputs.items() if name != "__provider"}
