"""A place that must be replaced while recordings are being written to it."""

from __future__ import annotations

import pytest

from realtimekit_emulator import Control
from tests.engine.storage.world import Clouds, Storage, StorageProject, recorded_to

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
