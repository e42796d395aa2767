"""Storage that must be replaced while recordings are being written to it."""

from __future__ import annotations

import re

import pytest

from realtimekit_emulator import Control
from tests.pulumi_cli.storage.support.clouds import PREFIX, Clouds, Storage
from tests.pulumi_cli.storage.support.storage_project import StorageProject, build_recording

pytestmark = pytest.mark.engine

# No other test has these names: what is left of these stacks keeps its key.
KINDS = ("archive", "folder")


def test_recordings_stop_are_uploaded_to_the_old_storage_and_start_on_the_new_one(
    project: StorageProject, clouds: Clouds, control: Control
) -> None:
    """In that order, for a bucket and a folder at once; other recordings go uninterrupted."""
    before, other = (
        {"archive": clouds.declare_aws(), "folder": clouds.declare_sftp()},
        {"other": clouds.declare_aws()},
    )
    recordings = {
        name: build_recording(_create_meeting(control), name) for name in (*KINDS, "other")
    }
    project.declare({**before, **other}, recordings)
    project.up()
    old = _wait_until_running(project, control)

    after = {"archive": clouds.declare_aws(), "folder": clouds.declare_sftp()}
    control.set(upload_seconds=1.0)
    project.declare({**after, **other}, recordings)
    output = project.up()
    new = _wait_until_running(project, control)

    assert new["other"] == old["other"]
    assert control.recording(old["other"]).event_names == ["invoked", "started"]
    for kind in KINDS:
        stopped, uploaded = (
            _find_event(control, old[kind], event) for event in ("stopped", "uploaded")
        )
        assert stopped < uploaded < _find_event(control, new[kind], "invoked")
        assert len(before[kind].files()) == 1
        assert after[kind].files() == {}
        assert f"{before[kind].bucket} holds files and is kept" in output
        control.end_session(recordings[kind]["meeting_id"])
        control.wait_for(new[kind], "UPLOADED")
        assert len(after[kind].files()) == 1


def test_storage_under_another_name_stays_by_its_alias(
    project: StorageProject, clouds: Clouds, control: Control
) -> None:
    """With all its parts: nothing is replaced, and the recording that writes there goes on."""
    storage = clouds.declare_aws()
    recordings = {"standup": build_recording(_create_meeting(control), "attic")}
    project.declare({"attic": storage}, recordings)
    project.up()
    old = _wait_until_running(project, control)

    recordings["standup"]["layers"]["default"]["outputs"] = [{"storage": "loft"}]
    project.declare({"loft": storage.with_changes(aliases=["attic"])}, recordings)
    output = project.up()
    assert "replaced" not in output
    assert "deleted" not in output
    assert _wait_until_running(project, control) == old
    assert control.recording(old["standup"]).event_names == ["invoked", "started"]


def test_a_replacement_that_times_out_changes_nothing_and_the_next_one_continues(
    project: StorageProject, clouds: Clouds, control: Control
) -> None:
    """Bucket and key stay, so that the files are uploaded; nothing is started meanwhile."""
    before, after = clouds.declare_aws(upload_deadline=0.5), clouds.declare_aws(upload_deadline=30)
    recordings = {"standup": build_recording(_create_meeting(control), "cellar")}
    project.declare({"cellar": before}, recordings)
    project.up()
    old = _wait_until_running(project, control)

    control.set(upload_seconds=3600)
    project.declare({"cellar": after}, recordings)
    refused = project.try_up()
    assert refused.code != 0
    assert f"1 recording still writes to aws {before.bucket}" in refused.output
    assert [one.id for one in control.recordings()] == [old["standup"]]

    control.advance(3600)
    project.up()
    _check_upload(before, control, old["standup"])
    new = _wait_until_running(project, control)
    assert _find_event(control, old["standup"], "uploaded") < _find_event(
        control, new["standup"], "invoked"
    )


def test_another_prefix_deletes_no_key_of_a_recording_that_still_writes(
    project: StorageProject, clouds: Clouds, control: Control
) -> None:
    """It is uploaded with its old key below the old prefix; the next one goes below the new one.

    Only then gate and writer are replaced, in that order.
    """
    before = _declare_with_keys(clouds)
    recordings = {name: build_recording(_create_meeting(control), name) for name in before}
    project.declare(before, recordings)
    project.up()
    old = _wait_until_running(project, control)

    control.set(upload_seconds=1.0)
    after = {name: _set_prefix(one, "elsewhere") for name, one in before.items()}
    project.declare(after, recordings)
    output = project.up()
    new = _wait_until_running(project, control)

    for name, storage in before.items():
        if storage.declared["type"] != "azure":  # Azure's writer may write to the whole container
            assert output.index(f"{name}-gate deleted") < output.index(f"{name}-writer deleting")
        stopped, uploaded = (
            _find_event(control, old[name], event) for event in ("stopped", "uploaded")
        )
        assert stopped < uploaded < _find_event(control, new[name], "invoked")
        (first,) = storage.files()
        assert first.startswith(f"{PREFIX}/")
        control.end_session(recordings[name]["meeting_id"])
        control.wait_for(new[name], "UPLOADED")
        (second,) = storage.files().keys() - {first}
        assert second.startswith("elsewhere/")


@pytest.mark.parametrize("part", ["location", "writer"])
def test_a_forced_replacement_deletes_after_the_last_upload(
    part: str, project: StorageProject, clouds: Clouds, control: Control
) -> None:
    """--replace skips diff: the order is still the same."""
    storage = clouds.declare_aws()
    recordings = {"standup": build_recording(_create_meeting(control), f"forced-{part}")}
    project.declare({f"forced-{part}": storage}, recordings)
    project.up()
    old = _wait_until_running(project, control)["standup"]

    control.set(upload_seconds=1.0)
    urns = project.run("stack", "--show-urns", "--show-ids")
    (urn,) = re.findall(rf"urn:\S+::forced-{part}-{part}\b", urns)
    project.up("--replace", urn)
    new = _wait_until_running(project, control)["standup"]

    assert _find_event(control, old, "uploaded") < _find_event(control, new, "invoked")
    control.end_session(recordings["standup"]["meeting_id"])
    control.wait_for(new, "UPLOADED")
    assert len(storage.files()) == 2


def test_another_writer_at_the_same_path_replaces_the_gate_too(
    project: StorageProject, clouds: Clouds, control: Control
) -> None:
    """Its recordings are replaced with it, since with the old writer its key is deleted."""
    before = clouds.declare_aws()
    recordings = {"standup": build_recording(_create_meeting(control), "sorted")}
    project.declare({"sorted": before}, recordings)
    project.up()
    urns = project.run("stack", "--show-urns", "--show-ids")
    (urn,) = re.findall(r"urn:\S+::sorted-writer\b", urns)
    output = project.preview("--replace", urn)
    for name in ("sorted-writer", "sorted-gate", "standup"):
        assert re.search(rf"\+-.*\n.*\n.*::{name}\]", output), output


def _declare_with_keys(clouds: Clouds) -> dict[str, Storage]:
    """Declare the kinds whose keys the provider makes; Azure where Azurite is installed."""
    storage = {"moved-aws": clouds.declare_aws(), "moved-gcs": clouds.declare_gcs()}
    return {**storage, "moved-azure": clouds.declare_azure()} if clouds.azurite else storage


def _set_prefix(storage: Storage, prefix: str) -> Storage:
    return storage.with_changes(prefix=prefix)


def _create_meeting(control: Control) -> str:
    return control.create_meeting(participants=1).id


def _wait_until_running(project: StorageProject, control: Control) -> dict[str, str]:
    """Return the recordings by their resources' names, once they run."""
    ids = {name: str(one["id"]) for name, one in project.read_recordings().items()}
    for recording_id in ids.values():
        control.wait_for(recording_id, "RECORDING")
    return ids


def _find_event(control: Control, recording_id: str, event: str) -> int:
    """Return the index of an event in the emulator's log of all events."""
    events = [(logged.subject, logged.name) for logged in control.events()]
    return events.index((recording_id, event))


def _check_upload(storage: Storage, control: Control, recording_id: str) -> None:
    control.wait_for(recording_id, "UPLOADED")
    assert len(storage.files()) == 1
