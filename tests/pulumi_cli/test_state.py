"""State files of releases: every resource in a user's state keeps working with today's code.

How they are made is said in :mod:`tests.pulumi_cli.support.golden_state`. Each holds a recording
that runs, one that is paused, one that nobody was there for, and one that has ended, and a storage
component with its location, writer and gate.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from realtimekit_provider import providers
from tests.pulumi_cli.support.golden_state import SECRETS, STATES, GoldenState
from tests.pulumi_cli.support.project import TYPE, Project
from tests.scenarios.steps import EmulatedApi
from tools.test_servers.moto_server import MotoServer, running_moto

pytestmark = pytest.mark.engine

FILES = sorted(STATES.glob("state-*.json"))
by_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


@pytest.fixture
def moto() -> Iterator[MotoServer]:
    """AWS, as the release left it after the test has restored it."""
    with running_moto() as server:
        yield server


@by_file
def test_the_state_of_a_release_is_refreshed_updated_and_destroyed(
    file: Path, project: Project, emulated_api: EmulatedApi, moto: MotoServer
) -> None:
    """No change is planned, as the empty room is empty still; live recordings are found by id."""
    control = emulated_api.control
    golden = GoldenState.read(file).restore(control, moto)
    config = golden.config
    project.environment |= moto.environment
    project.write_config(config)
    project.encrypt(**SECRETS)
    text = json.dumps(golden.deployment)
    (project.folder / "state.json").write_text(text, encoding="utf-8")
    project.run("stack", "import", "--file", "state.json")
    with project.collect_calls() as calls:
        project.refresh()
        preview = project.preview()
    assert calls == [*["get_recording"] * 2, "list_sessions"]
    assert "10 unchanged" in preview

    recordings = config["realtimekit:recordings"]
    control.join(recordings["workshop"]["meeting_id"])
    recordings["standup"]["desired_state"] = "PAUSED"
    recordings["townhall"]["desired_state"] = "RECORDING"
    project.write_config(config)
    project.encrypt(**SECRETS)
    project.up()
    assert emulated_api.live_count == 3
    assert _list_paused(emulated_api) == [project.read_recordings()["standup"]["id"]]
    outputs = _list_computed_outputs(json.loads(project.run("stack", "export")))
    assert len(outputs) == 4
    assert all(len(text) < 1024 for text in outputs)
    project.destroy()
    assert emulated_api.live_count == 0
    assert moto.client("s3").list_buckets()["Buckets"] == []
    users = moto.client("iam").list_users()["Users"]
    assert [one["UserName"] for one in users] == ["administrator"]


@by_file
def test_a_golden_state_has_a_resource_of_every_provider(file: Path) -> None:
    """Whoever adds a resource makes the next release's state with it."""
    resources = GoldenState.read(file).deployment["deployment"]["resources"]
    prefix = TYPE.removesuffix("TrackRecording")
    found = {one["type"].removeprefix(prefix) for one in resources if prefix in one["type"]}
    assert found == {name.removesuffix("Provider") for name in providers.__all__}
    assert any(one["type"].startswith("realtimekit:storage:") for one in resources)


def _list_computed_outputs(exported: dict[str, Any]) -> list[str]:
    """Return each recording's outputs that are no inputs, as minified JSON."""
    recordings = [one for one in exported["deployment"]["resources"] if one["type"] == TYPE]
    return [
        json.dumps(
            {key: value for key, value in one["outputs"].items() if key not in one["inputs"]},
            separators=(",", ":"),
        )
        for one in recordings
    ]


def _list_paused(emulated_api: EmulatedApi) -> list[str]:
    return [one.id for one in emulated_api.control.recordings() if one.status == "PAUSED"]
