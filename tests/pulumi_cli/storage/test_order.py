"""A destroy takes away credential and bucket after the last file has landed, and not before."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping

import pytest

from tests.pulumi_cli.interrupted_deployment import deploying
from tests.pulumi_cli.storage.storage_project import (
    PREFIX,
    Clouds,
    Storage,
    StorageProject,
    recorded_to,
)
from tests.scenarios.steps import EmulatedApi
from tools.webm_reader import read_title

pytestmark = pytest.mark.engine

UPLOAD_SECONDS = 2
NEVER = 3600


class TimedLog(list[str]):
    """A stand-in's log of calls that knows when each came."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def append(self, call: str) -> None:
        """Note a call."""
        self.times.append(time.time())
        super().append(call)

    def of(self, *parts: str) -> list[float]:
        """When the calls came that hold all of these parts."""
        both = zip(self, self.times, strict=True)
        return [at for call, at in both if all(part in call for part in parts)]


@pytest.fixture
def calls(clouds: Clouds) -> Iterator[TimedLog]:
    """What Cloud Storage and Google's IAM are asked in this test."""
    before = clouds.gcs_server.calls
    log = clouds.gcs_server.calls = TimedLog()
    yield log
    clouds.gcs_server.calls = before


def test_three_live_recordings_land_before_anything_goes(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi, calls: TimedLog
) -> None:
    """Each writer and, where it may go, each bucket is deleted after the file has landed."""
    kept, failing, forced = (clouds.gcs(on_delete=word) for word in ("keep", "fail", "force"))
    storage = {one.name: one for one in (kept, failing, forced)}
    recordings = _live(project, emulated_api, storage)
    emulated_api.control.set(upload_seconds=UPLOAD_SECONDS)
    outcome = project.try_destroy()

    for one in storage.values():
        landed = [
            _landed(emulated_api, recordings[one.name]),
            *calls.of("POST /upload/", one.bucket),
        ]
        assert min(calls.of("DELETE /v1/", f"/{one.name}-")) > max(landed)
    assert min(calls.of("DELETE /storage/", forced.bucket)) > _landed(
        emulated_api, recordings[forced.name]
    )
    assert forced.bucket not in clouds.gcs_server.bucket_names()
    for one in (kept, failing):
        ((name, content),) = one.files().items()
        assert name.startswith(PREFIX)
        assert read_title(content)
        assert clouds.gcs_writers(one) == []
    assert outcome.code != 0
    assert f"'{failing.bucket}' (europe-west1" in outcome.output
    assert "holds objects, and on_delete is 'fail'" in outcome.output


def test_a_destroy_that_cannot_wait_long_enough_leaves_everything_in_place(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi
) -> None:
    """It says what still writes; the destroy after the upload's end finishes, and loses nothing."""
    aws = clouds.aws(upload_deadline=0.5)
    (recording_id,) = _live(project, emulated_api, {aws.name: aws}).values()
    emulated_api.control.set(upload_seconds=NEVER)
    outcome = project.try_destroy()
    assert outcome.code != 0
    assert f"1 recording still writes to aws {aws.bucket}: {recording_id} (UPLOADING)" in (
        outcome.output
    )
    assert "Storage and credential stay in place" in outcome.output
    assert len(clouds.aws_writers(aws)) == 1
    assert {f"{aws.name}-{part}" for part in ("gate", "place", "writer")} <= _names_in(project)

    emulated_api.control.advance(NEVER)
    assert f"{aws.bucket} holds objects and is kept" in project.destroy()
    ((_, content),) = aws.files().items()
    assert read_title(content)
    assert clouds.aws_writers(aws) == []
    assert _names_in(project) == set()


def test_an_interrupted_destroy_leaves_everything_in_place_for_the_next_one(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi
) -> None:
    """Which waits for the same uploads, though the state holds no recording any more."""
    aws, gcs = clouds.aws(), clouds.gcs()
    storage = {one.name: one for one in (aws, gcs)}
    recordings = _live(project, emulated_api, storage)
    emulated_api.control.set(upload_seconds=NEVER)
    with deploying(project.start_destroy()) as first:
        first.interrupt_twice(_lists(emulated_api))
    assert project.recordings() == {}
    kept = {f"{name}-{part}" for name in storage for part in ("gate", "place", "writer")}
    assert kept <= _names_in(project)

    with deploying(project.start_destroy()) as second:
        second.waits(_lists(emulated_api))
        assert [len(clouds.aws_writers(aws)), len(clouds.gcs_writers(gcs))] == [1, 1]
        emulated_api.control.advance(NEVER)
        assert second.ended() == 0
    for name, one in storage.items():
        ((_, content),) = one.files().items()
        assert read_title(content)
        stopped = emulated_api.control.recording(recordings[name])
        assert stopped.event_names.count("stopped") == 1
    assert [clouds.aws_writers(aws), clouds.gcs_writers(gcs)] == [[], []]
    assert _names_in(project) == set()


def _lists(emulated_api: EmulatedApi) -> Callable[[], int]:
    """Return what tells how often the gates have looked from now on."""
    before = emulated_api.control.counts().of("list_recordings")
    return lambda: emulated_api.control.counts().of("list_recordings") - before


def _live(
    project: StorageProject, emulated_api: EmulatedApi, storage: Mapping[str, Storage]
) -> dict[str, str]:
    """Deploy a recording to each storage, and return their ids by the storage's name."""
    meetings = {name: emulated_api.control.create_meeting(participants=1).id for name in storage}
    recordings = {
        f"to-{name}": recorded_to(meeting_id, name) for name, meeting_id in meetings.items()
    }
    project.declare(storage, recordings)
    project.up()
    for one in emulated_api.control.recordings():
        emulated_api.control.wait_for(one.id, "RECORDING")
    stored = project.recordings()
    return {name: stored[f"to-{name}"]["id"] for name in storage}


def _landed(emulated_api: EmulatedApi, recording_id: str) -> float:
    """When the file was there, by the clock that the stand-in's log has as well."""
    uploaded = emulated_api.control.recording(recording_id).uploaded_time
    assert uploaded is not None
    return uploaded


def _names_in(project: StorageProject) -> set[str]:
    return {one["urn"].rsplit("::")[-1] for one in project.resources()}
