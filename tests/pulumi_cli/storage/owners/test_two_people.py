"""Two people with a backend each deploy the same program to one account, for a day."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from realtimekit_emulator import Control, EmulatorServer
from tests.polling import wait_until
from tests.pulumi_cli.storage.support.clouds import Clouds, Storage
from tests.pulumi_cli.storage.support.storage_project import StorageProject, build_recording
from tests.pulumi_cli.support.interrupted_deployment import watch_deployment
from tests.scenarios.steps import LIVE

pytestmark = pytest.mark.engine

WITHOUT_STORAGE = "plain"
ROTATED = ("aws", "azure", "gcs")
"""The kinds whose keys the provider makes."""
REFUSALS: Mapping[str, str] = {
    "aws": "its mark is rk",
    "azure": "its mark is rk",
    "digitalocean": "its mark is rk",
    "gcs": "its mark is rk",
    "sftp": "it exists already and holds files",
}


def declare_storage(clouds: Clouds) -> dict[str, Storage]:
    """Declare storage of every kind, in locations that nobody else has; Azure with Azurite."""
    storage = {
        "aws": clouds.declare_aws(),
        "digitalocean": clouds.declare_spaces(),
        "gcs": clouds.declare_gcs(),
        "sftp": clouds.declare_sftp(),
    }
    return {**storage, "azure": clouds.declare_azure()} if clouds.azurite else storage


class Person:
    """A person with a project whose stack has a recording for each storage, and one without.

    Attributes:
        project: The person's copy of the program, with a state of its own.
        storage: The person's storage.
        recording_ids: The person's recordings, as far as they were read.
    """

    def __init__(self, project: StorageProject, storage: Mapping[str, Storage]) -> None:
        self.project = project
        self.storage = storage
        self.recording_ids: set[str] = set()

    def declare(self, meetings: Mapping[str, str], **inputs: Any) -> None:
        """Declare all storage, and a recording of each meeting, with these inputs."""
        recordings = {
            name: build_recording(meeting_id, name, **inputs)
            if name in self.storage
            else {"meeting_id": meeting_id, "layers": {"default": {}}, **inputs}
            for name, meeting_id in meetings.items()
        }
        self.project.declare(self.storage, recordings)

    def rotate_keys(self) -> None:
        """Have the next deployment make other keys."""
        self.storage = {
            name: one.with_changes(key_generation=2) if name in ROTATED else one
            for name, one in self.storage.items()
        }

    def read_recordings(self, control: Control) -> set[str]:
        """Return the ids of the person's recordings, once each has begun to record."""
        for one in control.recordings():
            if one.status == "INVOKED":
                control.wait_for(one.id, "RECORDING")
        ids = {one["id"] for one in self.project.read_recordings().values()}
        self.recording_ids |= ids
        return ids

    def count_files(self) -> dict[str, int]:
        """Return how many files lie in each storage."""
        return {name: len(one.files()) for name, one in self.storage.items()}


def create_meetings(control: Control, storage: Mapping[str, Storage]) -> dict[str, str]:
    names = (WITHOUT_STORAGE, *storage)
    return {name: control.create_meeting(participants=1).id for name in names}


def list_statuses(control: Control, ids: set[str]) -> set[str]:
    return {one.status for one in control.recordings() if one.id in ids}


def test_two_people_with_the_same_names_do_not_notice_each_other(
    template: Path, tmp_path: Path, emulator: EmulatorServer, clouds: Clouds
) -> None:
    """But by a refusal: whatever the second one does, the first one's deployments see no change."""
    control = emulator.control
    anna, ben = (
        Person(StorageProject.create(template, tmp_path / name, emulator, clouds), storage)
        for name, storage in (("anna", declare_storage(clouds)), ("ben", {}))
    )
    meetings = create_meetings(control, anna.storage)
    anna.declare(meetings)
    anna.project.up()
    of_anna = anna.read_recordings(control)
    (clouds.sftp_server.root / anna.storage["sftp"].bucket / "kept").write_bytes(b"of yesterday")

    # In the morning the second one deploys what the first one has deployed.
    ben.storage = anna.storage
    ben.declare(meetings, on_conflict="adopt")
    refused = ben.project.try_up("--continue-on-error")
    assert refused.code != 0
    for name, storage in anna.storage.items():
        rows = [line for line in refused.output.splitlines() if storage.bucket in line]
        assert any(REFUSALS[name] in line for line in rows), refused.output
    assert "of another stack" in refused.output
    assert ben.read_recordings(control) == set()

    # Both have other places, under the same names; the first one pauses.
    ben.storage = declare_storage(clouds)
    own_meetings = create_meetings(control, ben.storage)
    ben.declare(own_meetings)
    ben.project.up()
    assert ben.read_recordings(control).isdisjoint(of_anna)
    anna.declare(meetings, desired_state="PAUSED")
    paused = anna.project.up("--refresh")
    assert f"~ {len(meetings)} updated" in paused, paused
    assert list_statuses(control, of_anna) == {"PAUSED"}
    assert list_statuses(control, ben.recording_ids) == {"RECORDING"}

    # The second one rotates all keys, and is killed while one more recording starts.
    ben.rotate_keys()
    ben.declare({**own_meetings, "late": control.create_meeting(participants=1).id})
    control.add_fault("slow", route="start_track", effect="after", seconds=3600)
    before = len(control.recordings())
    with watch_deployment(ben.project.start_up()) as deployment:
        wait_until(lambda: len(control.recordings()) > before)
        deployment.kill()
    control.clear_faults()
    ben.project.run("cancel", "--yes")
    ben.project.up()
    assert len(ben.read_recordings(control)) == len(own_meetings) + 1
    assert len(control.recordings()) == before + 1

    # In the evening the second one destroys everything, and the first one a little later.
    ben.project.destroy()
    assert list_statuses(control, ben.recording_ids) == {"UPLOADED"}
    assert ben.count_files() == dict.fromkeys(ben.storage, 1)
    anna.project.up("--refresh", "--expect-no-changes")
    assert anna.read_recordings(control) == of_anna
    assert list_statuses(control, of_anna) == {"PAUSED"}
    anna.project.destroy()
    assert list_statuses(control, of_anna) == {"UPLOADED"}
    assert anna.count_files() == {**dict.fromkeys(anna.storage, 1), "sftp": 2}
    assert not any(one.status in LIVE for one in control.recordings())
