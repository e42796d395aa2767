"""Every kind of storage from its first deployment to its last, in one stack."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from tests.emulator.upload_setup import told_by
from tests.pulumi_cli.storage.credentials import credentials_in, held_by
from tests.pulumi_cli.storage.storage_project import (
    PREFIX,
    Clouds,
    Storage,
    StorageProject,
    recorded_to,
)
from tests.scenarios.steps import EmulatedApi
from tools.test_servers.azurite import AZURITE_IS_MISSING
from tools.webm_reader import read_title

pytestmark = pytest.mark.engine

KINDS: Mapping[str, Callable[[Clouds], Storage]] = {
    "aws": Clouds.aws,
    "gcs": Clouds.gcs,
    "azure": Clouds.azure,
    "digitalocean": Clouds.spaces,
    "sftp with key": lambda clouds: clouds.sftp("KEY"),
    "sftp with password": Clouds.sftp,
    "sftp on OpenSSH": Clouds.real_sftp,
}
LOUD = ("--debug", "--logtostderr", "-v=7")


@pytest.mark.timeout(300)
def test_every_kind_of_storage_from_up_to_destroy(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi, subtests: pytest.Subtests
) -> None:
    """The file is there, valid, below the prefix, in a bucket that outlives its stack.

    Nothing that is left alone costs a call or shows a change, and no credential is in clear.
    """
    missing = _missing(clouds)
    storage = {_key(kind): make(clouds) for kind, make in KINDS.items() if kind not in missing}
    recordings = _recordings(storage, emulated_api)
    project.declare(storage, recordings)
    said = {"up": project.up(*LOUD)}
    for one in emulated_api.control.recordings():
        emulated_api.control.wait_for(one.id, "RECORDING")
    with subtests.test("a refresh finds no drift"):
        before = _storage_in(project)
        said["refresh"] = project.refresh()
        assert _storage_in(project) == before
    with subtests.test("what is left alone costs no call"):
        asked = _cloud_calls(clouds)
        with project.calls() as calls:
            said["second up"] = project.up("--expect-no-changes")
        assert (calls, _cloud_calls(clouds)) == ([], asked)

    credentials = credentials_in(project.resources("--show-secrets"))
    assert len(credentials) >= len(storage)
    said["diff"] = _preview_of_another_secret(project, storage, recordings)
    said |= {"state": project.must("stack", "export"), "outputs": project.must("stack", "output")}
    said["destroy"] = project.destroy(*LOUD)
    said["emulator"] = told_by(emulated_api.control)
    with subtests.test("no credential is in clear"):
        assert held_by(said, {*credentials, clouds.moto.admin_secret, "CANARY"}) == {}

    assert {one.status for one in emulated_api.control.recordings()} == {"UPLOADED"}
    for kind in KINDS:
        with subtests.test(kind):
            if kind in missing:
                pytest.skip(missing[kind])
            ((name, content),) = storage[_key(kind)].files().items()
            assert f"{PREFIX}/test_{_key(kind)}" in name
            assert read_title(content)
            assert f"{storage[_key(kind)].bucket} holds objects and is kept" in said["destroy"]


def _missing(clouds: Clouds) -> dict[str, str]:
    """Return the kinds that have no stand-in here, and what they need."""
    here = {"azure": clouds.azurite, "sftp on OpenSSH": clouds.openssh}
    needs = {"azure": AZURITE_IS_MISSING, "sftp on OpenSSH": "needs sshd (openssh-server)"}
    return {kind: needs[kind] for kind, server in here.items() if server is None}


def _key(kind: str) -> str:
    return kind.replace(" ", "_")


def _recordings(storage: Iterable[str], emulated_api: EmulatedApi) -> dict[str, dict[str, Any]]:
    meetings = {name: emulated_api.control.create_meeting(participants=1) for name in storage}
    return {name: recorded_to(meeting.id, name) for name, meeting in meetings.items()}


def _cloud_calls(clouds: Clouds) -> list[int]:
    """How often those stand-ins were asked that count."""
    return [len(clouds.gcs_server.calls), len(clouds.sftp_server.logins)]


def _storage_in(project: StorageProject) -> dict[str, Any]:
    return {
        one["urn"]: (one.get("inputs"), one.get("outputs"))
        for one in project.resources("--show-secrets")
        if "Storage" in one["type"]
    }


def _preview_of_another_secret(
    project: StorageProject,
    storage: Mapping[str, Storage],
    recordings: Mapping[str, Mapping[str, Any]],
) -> str:
    """Return the diff of a changed credential, and declare what there was again."""
    before = project.config_file.read_text(encoding="utf-8")
    other = storage["digitalocean"].but(secret="CANARY-another")
    project.declare({**storage, "digitalocean": other}, recordings)
    changed = project.preview()
    assert re.search(r" secret +: \[secret\]", changed)
    project.config_file.write_text(before, encoding="utf-8")
    return changed
