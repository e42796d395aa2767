"""A place that must be replaced while recordings are being written to it."""

from __future__ import annotations

import re

import pytest

from realtimekit_emulator import Control
from tests.pulumi_cli.storage.storage_project import (
    PREFIX,
    Clouds,
    Storage,
    StorageProject,
    recorded_to,
)

pytestmark = pytest.mark.engine

# Names that no other test has: what is left of these stacks keeps its key.
KINDS = ("vault", "folder")


def test_recordings_stop_land_in_the_old_place_and_start_on_the_new_one(
    project: StorageProject, clouds: Clouds, control: Control
) -> None:
    """In that order, for a bucket and a folder at once; who writes elsewhere is not interrupted."""
    before, other = {"vault": clouds.aws(), "folder": clouds.sftp()}, {"other": clouds.aws()}
    recordings = {name: recorded_to(_meeting(control), name) for name in (*KINDS, "other")}
    project.declare({**before, **other}, recordings)
    project.up()
    old = _running(project, control)

    after = {"vault": clouds.aws(), "folder": clouds.sftp()}
    control.set(upload_seconds=1.0)
    project.declare({**after, **other}, recordings)
    said = project.up()
    new = _running(project, control)

    assert new["other"] == old["other"]
    assert control.recording(old["other"]).event_names == ["invoked", "started"]
    for kind in KINDS:
        stopped, landed = (_when(control, old[kind], what) for what in ("stopped", "uploaded"))
        assert stopped < landed < _when(control, new[kind], "invoked")
        assert len(before[kind].files()) == 1
        assert after[kind].files() == {}
        assert f"{before[kind].bucket} holds objects and is kept" in said
        control.end_session(recordings[kind]["meeting_id"])
        control.wait_for(new[kind], "UPLOADED")
        assert len(after[kind].files()) == 1


def test_a_replacement_whose_wait_is_over_changes_nothing_and_the_next_one_goes_on(
    project: StorageProject, clouds: Clouds, control: Control
) -> None:
    """Bucket and key stay where they are, so that the files land; nothing is started meanwhile."""
    before, after = clouds.aws(upload_deadline=0.5), clouds.aws(upload_deadline=30)
    recordings = {"standup": recorded_to(_meeting(control), "cellar")}
    project.declare({"cellar": before}, recordings)
    project.up()
    old = _running(project, control)

    control.set(upload_seconds=3600)
    project.declare({"cellar": after}, recordings)
    refused = project.try_up()
    assert refused.code != 0
    assert f"1 recording still writes to aws {before.bucket}" in refused.output
    assert [one.id for one in control.recordings()] == [old["standup"]]

    control.advance(3600)
    project.up()
    _landed(before, control, old["standup"])
    new = _running(project, control)
    assert _when(control, old["standup"], "uploaded") < _when(control, new["standup"], "invoked")


def test_another_prefix_takes_no_key_from_a_recording_that_still_writes(
    project: StorageProject, clouds: Clouds, control: Control
) -> None:
    """It lands with its old key below the old prefix, and the next one writes below the new one.

    Only then gate and writer are replaced, in that order.
    """
    before = _with_keys(clouds)
    recordings = {name: recorded_to(_meeting(control), name) for name in before}
    project.declare(before, recordings)
    project.up()
    old = _running(project, control)

    control.set(upload_seconds=1.0)
    after = {name: _below(one, "elsewhere") for name, one in before.items()}
    project.declare(after, recordings)
    said = project.up()
    new = _running(project, control)

    for name, storage in before.items():
        if "prefix" in storage.declared:  # Azure's writer may write to the whole container
            assert said.index(f"{name}-gate deleted") < said.index(f"{name}-writer deleting")
        stopped, landed = (_when(control, old[name], what) for what in ("stopped", "uploaded"))
        assert stopped < landed < _when(control, new[name], "invoked")
        (first,) = storage.files()
        assert first.startswith(f"{PREFIX}/")
        control.end_session(recordings[name]["meeting_id"])
        control.wait_for(new[name], "UPLOADED")
        (second,) = storage.files().keys() - {first}
        assert second.startswith("elsewhere/")


@pytest.mark.parametrize("part", ["place", "writer"])
def test_what_is_replaced_by_force_goes_after_the_last_file(
    part: str, project: StorageProject, clouds: Clouds, control: Control
) -> None:
    """--replace makes the engine ask nobody: the order is the same all the same."""
    storage = clouds.aws()
    recordings = {"standup": recorded_to(_meeting(control), f"forced-{part}")}
    project.declare({f"forced-{part}": storage}, recordings)
    project.up()
    old = _running(project, control)["standup"]

    control.set(upload_seconds=1.0)
    urns = project.must("stack", "--show-urns", "--show-ids")
    (urn,) = re.findall(rf"urn:\S+::forced-{part}-{part}\b", urns)
    project.up("--replace", urn)
    new = _running(project, control)["standup"]

    assert _when(control, old, "uploaded") < _when(control, new, "invoked")
    control.end_session(recordings["standup"]["meeting_id"])
    control.wait_for(new, "UPLOADED")
    assert len(storage.files()) == 2


def test_another_writer_at_the_same_path_is_another_gate_too(
    project: StorageProject, clouds: Clouds, control: Control
) -> None:
    """Its recordings are replaced with it: whatever makes another writer takes the old key away."""
    before = clouds.aws()
    recordings = {"standup": recorded_to(_meeting(control), "sorted")}
    project.declare({"sorted": before}, recordings)
    project.up()
    project.declare({"sorted": before.but(partition="aws-us-gov")}, recordings)
    said = project.preview()
    for name in ("sorted-writer", "sorted-gate", "standup"):
        assert re.search(rf"\+-.*\n.*\n.*::{name}\]", said), said


def _with_keys(clouds: Clouds) -> dict[str, Storage]:
    """The kinds whose keys are ours to make; Azure where Azurite is."""
    storage = {"moved-aws": clouds.aws(), "moved-gcs": clouds.gcs()}
    return {**storage, "moved-azure": clouds.azure()} if clouds.azurite else storage


def _below(storage: Storage, prefix: str) -> Storage:
    return storage.but(**{"path" if storage.declared["type"] == "azure" else "prefix": prefix})


def _meeting(control: Control) -> str:
    return control.create_meeting(participants=1).id


def _running(project: StorageProject, control: Control) -> dict[str, str]:
    """Return the recordings by their resources' names, once they run."""
    ids = {name: str(one["id"]) for name, one in project.recordings().items()}
    for recording_id in ids.values():
        control.wait_for(recording_id, "RECORDING")
    return ids


def _when(control: Control, recording_id: str, what: str) -> int:
    """Return the place of an event in the emulator's log of everything."""
    events = [(event.subject, event.name) for event in control.events()]
    return events.index((recording_id, what))


def _landed(storage: Storage, control: Control, recording_id: str) -> None:
    control.wait_for(recording_id, "UPLOADED")
    assert len(storage.files()) == 1
