"""Destroys of stacks with live recordings: one wait, and no file is lost."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from realtimekit_emulator import Control
from tests.polling import wait_until
from tests.pulumi_cli.storage.support.clouds import Clouds
from tests.pulumi_cli.storage.support.schedules import SEEDS, draw_schedule
from tests.pulumi_cli.storage.support.storage_project import StorageProject, build_recording
from tests.scenarios.steps import count_calls_since

pytestmark = pytest.mark.engine

MANY = 40
UPLOAD = 5.0


def test_forty_uploads_are_waited_for_once(
    project: StorageProject, clouds: Clouds, control: Control
) -> None:
    """All recordings are stopped before the first file is uploaded, and the wait costs pages.

    The emulator's clock stands still until the last stop: a stop that waited for its file would
    never end. The archive's gate is told of no app: it knows what this run has stopped.
    """
    storage = {"archive": clouds.declare_aws(apps=[]), "folder": clouds.declare_sftp()}
    names = {f"talk_{number}": ("archive", "folder")[number % 2] for number in range(MANY)}
    project.declare(
        storage,
        {name: build_recording(_create_meeting(control), kind) for name, kind in names.items()},
    )
    project.up()
    for one in control.recordings():
        control.wait_for(one.id, "RECORDING")
    control.set(upload_seconds=UPLOAD)
    control.scale_time(0)
    last_request = control.requests()[-1].number
    with ThreadPoolExecutor(1) as pool:
        started = time.monotonic()
        destroy = pool.submit(project.destroy)
        wait_until(lambda: _read_list_statuses(control) == {"UPLOADING"}, timeout=90)
        control.scale_time(1)
        destroy.result(timeout=90)
        seconds = time.monotonic() - started
    assert _read_list_statuses(control) == {"UPLOADED"}
    assert [len(one.files()) for one in storage.values()] == [MANY // 2, MANY // 2]
    assert seconds < MANY * UPLOAD / 4, "it waited for the uploads four by four"
    calls = count_calls_since(control, last_request)
    assert (calls["stop"], calls["get"] <= MANY) == (MANY, True)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_destroy_loses_a_file(
    seed: int, project: StorageProject, clouds: Clouds, control: Control
) -> None:
    """Whenever it starts, and whatever ends recordings before it or during it."""
    schedule = draw_schedule(seed)
    control.set(**schedule.emulator_settings)
    storage = {"archive": clouds.declare_aws(), "folder": clouds.declare_sftp()}
    meetings = {name: _create_meeting(control) for name in schedule.storage}
    project.declare(
        storage,
        {name: build_recording(meetings[name], *kinds) for name, kinds in schedule.storage.items()},
        timing={"minimum_length": schedule.minimum_seconds},
    )
    project.up()
    endings = {
        name: threading.Timer(after, control.end_session, [meetings[name]])
        for name, after in schedule.session_ends.items()
    }
    for ending in endings.values():
        ending.start()
    time.sleep(schedule.destroy_after)
    for name, after in schedule.session_ends.items():
        if after < schedule.destroy_after:
            endings[name].join()
    for name in schedule.paused:
        control.force(control.recordings(meetings[name])[0].id, "PAUSED")
    if seed % 2 == 0:
        assert "UPLOADING" in _read_list_statuses(control)
    project.destroy()
    for ending in endings.values():
        ending.join()
    assert _read_list_statuses(control) == {"UPLOADED"}
    expected = Counter(kind for kinds in schedule.storage.values() for kind in kinds)
    assert {name: len(one.files()) for name, one in storage.items()} == expected


def _create_meeting(control: Control) -> str:
    return control.create_meeting(participants=1).id


def _read_list_statuses(control: Control) -> set[str]:
    return {one.status for one in control.recordings()}
