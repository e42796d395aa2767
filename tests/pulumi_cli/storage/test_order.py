"""A destroy deletes credential and bucket after the last file is uploaded, and not before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest

from realtimekit_emulator import Control
from tests.pulumi_cli.storage.support.clouds import PREFIX, Clouds, Storage
from tests.pulumi_cli.storage.support.storage_project import StorageProject, build_recording
from tests.pulumi_cli.support.interrupted_deployment import watch_deployment
from tests.scenarios.steps import EmulatedApi
from tools.webm_reader import read_title

pytestmark = pytest.mark.engine

UPLOAD_SECONDS = 2
NEVER = 3600


class TimedLog(list[str]):
    """A test server's log of calls, with the time of each by the clock of the recordings."""

    def __init__(self, read_clock: Callable[[], float]) -> None:
        super().__init__()
        self.times: list[float] = []
        self._read_clock = read_clock

    def append(self, call: str) -> None:
        """Add a call, with the current time."""
        self.times.append(self._read_clock())
        super().append(call)

    def find_times(self, *parts: str) -> list[float]:
        """Return the times of the calls that contain all of these parts."""
        timed = zip(self, self.times, strict=True)
        return [at for call, at in timed if all(part in call for part in parts)]


@pytest.fixture
def calls(clouds: Clouds, control: Control) -> Iterator[TimedLog]:
    """What Cloud Storage and Google's IAM are asked in this test."""
    before = clouds.gcs_server.calls
    log = clouds.gcs_server.calls = TimedLog(control.now)
    yield log
    clouds.gcs_server.calls = before


def test_three_live_recordings_are_uploaded_before_anything_is_deleted(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi, calls: TimedLog
) -> None:
    """Each writer and, where it may be deleted, each bucket goes after the upload."""
    kept, failing, forced = (
        clouds.declare_gcs(on_delete=word) for word in ("keep", "fail", "force")
    )
    storage = {one.name: one for one in (kept, failing, forced)}
    recordings = _deploy_live(project, emulated_api, storage)
    emulated_api.control.set(upload_seconds=UPLOAD_SECONDS)
    outcome = project.try_destroy()

    for one in storage.values():
        uploaded = [
            _get_upload_time(emulated_api, recordings[one.name]),
            *calls.find_times("POST /upload/", one.bucket),
        ]
        assert min(calls.find_times("DELETE /v1/", f"/{one.name}-")) > max(uploaded)
    assert min(calls.find_times("DELETE /storage/", forced.bucket)) > _get_upload_time(
        emulated_api, recordings[forced.name]
    )
    assert forced.bucket not in clouds.gcs_server.bucket_names()
    for one in (kept, failing):
        ((name, content),) = one.files().items()
        assert name.startswith(PREFIX)
        assert read_title(content)
        assert clouds.list_gcs_writers(one) == []
    assert outcome.code != 0
    assert f"The bucket {failing.bucket} (gcs, europe-west1" in outcome.output
    assert "it holds objects, such as '" in outcome.output
    assert "and on_delete is 'fail', so it was not deleted." in outcome.output


def test_a_destroy_that_cannot_wait_long_enough_deletes_nothing(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi
) -> None:
    """It says what still writes; a destroy after the upload finishes, and no file is lost."""
    aws = clouds.declare_aws(upload_deadline=0.5)
    (recording_id,) = _deploy_live(project, emulated_api, {aws.name: aws}).values()
    emulated_api.control.set(upload_seconds=NEVER)
    outcome = project.try_destroy()
    assert outcome.code != 0
    assert f"1 recording still writes to aws {aws.bucket}: {recording_id} (UPLOADING)" in (
        outcome.output
    )
    assert "Storage and credential are kept" in outcome.output
    assert len(clouds.list_aws_writers(aws)) == 1
    assert {f"{aws.name}-{part}" for part in ("gate", "location", "writer")} <= _list_names(project)

    emulated_api.control.advance(NEVER)
    assert f"{aws.bucket} holds files and is kept" in project.destroy()
    ((_, content),) = aws.files().items()
    assert read_title(content)
    assert clouds.list_aws_writers(aws) == []
    assert _list_names(project) == set()


def test_an_interrupted_destroy_leaves_everything_for_the_next_one(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi
) -> None:
    """Which waits for the same uploads, though the state holds no recording any more."""
    aws, gcs = clouds.declare_aws(), clouds.declare_gcs()
    storage = {one.name: one for one in (aws, gcs)}
    recordings = _deploy_live(project, emulated_api, storage)
    emulated_api.control.set(upload_seconds=NEVER)
    with watch_deployment(project.start_destroy()) as first:
        first.interrupt_twice(_create_call_counter(emulated_api))
    assert project.read_recordings() == {}
    kept = {f"{name}-{part}" for name in storage for part in ("gate", "location", "writer")}
    assert kept <= _list_names(project)

    with watch_deployment(project.start_destroy()) as second:
        second.wait_until_polling(_create_call_counter(emulated_api))
        assert [len(clouds.list_aws_writers(aws)), len(clouds.list_gcs_writers(gcs))] == [1, 1]
        emulated_api.control.advance(NEVER)
        assert second.wait_for_exit() == 0
    for name, one in storage.items():
        ((_, content),) = one.files().items()
        assert read_title(content)
        stopped = emulated_api.control.recording(recordings[name])
        assert stopped.event_names.count("stopped") == 1
    assert [clouds.list_aws_writers(aws), clouds.list_gcs_writers(gcs)] == [[], []]
    assert _list_names(project) == set()


def _create_call_counter(emulated_api: EmulatedApi) -> Callable[[], int]:
    """Return a function that counts the gates' lists of recordings from now on."""
    before = emulated_api.control.counts().of("list_recordings")
    return lambda: emulated_api.control.counts().of("list_recordings") - before


def _deploy_live(
    project: StorageProject, emulated_api: EmulatedApi, storage: Mapping[str, Storage]
) -> dict[str, str]:
    """Deploy a recording to each storage, and return their ids by the storage's name."""
    meetings = {name: emulated_api.control.create_meeting(participants=1).id for name in storage}
    recordings = {
        f"to-{name}": build_recording(meeting_id, name) for name, meeting_id in meetings.items()
    }
    project.declare(storage, recordings)
    project.up()
    for one in emulated_api.control.recordings():
        emulated_api.control.wait_for(one.id, "RECORDING")
    stored = project.read_recordings()
    return {name: stored[f"to-{name}"]["id"] for name in storage}


def _get_upload_time(emulated_api: EmulatedApi, recording_id: str) -> float:
    """Return when the file was uploaded."""
    uploaded = emulated_api.control.recording(recording_id).uploaded_time
    assert uploaded is not None
    return uploaded


def _list_names(project: StorageProject) -> set[str]:
    return {one["urn"].rsplit("::")[-1] for one in project.read_resources()}
