"""A stack loads the SDK of no cloud but its own."""

from __future__ import annotations

import json

import pytest

from tests.pulumi_cli.storage.support.clouds import Clouds
from tests.pulumi_cli.storage.support.storage_project import StorageProject, build_recording
from tests.scenarios.steps import EmulatedApi

pytestmark = pytest.mark.engine

OTHER_SDKS = ("azure", "boto3", "botocore", "google.api_core", "google.auth", "google.cloud")
PROGRAM = """
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
    """Folder, gate and recording are made with no SDK in the process but that of SFTP.

    The program's own process loads not even that.
    """
    project.declare(
        {"archive": clouds.declare_sftp()},
        {"standup": build_recording(emulated_api.meeting_id, "archive")},
    )
    project.write_program(PROGRAM)
    project.up()
    modules = json.loads(project.run("stack", "output", "--json"))
    assert {"asyncssh", "requests"} <= set(modules["provider"])
    assert _find_other_sdks(modules["provider"]) == []
    assert _find_other_sdks(modules["program"]) == []
    assert not {"asyncssh", "requests"} & set(modules["program"])


def _find_other_sdks(modules: list[str]) -> list[str]:
    return [
        name
        for name in modules
        if any(name == sdk or name.startswith(f"{sdk}.") for sdk in OTHER_SDKS)
    ]
