"""A sample of the engine's tests without what the provider adds to Pulumi's SDK.

``REALTIMEKIT_PLAIN_SDK=1`` takes it away: errors are tracebacks, previews compare inputs, four
operations run at once. What happens to recordings is the same.
"""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_emulator import Control
from tests.pulumi_cli.support.printed_output import extract_diagnostics
from tests.pulumi_cli.support.project import Project

pytestmark = pytest.mark.engine


@pytest.fixture
def project(project: Project) -> Project:
    """A project whose deployments use the SDK as it is."""
    project.environment["REALTIMEKIT_PLAIN_SDK"] = "1"
    return project


def test_recordings_live_as_with_the_extended_sdk(project: Project, control: Control) -> None:
    """Created as many at once as the engine likes, paused, refreshed, replaced and destroyed."""
    recordings: dict[str, dict[str, Any]] = {
        f"room{number}": {
            "meeting_id": control.create_meeting(participants=1).id,
            "layers": {"default": {}},
        }
        for number in range(6)
    }
    project.configure(**recordings)
    project.up()
    first = {name: one["id"] for name, one in project.read_recordings().items()}
    recordings["room0"]["desired_state"] = "PAUSED"
    recordings["room1"]["max_seconds"] = 600
    project.configure(**recordings)
    assert "+-1 to replace" in project.preview()
    project.up()
    stored = project.read_recordings()
    assert {name for name, one in stored.items() if one["id"] != first[name]} == {"room1"}
    assert stored["room0"]["outputs"]["status"] == "PAUSED"
    project.refresh()
    project.up("--expect-no-changes")
    project.destroy()
    assert {one.status for one in control.recordings()} <= {"UPLOADING", "UPLOADED"}
    assert len(control.recordings()) == len(recordings) + 1


def test_a_failure_is_reported_before_its_traceback_and_loses_nothing(
    project: Project, control: Control
) -> None:
    """The one recording is kept, the other one's reason is read first."""
    kept = control.create_meeting(participants=1).id
    empty = control.create_meeting(participants=0).id
    project.configure(
        kept={"meeting_id": kept, "layers": {"default": {}}},
        empty={"meeting_id": empty, "layers": {"default": {}}},
    )
    outcome = project.try_up("--continue-on-error")
    assert outcome.code != 0
    printed = extract_diagnostics(outcome.output)
    reason = printed.index(f"    error: nobody is in meeting {empty}")
    assert reason < printed.index("Traceback (most recent call last):")
    assert set(project.read_recordings()) == {"kept"}
    control.join(empty)
    project.up()
    assert set(project.read_recordings()) == {"kept", "empty"}
