"""Rotating a key while recordings write with the last one, and with the one before that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from realtimekit_emulator import Control
from tests.pulumi_cli.storage.support.clouds import Clouds, Storage
from tests.pulumi_cli.storage.support.storage_project import StorageProject, build_recording
from tests.pulumi_cli.support.printed_preview import PrintedPreview, read_expected_preview

pytestmark = pytest.mark.engine

_GENERATION = re.compile(r"^(?:rotating-\w+-.*-g(?=\d+$)|rotating-.*-g(?=\d+@)|rtk-.*-g)(\d+)")
"""An IAM user, a service account, of whose name little is left before the mark, or a policy."""


def test_no_rotation_interrupts_a_recording_or_takes_its_key(
    project: StorageProject, clouds: Clouds, control: Control
) -> None:
    """Two rotations, each with one more live recording; the API's clock is an hour ahead.

    All files are uploaded. The next deployment deletes the keys that nothing needs any more.
    """
    control.set(clock_skew_seconds=3600)
    storage = _declare_with_keys(clouds)
    recordings: dict[str, Any] = {}
    for generation in (1, 2, 3):
        recordings |= {
            f"{name}_from_{generation}": build_recording(
                control.create_meeting(participants=1).id, f"rotating_{name}"
            )
            for name in storage
        }
        rotated = {
            f"rotating_{name}": one.with_changes(key_generation=generation)
            for name, one in storage.items()
        }
        project.declare(rotated, recordings)
        output = project.up()
        assert _list_generations(clouds, storage) == dict.fromkeys(storage, (1, 2, 3)[:generation])
        for one in control.recordings():
            control.wait_for(one.id, "RECORDING")
    assert "key generation 1 is kept" in output
    assert len(control.recordings()) == 3 * len(storage)
    assert {tuple(one.event_names) for one in control.recordings()} == {("invoked", "started")}

    for one in control.recordings():
        control.end_session(one.meeting_id)
    for one in control.recordings():
        control.wait_for(one.id, "UPLOADED")
    assert {name: len(one.files()) for name, one in storage.items()} == dict.fromkeys(storage, 3)
    project.up()
    assert _list_generations(clouds, storage) == dict.fromkeys(storage, (2, 3))
    project.destroy()
    assert _list_generations(clouds, storage) == dict.fromkeys(storage, ())


def test_a_preview_shows_a_rotation_as_updates_only(
    project: StorageProject, clouds: Clouds, control: Control
) -> None:
    """Writer, gate and recording are updated; none of them is replaced."""
    meeting = control.create_meeting(participants=1).id
    recordings = {"standup": build_recording(meeting, "rotating")}
    storage = clouds.declare_aws(bucket="acme-gate")
    project.declare({"rotating": storage}, recordings)
    project.up()
    project.declare({"rotating": storage.with_changes(key_generation=2)}, recordings)
    printed = PrintedPreview.create(project)
    names = ("rotating-writer", "rotating-gate", "standup")
    assert printed.describe(*names) == read_expected_preview("rotated-behind-a-gate")
    assert "~ 3 to update" in printed.diff
    assert "replace" not in printed.diff


def _declare_with_keys(clouds: Clouds) -> Mapping[str, Storage]:
    """Declare the kinds whose keys the provider makes; Azure where Azurite is installed."""
    storage = {"aws": clouds.declare_aws(), "gcs": clouds.declare_gcs()}
    return {**storage, "azure": clouds.declare_azure()} if clouds.azurite else storage


def _list_generations(clouds: Clouds, storage: Mapping[str, Storage]) -> dict[str, tuple[int, ...]]:
    """Return the generations of each writer's key that exist in its cloud."""
    users = clouds.moto.client("iam").list_users()["Users"]
    found = {
        "aws": _extract_numbers(one["UserName"] for one in users),
        "gcs": _extract_numbers(clouds.gcs_server.iam.accounts),
    }
    if clouds.azurite:
        with clouds.azurite.client() as client:
            container = client.get_container_client(storage["azure"].bucket)
            policies = container.get_container_access_policy()["signed_identifiers"] or []
        found["azure"] = _extract_numbers(one.id for one in policies)
    return found


def _extract_numbers(names: Iterable[str]) -> tuple[int, ...]:
    matches = [_GENERATION.search(name) for name in names]
    return tuple(sorted(int(one.group(1)) for one in matches if one))
