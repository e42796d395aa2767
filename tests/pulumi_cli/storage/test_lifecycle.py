"""Every kind of storage from its first deployment to its last, in one stack."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from tests.emulator.uploads.upload_setup import read_control_api
from tests.pulumi_cli.storage.support.clouds import PREFIX, Clouds, Storage
from tests.pulumi_cli.storage.support.credentials import find_credentials, find_leaks
from tests.pulumi_cli.storage.support.storage_project import StorageProject, build_recording
from tests.scenarios.steps import EmulatedApi
from tools.test_servers.azurite import AZURITE_IS_MISSING
from tools.webm_reader import read_title

pytestmark = pytest.mark.engine

KINDS: Mapping[str, Callable[[Clouds], Storage]] = {
    "aws": Clouds.declare_aws,
    "gcs": Clouds.declare_gcs,
    "azure": Clouds.declare_azure,
    "digitalocean": Clouds.declare_spaces,
    "sftp with key": lambda clouds: clouds.declare_sftp("KEY"),
    "sftp with password": Clouds.declare_sftp,
    "sftp on OpenSSH": Clouds.declare_openssh,
}
VERBOSE = ("--debug", "--logtostderr", "-v=7")


def test_every_kind_of_storage_from_up_to_destroy(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi, subtests: pytest.Subtests
) -> None:
    """The file is there, valid, below the prefix, in a bucket that the destroy keeps.

    An up without changes makes no call, and no credential is in clear.
    """
    missing = _find_missing(clouds)
    storage = {_get_name(kind): make(clouds) for kind, make in KINDS.items() if kind not in missing}
    recordings = _declare_recordings(storage, emulated_api)
    project.declare(storage, recordings)
    outputs = {"up": project.up(*VERBOSE)}
    for one in emulated_api.control.recordings():
        emulated_api.control.wait_for(one.id, "RECORDING")
    with subtests.test("a refresh finds no drift"):
        before = _read_storage(project)
        outputs["refresh"] = project.refresh()
        assert _read_storage(project) == before
    with subtests.test("an up without changes makes no call"):
        cloud_calls = _count_cloud_calls(clouds)
        with project.collect_calls() as calls:
            outputs["second up"] = project.up("--expect-no-changes")
        assert (calls, _count_cloud_calls(clouds)) == ([], cloud_calls)

    credentials = find_credentials(project.read_resources("--show-secrets"))
    assert len(credentials) >= len(storage)
    outputs["diff"] = _preview_changed_secret(project, storage, recordings)
    outputs |= {"state": project.run("stack", "export"), "outputs": project.run("stack", "output")}
    outputs["destroy"] = project.destroy(*VERBOSE)
    outputs["emulator"] = read_control_api(emulated_api.control)
    with subtests.test("no credential is in clear"):
        assert find_leaks(outputs, {*credentials, clouds.moto.admin_secret, "CANARY"}) == {}

    assert {one.status for one in emulated_api.control.recordings()} == {"UPLOADED"}
    for kind in KINDS:
        with subtests.test(kind):
            if kind in missing:
                pytest.skip(missing[kind])
            ((name, content),) = storage[_get_name(kind)].files().items()
            assert f"{PREFIX}/test_{_get_name(kind)}" in name
            assert read_title(content)
            assert (
                f"{storage[_get_name(kind)].bucket} holds files and is kept" in outputs["destroy"]
            )


def _find_missing(clouds: Clouds) -> dict[str, str]:
    """Return the kinds that have no test server on this machine, and what they need."""
    servers = {"azure": clouds.azurite, "sftp on OpenSSH": clouds.openssh}
    needs = {"azure": AZURITE_IS_MISSING, "sftp on OpenSSH": "needs sshd (openssh-server)"}
    return {kind: needs[kind] for kind, server in servers.items() if server is None}


def _get_name(kind: str) -> str:
    return kind.replace(" ", "_")


def _declare_recordings(
    storage: Iterable[str], emulated_api: EmulatedApi
) -> dict[str, dict[str, Any]]:
    meetings = {name: emulated_api.control.create_meeting(participants=1) for name in storage}
    return {name: build_recording(meeting.id, name) for name, meeting in meetings.items()}


def _count_cloud_calls(clouds: Clouds) -> list[int]:
    """Return the numbers of calls to the servers that count them."""
    return [len(clouds.gcs_server.calls), len(clouds.sftp_server.logins)]


def _read_storage(project: StorageProject) -> dict[str, Any]:
    return {
        one["urn"]: (one.get("inputs"), one.get("outputs"))
        for one in project.read_resources("--show-secrets")
        if "Storage" in one["type"]
    }


def _preview_changed_secret(
    project: StorageProject,
    storage: Mapping[str, Storage],
    recordings: Mapping[str, Mapping[str, Any]],
) -> str:
    """Return the preview of a changed credential, and restore the config."""
    before = project.config_file.read_text(encoding="utf-8")
    other = storage["digitalocean"].with_changes(secret="CANARY-another")
    project.declare({**storage, "digitalocean": other}, recordings)
    preview = project.preview()
    assert "~ secret: [secret] => [secret]" in preview
    project.config_file.write_text(before, encoding="utf-8")
    return preview


def test_bucket_gate_and_recording_are_at_the_declared_endpoint(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi
) -> None:
    """No variable names it."""
    del project.environment["SPACES_ENDPOINT_URL"]
    storage = clouds.declare_spaces(endpoint=clouds.moto.url)
    recording = build_recording(emulated_api.meeting_id, storage.name)
    project.declare({storage.name: storage}, {"standup": recording})
    project.up()
    assert project.read_recordings().keys() == {"standup"}
    project.run("destroy", "--yes")
    assert len(storage.files()) == 1
