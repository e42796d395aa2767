"""The repository's own program, as a pipeline deploys it."""

from __future__ import annotations

import pytest

from tests.pulumi_cli.support.project import Project
from tests.scenarios.events import pause_in_dashboard
from tests.scenarios.steps import EmulatedApi

pytestmark = pytest.mark.engine


def test_a_pause_in_the_dashboard_is_a_line_of_the_next_preview(
    project: Project, emulated_api: EmulatedApi
) -> None:
    """A stack is made in two calls, left alone in none, and drift is one reviewable line."""
    project.configure(standup={"meeting_id": emulated_api.meeting_id, "layers": {"default": {}}})
    with project.collect_calls() as first:
        project.up()
    assert first == ["active_recording", "start_track"]
    with project.collect_calls() as second:
        project.up("--expect-no-changes")
    assert second == []

    pause_in_dashboard(emulated_api)
    with project.collect_calls() as refreshed:
        project.refresh()
    assert refreshed == ["get_recording"]
    with project.collect_calls() as previewed:
        preview = project.preview()
    assert '~ desired_state: "PAUSED" => "RECORDING"' in preview
    assert "1 to update" in preview
    assert previewed == []

    with project.collect_calls() as resumed:
        project.up()
    assert resumed == ["act_on_recording"]
    with project.collect_calls() as destroyed:
        project.destroy()
    assert destroyed == ["act_on_recording"]
    assert emulated_api.live_count == 0


def test_another_bucket_is_shown_as_a_replacement_with_its_reason(
    project: Project, emulated_api: EmulatedApi
) -> None:
    """A reviewer sees which setting costs the running recording, and which bucket comes next."""
    project.configure(standup=_build_recording(emulated_api, "first"))
    project.encrypt(**{"realtimekit:key": "AKIACANARY", "realtimekit:secret": "canary-secret"})
    project.up()
    config = project.config_file.read_text(encoding="utf-8")
    project.config_file.write_text(config.replace("first-", "second-"), encoding="utf-8")
    preview = project.preview()
    assert '~ bucket: "first-bucket" => "second-bucket"' in preview
    assert "canary" not in preview.lower()
    assert "(replace)" in preview
    old = emulated_api.newest_recording_id
    with project.collect_calls() as calls:
        project.up()
    assert calls == ["act_on_recording", "get_recording", "active_recording", "start_track"]
    assert emulated_api.newest_recording_id != old
    assert emulated_api.live_count == 1


def _build_recording(emulated_api: EmulatedApi, name: str) -> dict[str, object]:
    storage = {
        "type": "aws",
        "bucket": f"{name}-bucket",
        "region": "eu-central-1",
        "access_key": {"fromConfig": "key"},
        "secret": {"fromConfig": "secret"},
    }
    outputs = [{"type": "STORAGE_CONFIG", "storage_config": storage}]
    return {"meeting_id": emulated_api.meeting_id, "layers": {"default": {"outputs": outputs}}}
