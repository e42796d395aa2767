"""No deployment shows a credential of its environment, whatever goes wrong in a cloud."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from realtimekit_emulator import Control
from tests.leaks import find_leak
from tests.pulumi_cli.storage.support.clouds import Clouds
from tests.pulumi_cli.storage.support.storage_project import StorageProject, build_recording
from tests.storage.backends.canaries.calls import NASTY, build_account, build_environment
from tests.storage.backends.canaries.servers import WORD, serve_quotes

pytestmark = pytest.mark.engine

VERBOSE = ("--debug", "--logtostderr", "--logflow", "-v=7")


def test_no_cloud_that_quotes_what_it_was_sent_reveals_a_credential(
    project: StorageProject, clouds: Clouds, control: Control, tmp_path: Path
) -> None:
    """Buckets that cannot be made and a refused login, with the canary, at full verbosity."""
    meetings = [control.create_meeting(participants=1).id for _ in range(3)]
    with serve_quotes(grants_tokens=True) as port:
        _point_to(project, tmp_path, f"http://127.0.0.1:{port}")
        storage: dict[str, Any] = {
            "amazon": clouds.declare_aws(),
            "google": clouds.declare_gcs(),
            "folder": clouds.declare_sftp().with_changes(password=f"{WORD}-wrong"),
        }
        recordings = {
            name: build_recording(meeting, name)
            for name, meeting in zip(storage, meetings, strict=True)
        }
        project.declare(storage, recordings)
        outcome = project.try_up("--continue-on-error", *VERBOSE)
        destroyed = project.try_run("destroy", "--yes", "--skip-preview", *VERBOSE)
    assert outcome.code != 0
    assert outcome.output.count("acme-") > 2
    assert control.counts().of("start_track") == 0
    texts = [outcome.output, destroyed.output, *_read_files(project.folder / "state")]
    assert [*filter(None, (find_leak(text, WORD) for text in texts))] == []


def _point_to(project: StorageProject, folder: Path, url: str) -> None:
    key_file = folder / "account.json"
    key_file.write_text(build_account(f"{url}/token"), encoding="utf-8")
    passphrase = project.environment["PULUMI_CONFIG_PASSPHRASE"]
    project.environment |= {
        **build_environment(),
        "PULUMI_CONFIG_PASSPHRASE": passphrase,
        "AWS_ENDPOINT_URL": url,
        "STORAGE_EMULATOR_HOST": url,
        "CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM": url,
        "GOOGLE_APPLICATION_CREDENTIALS": str(key_file),
        "AZURE_CLIENT_SECRET": NASTY,
    }


def _read_files(folder: Path) -> Iterator[str]:
    for file in folder.rglob("*"):
        if file.is_file():
            yield file.read_bytes().decode(errors="replace")
