"""Credentials of every storage type, looked for in all that a deployment prints and keeps."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from realtimekit_emulator import Access, Control, EmulatorServer
from realtimekit_provider.constants import SECRET_KEYS
from tests.example_values import CANARY, SFTP_WITH_PASSWORD, STORAGE
from tests.pulumi_cli.storage.support.credentials import find_credentials
from tests.pulumi_cli.support.project import TYPE, Project
from tests.pulumi_cli.support.state_buckets import STATE_BUCKETS
from tools.test_servers.azurite import AZURITE_IS_MISSING, find_azurite

pytestmark = pytest.mark.engine

STORAGES = {**STORAGE, "password": SFTP_WITH_PASSWORD}
VERBOSE = ("--debug", "--logtostderr", "--logflow", "-v=7")
"""As verbose as possible: at ``-v=9`` the engine itself prints secrets."""
READ_COMMANDS = (
    "stack export",
    "stack output --json",
    "stack history --json",
    "config --json",
    "stack",
)


@pytest.fixture
def emulator() -> Iterator[EmulatorServer]:
    """An emulator whose token is a canary too."""
    with EmulatorServer(access=Access(tokens={f"{CANARY}-token"})) as server:
        yield server


def test_no_plaintext_credential_is_in_what_is_printed_or_kept(
    project: Project, control: Control
) -> None:
    """Started, paused and rotated, refreshed, refused and destroyed, with all verbosity."""
    project.environment.pop("CLOUDFLARE_API_TOKEN")
    meetings = [control.create_meeting(participants=1).id for _ in STORAGES]
    _declare(project, meetings)
    printed = [project.up(*VERBOSE)]
    _declare(project, meetings, rotated=True, desired_state="PAUSED")
    printed += [project.preview(*VERBOSE), project.up(*VERBOSE), project.refresh(*VERBOSE)]

    _declare(project, meetings, rotated=True, max_seconds=600)
    quoting = json.dumps(STORAGES)
    control.add_fault("status", route="start_track", status=422, message=quoting, times=3)
    printed += [project.try_up(*VERBOSE, "--continue-on-error").output]
    printed += [project.run(*command.split()) for command in READ_COMMANDS]
    kept = [*_read_files(project.folder)]
    printed += [project.destroy(*VERBOSE)]
    kept += _read_files(project.folder)
    assert [*_find_leaks([*printed, *kept])] == []

    # The search would have found them: they were there, and the API was sent them.
    assert CANARY in project.run("config", "--json", "--show-secrets")
    sent = [control.request_body(one.number) for one in control.requests("start_track")]
    assert len(sent) == 2 * len(STORAGES)
    assert [body for body in sent if CANARY not in body.decode()] == []


@pytest.mark.parametrize("scheme", STATE_BUCKETS)
def test_no_plaintext_credential_is_in_a_bucket_with_state(
    scheme: str, project: Project, control: Control, tmp_path: Path
) -> None:
    """All of its objects are searched; in S3 also what was overwritten and deleted."""
    if scheme == "azblob" and find_azurite() is None:
        pytest.skip(AZURITE_IS_MISSING)
    project.environment.pop("CLOUDFLARE_API_TOKEN")
    meetings = [control.create_meeting(participants=1).id for _ in STORAGES]
    with STATE_BUCKETS[scheme](tmp_path) as bucket:
        project.environment |= bucket.environment
        project.run("stack", "init", project.stack)
        _declare(project, meetings)
        printed = [project.up(*VERBOSE)]
        revealed = project.run("stack", "export", "--show-secrets")
        _declare(project, meetings, rotated=True, desired_state="PAUSED")
        printed += [project.up(*VERBOSE)]
        kept = {name: content.decode() for name, content in bucket.objects().items()}
    assert [*_find_leaks([*printed, *kept.values()])] == []

    # The search would have found them: each of them is there, encrypted.
    assert find_credentials(STORAGES) <= find_credentials(json.loads(revealed))
    assert [*_find_leaks([revealed])] != []
    folders = {
        name.split("/")[1] for name in kept if TYPE in kept[name] and "ciphertext" in kept[name]
    }
    assert folders == {"stacks", "history", "backups"}
    assert scheme != "s3" or any(name.startswith(".pulumi/locks/") for name in kept)


def _declare(
    project: Project, meetings: list[str], *, rotated: bool = False, **inputs: object
) -> None:
    """Declare a recording for each type of storage, its credentials in keys of their own."""
    credentials = {"cloudflare:apiToken": f"{CANARY}-token"}
    recordings = {}
    for meeting_id, (kind, config) in zip(meetings, STORAGES.items(), strict=True):
        storage: dict[str, Any] = dict(config)
        for key in SECRET_KEYS & {key for key, value in config.items() if value}:
            name = f"{kind}_{key}"
            storage[key] = {"fromConfig": name}
            credentials[f"realtimekit:{name}"] = _rotate(config[key]) if rotated else config[key]
        outputs = [{"type": "STORAGE_CONFIG", "storage_config": storage}]
        layers = {"default": {"outputs": outputs}}
        recordings[kind] = {"meeting_id": meeting_id, "layers": layers, **inputs}
    project.configure(**recordings)
    project.encrypt(**credentials)


def _rotate(credential: str) -> str:
    """Return another credential; a private key stays, since its passphrase changes."""
    if credential.startswith("-----BEGIN"):
        return credential
    if credential.startswith("{"):
        return json.dumps({**json.loads(credential), "private_key_id": f"{CANARY}ANEW"})
    return credential.replace(CANARY, f"{CANARY}ANEW")


def _read_files(folder: Path) -> Iterator[str]:
    """Yield the content of every file below a project's folder: state, history, backups."""
    for file in folder.rglob("*"):
        if file.is_file() and ".venv" not in file.parts:
            yield file.read_bytes().decode(errors="replace")


def _find_leaks(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        found = text.find(CANARY)
        if found >= 0:
            yield text[max(0, found - 200) : found + 80]
