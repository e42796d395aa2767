"""Golden states: a stack with every kind of resource, as a release left it, and its surroundings.

Before a release, and only then, ``python -m tests.pulumi_cli.support.golden_state VERSION`` makes
the file ``states/state-VERSION.json``, with Azurite: it deploys what :func:`_declare` declares, and
writes what ``pulumi stack export --show-secrets`` prints, without the engine's notes of where in
the program a resource was declared, together with what the stack made in each cloud. A file of a
release never changes: the code has to follow.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from realtimekit_emulator import Control, EmulatorServer
from tests.pulumi_cli.storage.support.clouds import Clouds, Storage
from tests.pulumi_cli.storage.support.storage_project import StorageProject
from tests.pulumi_cli.support.cloud_snapshot import CloudSnapshot, running_clouds
from tests.pulumi_cli.support.project import TYPE, make_template
from tests.scenarios.steps import LIVE

__all__ = ["STATES", "GoldenState"]

STATES = Path(__file__).parents[1] / "states"
_YEARS = 36500
"""Days for which Azure's signature is valid: no test of a later year finds it expired."""
_TOWNHALL_SECRETS = {"townhallKey": "AKIACANARY", "townhallSecret": "canary-secret"}
_TOWNHALL_BUCKET = {
    "type": "aws",
    "bucket": "recordings",
    "region": "eu-central-1",
    "path": "townhall",
    "access_key": {"fromConfig": "townhallKey"},
    "secret": {"fromConfig": "townhallSecret"},
}
_DECLARED_AT = ("sourcePosition", "stackTrace", "created", "modified")


class GoldenState:
    """The state of a release.

    Attributes:
        deployment: What the engine exported, with secrets in clear.
        clouds: What the stack had in each cloud.
        secrets: The credentials in the stack's config, by their names.
    """

    def __init__(
        self, deployment: dict[str, Any], clouds: CloudSnapshot, secrets: dict[str, str]
    ) -> None:
        self.deployment = deployment
        self.clouds = clouds
        self.secrets = secrets

    @classmethod
    def read(cls, file: Path) -> GoldenState:
        """Read a file of :data:`STATES`."""
        content = json.loads(file.read_text(encoding="utf-8"))
        clouds = CloudSnapshot.from_document(content["clouds"])
        return cls(content["state"], clouds, content["secrets"])

    def write(self, file: Path) -> None:
        """Write it as a file of :data:`STATES`."""
        content = {
            "state": self.deployment,
            "clouds": self.clouds.to_document(),
            "secrets": self.secrets,
        }
        file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")

    def restore(self, control: Control, clouds: Clouds) -> GoldenState:
        """Make its meetings, recordings and what it had in each cloud again.

        Returns:
            The same state, which names what now exists.
        """
        names = {**_restore_recordings(self.deployment, control), **self.clouds.restore(clouds)}
        state, secrets = (_rename(one, names) for one in (self.deployment, self.secrets))
        return GoldenState(state, self.clouds, secrets)

    @property
    def config(self) -> dict[str, Any]:
        """Recordings and storage as the stack's config declared them."""
        (provider,) = self.find_resources("pulumi:providers:pulumi-python")
        names = ("realtimekit:recordings", "realtimekit:storage")
        return {name: json.loads(provider["inputs"][name]) for name in names}

    def find_resources(self, type_: str) -> list[dict[str, Any]]:
        """Return the resources of a type."""
        return _find_resources(self.deployment, type_)


def _find_resources(deployment: dict[str, Any], type_: str) -> list[dict[str, Any]]:
    return [one for one in deployment["deployment"]["resources"] if one["type"] == type_]


def _find_key_of_aws(deployment: dict[str, Any]) -> dict[str, str]:
    """Return the one key that the stack made, as ``aws_access_key`` and ``aws_secret``."""
    writers = _find_resources(deployment, TYPE.replace("TrackRecording", "StorageWriter"))
    (outputs,) = (one["outputs"] for one in writers if one["outputs"]["type"] == "aws")
    return {
        f"aws_{name}": json.loads(outputs[name]["plaintext"]) for name in ("access_key", "secret")
    }


def _rename(document: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    text = json.dumps(document)
    for old, new in names.items():
        text = text.replace(old, new)
    renamed: dict[str, Any] = json.loads(text)
    return renamed


def _restore_recordings(deployment: dict[str, Any], control: Control) -> dict[str, str]:
    """Make meetings and live recordings, and return the new ids by the old ones."""
    new_ids = {}
    for stored in _find_resources(deployment, TYPE):
        meeting_id = control.create_meeting().id
        new_ids[stored["inputs"]["meeting_id"]] = meeting_id
        status = stored["outputs"]["status"]
        if status in LIVE:
            control.join(meeting_id)
            new_ids[stored["id"]] = control.start_recording(meeting_id)
            control.wait_for(new_ids[stored["id"]], "RECORDING")
            if status == "PAUSED":
                control.force(new_ids[stored["id"]], "PAUSED")
    return new_ids


def _declare_storage(clouds: Clouds) -> dict[str, Storage]:
    """Declare storage of every kind, below names that say which."""
    spaces = {"type": "digitalocean", "bucket": "acme-golden-spaces", "region": "SGP1"}
    key = {"access_key": clouds.moto.admin_key, "secret": clouds.moto.admin_secret}
    return {
        "archive": clouds.declare_aws(bucket="acme-golden", prefix="standup"),
        "azure": clouds.declare_azure(container="acme-golden-azure", valid_days=_YEARS),
        "gcs": clouds.declare_gcs(bucket="acme-golden-gcs"),
        "sftp": clouds.declare_sftp(path="acme-golden/tracks"),
        "spaces": Storage(spaces, dict).with_changes(**key),
    }


def _declare_recordings(control: Control) -> dict[str, dict[str, Any]]:
    """Declare a recording that runs, one that is paused, one without a session, one that ends."""
    meetings = {
        name: control.create_meeting(participants=participants).id
        for name, participants in {"standup": 1, "townhall": 1, "workshop": 0, "retro": 1}.items()
    }
    own_bucket = {"type": "STORAGE_CONFIG", "storage_config": _TOWNHALL_BUCKET}
    layers: dict[str, Any] = {
        "standup": {"default": {"outputs": [{"storage": "archive"}]}},
        "townhall": {
            "default": {
                "file_name_prefix": "townhall_{mark}",
                "outputs": [{"type": "REALTIMEKIT_BUCKET"}, own_bucket],
            },
            "default-video": {"outputs": [own_bucket]},
        },
    }
    inputs: dict[str, Any] = {
        "townhall": {"desired_state": "PAUSED", "max_seconds": 3600},
        "workshop": {"on_no_session": "skip"},
    }
    return {
        name: {
            "meeting_id": meeting_id,
            "layers": layers.get(name, {"default": {}}),
            **inputs.get(name, {}),
        }
        for name, meeting_id in meetings.items()
    }


def _create(folder: Path) -> GoldenState:
    with EmulatorServer() as emulator, running_clouds(folder / "files") as clouds:
        control = emulator.control
        template = make_template(folder / "template", emulator)
        project = StorageProject.create(template, folder / "project", emulator, clouds)
        storage = _declare_storage(clouds)
        project.declare(storage, _declare_recordings(control))
        secrets = {**_TOWNHALL_SECRETS}
        for one in storage.values():
            secrets |= one.secrets
        project.encrypt(**{f"realtimekit:{name}": value for name, value in secrets.items()})
        project.up()
        stored = project.read_recordings()
        control.end_session(stored["retro"]["inputs"]["meeting_id"])
        control.wait_for(stored["retro"]["id"], "UPLOADED")
        project.refresh()
        deployment = json.loads(project.run("stack", "export", "--show-secrets"))
        for one in deployment["deployment"]["resources"]:
            for key in _DECLARED_AT:
                one.pop(key, None)
        snapshot = CloudSnapshot.read(clouds)
        snapshot.servers.update(_find_key_of_aws(deployment))
        return GoldenState(deployment, snapshot, secrets)


def main(version: str) -> None:
    """Write the golden state of a release."""
    with tempfile.TemporaryDirectory() as folder:
        _create(Path(folder)).write(STATES / f"state-{version}.json")


if __name__ == "__main__":
    main(sys.argv[1])
