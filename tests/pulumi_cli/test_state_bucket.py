"""State in a bucket of an S3-compatible server, with Pulumi's own locks."""

from __future__ import annotations

import pytest

from tests.polling import wait_until
from tests.pulumi_cli.support.project import Project
from tests.scenarios.steps import EmulatedApi
from tests.shared_servers import get_moto

pytestmark = pytest.mark.engine


def test_a_stack_in_a_bucket_is_locked_while_it_is_deployed(
    emulated_api: EmulatedApi, project: Project
) -> None:
    """Who comes second is told so and starts nothing; who came first ends well."""
    server = get_moto()
    server.client("s3").create_bucket(Bucket="locked-state")
    where = f"endpoint={server.url}&s3ForcePathStyle=true&region=us-east-1"
    project.environment |= {
        **server.environment,
        "PULUMI_BACKEND_URL": f"s3://locked-state?{where}",
    }
    project.run("stack", "init", project.stack)
    project.configure(standup={"meeting_id": emulated_api.meeting_id, "layers": {"default": {}}})
    held = emulated_api.control.add_fault("slow", route="active_recording", seconds=3600, times=1)
    with project.start_up() as first:
        wait_until(lambda: emulated_api.control.counts().of("active_recording") > 0)
        second = project.try_up()
        held.remove()
        first.communicate(timeout=90)
    assert second.code != 0
    assert "the stack is currently locked" in second.output
    assert first.returncode == 0
    assert emulated_api.control.counts().of("start_track") == 1
    project.destroy()
    assert emulated_api.live_count == 0
