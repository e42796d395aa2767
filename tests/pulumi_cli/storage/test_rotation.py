"""Rotating a key while recordings write with the last one, and with the one before that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from realtimekit_emulator import Control
from tests.pulumi_cli.storage.storage_project import Clouds, Storage, StorageProject, recorded_to

pytestmark = pytest.mark.engine

_GENERATION = re.compile(r"^turning-\w+-.*-g(\d+)(?:@|$)|^rtk-.*-g(\d+)$")


def test_no_rotation_interrupts_a_recording_or_takes_its_key(
    project: StorageProject, clouds: Clouds, control: Control
) -> None:
    """Two rotations, each with one more live recording; the API's clock is an hour ahead.

    All files land. Then the next deployment deletes what nothing needs any more.
    """
    control.set(clock_skew_seconds=3600)
    storage = _with_keys(clouds)
    recordings: dict[str, Any] = {}
    for generation in (1, 2, 3):
        recordings |= {
            f"{name}_from_{generation}": recorded_to(
                control.create_meeting(participants=1).id, f"turning_{name}"
            )
            for name in storage
        }
        rotated = {
            f"turning_{name}": one.but(key_generation=generation) for name, one in storage.items()
        }
        project.declare(rotated, recordings)
        said = project.up()
        assert _generations(clouds, storage) == dict.fromkeys(storage, (1, 2, 3)[:generation])
        for one in control.recordings():
            control.wait_for(one.id, "RECORDING")
    assert "key generation 1 stays" in said
    assert len(control.recordings()) == 3 * len(storage)
    assert {tuple(one.event_names) for one in control.recordings()} == {("invoked", "started")}

    for one in control.recordings():
        control.end_session(one.meeting_id)
    for one in control.recordings():
        control.wait_for(one.id, "UPLOADED")
    assert {name: len(one.files()) for name, one in storage.items()} == dict.fromkeys(storage, 3)
    project.up()
    assert _generations(clouds, storage) == dict.fromkeys(storage, (2, 3))
    project.destroy()
    assert _generations(clouds, storage) == dict.fromkeys(storage, ())


def test_a_preview_shows_a_rotation_and_that_nothing_live_is_touched(
    project: StorageProject, clouds: Clouds, control: Control
) -> None:
    """Writer, gate and recording are updated; none of them is replaced."""
    meeting = control.create_meeting(participants=1).id
    recordings = {"standup": recorded_to(meeting, "turning")}
    storage = clouds.aws()
    project.declare({"turning": storage}, recordings)
    project.up()
    project.declare({"turning": storage.but(key_generation=2)}, recordings)
    said = project.preview()
    assert "~ key_generation: 1 => 2" in said
    assert "~ 3 to update" in said
    assert "replace" not in said


def _with_keys(clouds: Clouds) -> Mapping[str, Storage]:
    """The kinds whose keys are ours to make; Azure where Azurite is."""
    storage = {"aws": clouds.aws(), "gcs": clouds.gcs()}
    return {**storage, "azure": clouds.azure()} if clouds.azurite else storage


def _generations(clouds: Clouds, storage: Mapping[str, Storage]) -> dict[str, tuple[int, ...]]:
    """Which generations of each writer's key are there, asked where they are."""
    users = clouds.moto.client("iam").list_users()["Users"]
    there = {
        "aws": _numbers(one["UserName"] for one in users),
        "gcs": _numbers(clouds.gcs_server.iam.accounts),
    }
    if clouds.azurite:
        with clouds.azurite.client() as client:
            container = client.get_container_client(storage["azure"].bucket)
            policies = container.get_container_access_policy()["signed_identifiers"] or []
        there["azure"] = _numbers(one.id for one in policies)
    return there


def _numbers(names: Iterable[str]) -> tuple[int, ...]:
    found = [_GENERATION.search(name) for name in names]
    return tuple(sorted(int(one.group(1) or one.group(2)) for one in found if one))
