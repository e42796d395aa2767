"""State files of releases: what stands in users' buckets goes on under the code of today.

Each file in ``states`` is what ``pulumi stack export`` wrote with that release, less the engine's
notes of where in the program a resource was declared. It never changes: the code has to follow.
It holds one recording that runs, one that is paused, one that nobody was there for, and one that
has ended.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.pulumi_cli.support.project import TYPE, Project
from tests.scenarios.steps import LIVE, EmulatedApi

pytestmark = pytest.mark.engine

STATES = sorted((Path(__file__).parent / "states").glob("state-*.json"))
SECRETS = {"realtimekit:standupKey": "AKIACANARY", "realtimekit:standupSecret": "canary-secret"}


@pytest.mark.parametrize("file", STATES, ids=lambda file: file.stem)
def test_what_a_release_stored_is_refreshed_updated_and_stopped(
    file: Path, project: Project, emulated_api: EmulatedApi
) -> None:
    """Nothing is planned but the start that was put off, and what runs is found by its id."""
    state, config = _moved_into(emulated_api, file.read_text(encoding="utf-8"))
    (project.folder / "state.json").write_text(state, encoding="utf-8")
    project.configure(**config)
    project.encrypt(**SECRETS)
    project.run("stack", "import", "--file", "state.json")
    with project.collect_calls() as calls:
        project.refresh()
        preview = project.preview()
    assert calls == ["get_recording"] * 2
    assert "+-1 to replace\n    4 unchanged" in preview

    emulated_api.control.join(config["workshop"]["meeting_id"])
    config["standup"]["desired_state"] = "PAUSED"
    config["townhall"]["desired_state"] = "RECORDING"
    project.configure(**config)
    project.encrypt(**SECRETS)
    project.up()
    assert emulated_api.live_count == 3
    assert _paused(emulated_api) == [project.read_recordings()["standup"]["id"]]
    exported = json.loads(project.run("stack", "export"))
    assert len(_beyond_the_mirror(exported)) == 4
    assert all(len(text) < 1024 for text in _beyond_the_mirror(exported))
    project.destroy()
    assert emulated_api.live_count == 0


def _moved_into(emulated_api: EmulatedApi, state: str) -> tuple[str, dict[str, Any]]:
    """Return the state and the recordings of its config, with ids that exist in this world."""
    for stored in _recordings_in(json.loads(state)):
        meeting_id = emulated_api.control.create_meeting().id
        state = state.replace(stored["inputs"]["meeting_id"], meeting_id)
        if stored["outputs"]["status"] in LIVE:
            emulated_api.control.join(meeting_id)
            recording_id = emulated_api.control.start_recording(meeting_id)
            emulated_api.control.wait_for(recording_id, "RECORDING")
            if stored["outputs"]["status"] == "PAUSED":
                emulated_api.control.force(recording_id, "PAUSED")
            state = state.replace(stored["id"], recording_id)
    (provider,) = (
        one
        for one in json.loads(state)["deployment"]["resources"]
        if one["type"] == "pulumi:providers:pulumi-python"
    )
    return state, json.loads(provider["inputs"]["realtimekit:recordings"])


def _recordings_in(exported: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in exported["deployment"]["resources"] if one["type"] == TYPE]


def _beyond_the_mirror(exported: dict[str, Any]) -> list[str]:
    """Return what each recording's outputs hold beside the mirror of its inputs, minified."""
    return [
        json.dumps(
            {key: value for key, value in one["outputs"].items() if key not in one["inputs"]},
            separators=(",", ":"),
        )
        for one in _recordings_in(exported)
    ]


def _paused(emulated_api: EmulatedApi) -> list[str]:
    return [one.id for one in emulated_api.control.recordings() if one.status == "PAUSED"]
