"""The identity under the engine's flags, in programs of one process, and in an emptied config."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.pulumi_cli.support.environment import ROOT
from tests.pulumi_cli.support.project import IDENTITY_TYPE, TYPE, Project
from tests.scenarios.steps import EmulatedApi

pytestmark = pytest.mark.engine

URN = f"urn:pulumi:test::realtimekit::{TYPE}::standup"
IDENTITY_URN = f"urn:pulumi:test::realtimekit::{IDENTITY_TYPE}::identity"

TWO_PROGRAMS = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from pulumi import automation
from realtimekit_provider import TrackRecording

account_id, app_id, *meetings = sys.argv[1:]
both = Barrier(2)

def deploy(number):
    def program():
        both.wait(timeout=60)
        for name in ("standup", "retro"):
            TrackRecording(
                name, meeting_id=f"{meetings[number]}", account_id=account_id, app_id=app_id,
                layers={"default": {}},
                desired_state="RECORDING" if name == "standup" else "STOPPED",
            )
    stack = automation.create_stack(f"stack{number}", project_name="inline", program=program)
    stack.up()
    resources = stack.export_stack().deployment["resources"]
    return [one for one in resources if "dynamic/realtimekit" in one["type"]]

with ThreadPoolExecutor(2) as pool:
    print(json.dumps(list(pool.map(deploy, range(2)))))
"""


def test_a_target_on_a_new_stack_needs_the_identity(
    project: Project, emulated_api: EmulatedApi
) -> None:
    """The refusal names the target to add; later neither up nor destroy has to name it."""
    declared = {"meeting_id": emulated_api.meeting_id, "layers": {"default": {}}}
    other = {**declared, "meeting_id": emulated_api.other_meeting_id}
    project.configure(standup=declared, retro=other)
    refused = project.try_up("--target", URN)
    assert refused.code != 0
    assert f"add --target '{IDENTITY_URN}'" in refused.output
    assert emulated_api.live_count == 0
    project.up("--target", URN, "--target", IDENTITY_URN)
    identity = project.read_identity()
    project.up("--target", URN.replace("standup", "retro"))
    assert emulated_api.live_count == 2
    project.destroy("--target", URN)
    assert emulated_api.live_count == 1
    assert project.read_identity() == identity


def test_a_forced_replacement_keeps_the_value_and_replaces_nothing_else(
    project: Project, emulated_api: EmulatedApi
) -> None:
    """Marks depend on the value alone, and not on the resource."""
    project.configure(standup={"meeting_id": emulated_api.meeting_id, "layers": {"default": {}}})
    project.up()
    identity = project.read_identity()
    with project.collect_calls() as calls:
        replaced = project.up("--replace", IDENTITY_URN)
        project.up("--expect-no-changes")
    assert "+-1 replaced\n    2 unchanged" in replaced
    assert project.read_identity() == identity
    assert calls == []


def test_a_config_that_lost_everything_stops_nothing(
    project: Project, emulated_api: EmulatedApi
) -> None:
    """Preview and deployment are refused until the config allows it."""
    project.configure(standup={"meeting_id": emulated_api.meeting_id, "layers": {"default": {}}})
    project.up()
    project.configure()
    for command in (
        ("preview",),
        ("up", "--yes", "--skip-preview"),
        ("up", "--yes", "--continue-on-error"),
    ):
        refused = project.try_run(*command)
        assert refused.code != 0
        assert "declares neither recordings nor storage any more" in refused.output
        assert emulated_api.live_count == 1
    project.write_config({"realtimekit:recordings": {}, "realtimekit:allowEmpty": True})
    project.up()
    assert emulated_api.live_count == 0
    project.configure()
    project.up("--expect-no-changes")


def test_programs_of_one_process_have_identities_of_their_own(
    project: Project, emulated_api: EmulatedApi
) -> None:
    """Both declare at the same time, in threads of the Automation API."""
    emulator = project.emulator
    meetings = (emulated_api.meeting_id, emulated_api.other_meeting_id)
    finished = subprocess.run(
        [sys.executable, "-c", TWO_PROGRAMS, emulator.account_id, emulator.app_id, *meetings],
        cwd=ROOT,
        env=project.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    values = []
    for resources in json.loads(finished.stdout):
        (identity,) = (one for one in resources if one["type"].endswith("StackIdentity"))
        marks = [one["inputs"]["mark"] for one in resources if one is not identity]
        values.append(identity["outputs"]["value"])
        assert [mark[:10] for mark in marks] == [f"rk{values[-1]}"] * 2
    assert len(set(values)) == 2
