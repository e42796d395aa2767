"""Destroys of stacks whose recordings still live: one wait, and no file lost."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from realtimekit_emulator import Control
from tests.polling import wait_until
from tests.pulumi_cli.storage.schedules import SEEDS, moments_of
from tests.pulumi_cli.storage.storage_project import Clouds, StorageProject, recorded_to
from tests.scenarios.steps import count_calls_since

pytestmark = pytest.mark.engine

MANY = 40
UPLOAD = 5.0


def test_forty_uploads_are_waited_for_once(
    project: StorageProject, clouds: Clouds, control: Control
) -> None:
    """All recordings are stopped before the first file has landed, and the wait costs pages.

    The emulator's clock stands still until the last stop: a stop that waited for its file would
    never end. The archive's gate is told of no app: it knows what this run has stopped.
    """
    storage = {"archive": clouds.aws(apps=[]), "folder": clouds.sftp()}
    names = {f"talk_{number}": ("archive", "folder")[number % 2] for number in range(MANY)}
    project.declare(
        storage, {name: recorded_to(_meeting(control), kind) for name, kind in names.items()}
    )
    project.up()
    for one in control.recordings():
        control.wait_for(one.id, "RECORDING")
    control.set(upload_seconds=UPLOAD)
    control.scale_time(0)
    asked = control.requests()[-1].number
    with ThreadPoolExecutor(1) as pool:
        began = time.monotonic()
        destroyed = pool.submit(project.destroy)
        wait_until(lambda: _statuses(control) == {"UPLOADING"}, timeout=90)
        control.scale_time(1)
        destroyed.result(timeout=90)
        seconds = time.monotonic() - began
    assert _statuses(control) == {"UPLOADED"}
    assert [len(one.files()) for one in storage.values()] == [MANY // 2, MANY // 2]
    assert seconds < MANY * UPLOAD / 4, "it waited for each four of them on their own"
    calls = count_calls_since(control, asked)
    assert (calls["stop"], calls["get"] <= MANY) == (MANY, True)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_destroy_loses_a_file(
    seed: int, project: StorageProject, clouds: Clouds, control: Control
) -> None:
    """Whenever it begins, and whatever ends recordings before it or amid it."""
    moments = moments_of(seed)
    control.set(**moments.world)
    storage = {"archive": clouds.aws(), "folder": clouds.sftp()}
    meetings = {name: _meeting(control) for name in moments.stored}
    project.declare(
        storage,
        {name: recorded_to(meetings[name], *kinds) for name, kinds in moments.stored.items()},
        bounds={"minimum_length": moments.minimum},
    )
    project.up()
    endings = [
        threading.Timer(after, control.end_session, [meetings[name]])
        for name, after in moments.ended.items()
    ]
    for ending in endings:
        ending.start()
    time.sleep(moments.destroyed)
    for name in moments.paused:
        control.force(control.recordings(meetings[name])[0].id, "PAUSED")
    if seed % 2 == 0:
        assert "UPLOADING" in _statuses(control)
    project.destroy()
    for ending in endings:
        ending.join()
    assert _statuses(control) == {"UPLOADED"}
    expected = Counter(kind for kinds in moments.stored.values() for kind in kinds)
    assert {name: len(one.files()) for name, one in storage.items()} == expected


def _meeting(control: Control) -> str:
    return control.create_meeting(participants=1).id


def _statuses(control: Control) -> set[str]:
    return {one.status for one in control.recordings()}
