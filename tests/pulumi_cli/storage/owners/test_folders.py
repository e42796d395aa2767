"""Two states that have one SFTP folder, which can carry no mark."""

from __future__ import annotations

from pathlib import Path

import pytest

from realtimekit_emulator import EmulatorServer
from tests.pulumi_cli.storage.support.clouds import Clouds
from tests.pulumi_cli.storage.support.storage_project import StorageProject

pytestmark = pytest.mark.engine


def test_the_second_state_deletes_no_file_of_an_empty_folder_that_it_found(
    template: Path, tmp_path: Path, emulator: EmulatorServer, clouds: Clouds
) -> None:
    """Whatever its ``on_delete`` says; a refresh and an update do not forget who created it."""
    first, second = (
        StorageProject.create(template, tmp_path / name, emulator, clouds)
        for name in ("first", "second")
    )
    storage = clouds.declare_sftp(on_delete="force")
    for project in (first, second):
        project.declare({"team": storage}, {})
    first.up()
    found = second.up()
    assert "it exists already and is empty, so it is used" in found, found
    folder = clouds.sftp_server.root / storage.bucket
    file = folder / "tracks.webm"
    file.write_bytes(b"of the first one")
    second.declare({"team": storage.with_changes(upload_deadline=60, on_delete="fail")}, {})
    second.up("--refresh")
    second.declare({"team": storage.with_changes(upload_deadline=60)}, {})
    second.up("--refresh")
    second.up("--refresh", "--expect-no-changes")
    kept = second.destroy()
    assert f"{storage.bucket} is kept as it is, because it was there before" in kept, kept
    assert file.read_bytes() == b"of the first one"
    first.up("--refresh", "--expect-no-changes")
    first.destroy()
    assert not folder.exists()
