"""Locks of the real engine in a bucket: only that of a killed deployment of ours is removed."""

from __future__ import annotations

import pytest

from realtimekit_emulator import Control
from realtimekit_provider.cli.exit_codes import ExitCode
from tests.fault_injection.pulumi_cli.processes import kill_all
from tests.polling import wait_until
from tests.pulumi_cli.support.cancelled_deployment import run_realtimekit, start_realtimekit
from tests.pulumi_cli.support.project import Project
from tools.test_servers.moto_server import running_moto

pytestmark = pytest.mark.engine
UP = ("up", "--stack", "test", "--wait-for-lock", "1m")


def test_a_lock_is_removed_only_once_all_of_its_deployment_is_dead(
    project: Project, control: Control
) -> None:
    """Not while the CLI of a killed command runs: that one is waited for."""
    meeting = control.create_meeting(participants=1).id
    standup = {"meeting_id": meeting, "layers": {"default": {}}}
    with running_moto() as server:
        server.client("s3").create_bucket(Bucket="state")
        where = f"endpoint={server.url}&s3ForcePathStyle=true&region=us-east-1"
        project.environment |= {**server.environment, "PULUMI_BACKEND_URL": f"s3://state?{where}"}
        project.environment["XDG_STATE_HOME"] = str(project.folder / "user-state")
        project.run("stack", "init", project.stack)
        project.configure(standup=standup)
        held = control.add_fault("slow", route="active_recording", seconds=3600, times=1)
        with start_realtimekit(project, *UP) as first:
            wait_until(lambda: control.counts().of("active_recording") > 0)
            first.kill()
            with start_realtimekit(project, *UP) as waiting:
                assert waiting.stdout is not None
                assert "s of 1 min: stack 'test' is locked by" in waiting.stdout.readline()
                held.remove()
                output = waiting.stdout.read()
        assert waiting.returncode == ExitCode.OK, output
        assert "removed the lock" not in output

        project.configure(standup={**standup, "desired_state": "PAUSED"})
        control.add_fault("slow", route="act_on_recording", seconds=3600, times=1)
        with start_realtimekit(project, *UP) as second:
            wait_until(lambda: control.counts().of("act_on_recording") > 0)
            second.kill()
            kill_all(project.folder)
        control.clear_faults()
        again = run_realtimekit(project, *UP)
        assert again.code == ExitCode.OK, again.output
        assert "was killed, and left it" in again.output
    assert [one.status for one in control.recordings(meeting)] == ["PAUSED"]
