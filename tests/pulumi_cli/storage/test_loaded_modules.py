"""A stack loads the SDK of no cloud but its own."""

from __future__ import annotations

import json

import pytest

from tests.pulumi_cli.storage.storage_project import Clouds, StorageProject, recorded_to
from tests.scenarios.steps import EmulatedApi

pytestmark = pytest.mark.engine

OF_OTHER_CLOUDS = ("azure", "boto3", "botocore", "google.api_core", "google.auth", "google.cloud")
WATCHED = """
import sys

import pulumi
from pulumi.dynamic import Resource

from realtimekit_provider.program import declare, load
from tests.provider_process.import_spy import Spy


class Watch(Resource):
    modules: pulumi.Output[list[str]]


recordings = declare(load())
after = pulumi.ResourceOptions(depends_on=list(recordings.values()))
pulumi.export("provider", Watch(Spy(), "watch", {"modules": None}, after).modules)
pulumi.export("program", sorted(sys.modules))
"""


def test_a_stack_with_sftp_alone_loads_no_clouds_sdk(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi
) -> None:
    """Folder made, login proven, recording started: the one SDK in the process is SFTP's.

    The program's own process loads not even that.
    """
    project.declare(
        {"archive": clouds.sftp()}, {"standup": recorded_to(emulated_api.meeting_id, "archive")}
    )
    project.program(WATCHED)
    project.up()
    told = json.loads(project.must("stack", "output", "--json"))
    assert {"asyncssh", "requests"} <= set(told["provider"])
    assert _clouds_among(told["provider"]) == []
    assert _clouds_among(told["program"]) == []
    assert not {"asyncssh", "requests"} & set(told["program"])


def _clouds_among(modules: list[str]) -> list[str]:
    return [
        name
        for name in modules
        if any(name == sdk or name.startswith(f"{sdk}.") for sdk in OF_OTHER_CLOUDS)
    ]
