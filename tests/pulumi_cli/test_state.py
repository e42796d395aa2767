"""State files of releases: every resource in a user's state keeps working with today's code.

How they are made is said in :mod:`tests.pulumi_cli.support.golden_state`. Each holds a recording
that runs, one that is paused, one that nobody was there for, and one that has ended, and storage of
every kind with its location, writer and gate.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from realtimekit_emulator import EmulatorServer
from realtimekit_provider import providers
from realtimekit_provider.storage.backends.registry import STORAGE_TYPES
from tests.pulumi_cli.storage.support.clouds import Clouds
from tests.pulumi_cli.storage.support.storage_project import StorageProject
from tests.pulumi_cli.support.cloud_snapshot import running_clouds
from tests.pulumi_cli.support.golden_state import STATES, GoldenState
from tests.pulumi_cli.support.project import TYPE
from tests.scenarios.steps import EmulatedApi
from tools.test_servers.azurite import AZURITE_IS_MISSING, find_azurite

pytestmark = pytest.mark.engine

FILES = sorted(STATES.glob("state-*.json"))
by_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


@by_file
@pytest.mark.skipif(find_azurite() is None, reason=AZURITE_IS_MISSING)
def test_the_state_of_a_release_is_refreshed_updated_and_destroyed(
    file: Path,
    template: Path,
    tmp_path: Path,
    emulator: EmulatorServer,
    emulated_api: EmulatedApi,
) -> None:
    """No change is planned, as the empty room is empty still; live recordings are found by id."""
    control, golden = emulated_api.control, GoldenState.read(file)
    with running_clouds(tmp_path / "files", golden.clouds.azure_key) as clouds:
        golden = golden.restore(control, clouds)
        project = StorageProject.create(template, tmp_path / "project", emulator, clouds)
        config = golden.config
        _configure(project, golden, config)
        text = json.dumps(golden.deployment)
        (project.folder / "state.json").write_text(text, encoding="utf-8")
        project.run("stack", "import", "--file", "state.json")
        with project.collect_calls() as calls:
            project.refresh()
            preview = project.preview()
        assert calls == [*["get_recording"] * 2, "list_sessions"]
        assert f"{_count_resources(golden)} unchanged" in preview

        recordings = config["realtimekit:recordings"]
        control.join(recordings["workshop"]["meeting_id"])
        recordings["standup"]["desired_state"] = "PAUSED"
        recordings["townhall"]["desired_state"] = "RECORDING"
        _configure(project, golden, config)
        project.up()
        assert emulated_api.live_count == 3
        assert _list_paused(emulated_api) == [project.read_recordings()["standup"]["id"]]
        outputs = _list_computed_outputs(json.loads(project.run("stack", "export")))
        assert len(outputs) == 4
        assert all(len(text) < 1024 for text in outputs)
        project.destroy()
        assert emulated_api.live_count == 0
        assert _list_leftovers(clouds) == []


def _configure(project: StorageProject, golden: GoldenState, config: dict[str, Any]) -> None:
    project.write_config(config)
    project.encrypt(**{f"realtimekit:{name}": value for name, value in golden.secrets.items()})


def _count_resources(golden: GoldenState) -> int:
    resources = golden.deployment["deployment"]["resources"]
    return sum(not one["type"].startswith("pulumi:providers:") for one in resources)


def _list_leftovers(clouds: Clouds) -> list[str]:
    """Return the names of all that a stack can have made and is still there."""
    assert clouds.azurite is not None
    users = clouds.moto.client("iam").list_users()["Users"]
    accounts = clouds.gcs_server.iam.accounts
    with clouds.azurite.client() as azure:
        return [
            *(one["Name"] for one in clouds.moto.client("s3").list_buckets()["Buckets"]),
            *(one["UserName"] for one in users if one["UserName"] != "administrator"),
            *clouds.gcs_server.bucket_names(),
            *(one for one in accounts if not one.startswith("administrator@")),
            *(one["name"] for one in azure.list_containers()),
            *(one.name for one in clouds.sftp_server.root.glob("*/*")),
        ]


@by_file
def test_a_golden_state_has_a_resource_of_every_provider_and_of_every_storage(file: Path) -> None:
    """Whoever adds a resource or a type of storage makes the next release's state with it."""
    resources = GoldenState.read(file).deployment["deployment"]["resources"]
    prefix = TYPE.removesuffix("TrackRecording")
    found = {one["type"].removeprefix(prefix) for one in resources if prefix in one["type"]}
    assert found == {name.removesuffix("Provider") for name in providers.__all__}
    locations = [one for one in resources if one["type"] == f"{prefix}StorageLocation"]
    assert {one["outputs"]["type"] for one in locations} == {*STORAGE_TYPES}


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
