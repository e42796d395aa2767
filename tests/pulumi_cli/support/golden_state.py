"""Golden states: a stack with every kind of resource, as a release left it, and its surroundings.

Before a release, and only then, ``python -m tests.pulumi_cli.support.golden_state VERSION`` makes
the file ``states/state-VERSION.json``: it deploys :func:`declare`, and writes what
``pulumi stack export --show-secrets`` prints, without the engine's notes of where in the program a
resource was declared, together with the calls that make the same bucket and user again. A file of
a release never changes: the code has to follow.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from realtimekit_emulator import Control, EmulatorServer
from tests.pulumi_cli.support.aws_snapshot import Call, read_calls, repeat_calls
from tests.pulumi_cli.support.project import TYPE, Project, make_template
from tests.scenarios.steps import LIVE
from tools.test_servers.moto_server import MotoServer, running_moto

__all__ = ["SECRETS", "STATES", "GoldenState"]

STATES = Path(__file__).parents[1] / "states"
SECRETS = {"realtimekit:townhallKey": "AKIACANARY", "realtimekit:townhallSecret": "canary-secret"}
_STORAGE: dict[str, Any] = {
    "archive": {
        "type": "aws",
        "bucket": "acme-golden",
        "region": "eu-west-1",
        "prefix": "standup",
        "tls_only": False,
    }
}
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
        aws: The calls that make what the stack had in AWS.
    """

    def __init__(self, deployment: dict[str, Any], aws: list[Call]) -> None:
        self.deployment = deployment
        self.aws = aws

    @classmethod
    def read(cls, file: Path) -> GoldenState:
        """Read a file of :data:`STATES`."""
        content = json.loads(file.read_text(encoding="utf-8"))
        return cls(content["state"], [Call(**call) for call in content["aws"]])

    def write(self, file: Path) -> None:
        """Write it as a file of :data:`STATES`."""
        content = {"state": self.deployment, "aws": [asdict(call) for call in self.aws]}
        file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")

    def restore(self, control: Control, moto: MotoServer) -> GoldenState:
        """Make its meetings, recordings, bucket and user again, and return it with their new ids.

        Returns:
            The same state, which names what now exists.
        """
        replacements = _restore_recordings(self.deployment, control)
        ((old_key, old_secret),) = _find_writer_keys(self.deployment)
        ((key, secret),) = repeat_calls(moto, self.aws)
        text = json.dumps(self.deployment)
        for old, new in {**replacements, old_key: key, old_secret: secret}.items():
            text = text.replace(old, new)
        return GoldenState(json.loads(text), self.aws)

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


def _find_writer_keys(deployment: dict[str, Any]) -> list[tuple[str, str]]:
    writers = _find_resources(deployment, TYPE.replace("TrackRecording", "StorageWriter"))
    outputs = [one["outputs"] for one in writers]
    return [
        (json.loads(one["access_key"]["plaintext"]), json.loads(one["secret"]["plaintext"]))
        for one in outputs
    ]


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


def _declare(project: Project, control: Control) -> None:
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
    recordings = {
        name: {
            "meeting_id": meeting_id,
            "layers": layers.get(name, {"default": {}}),
            **inputs.get(name, {}),
        }
        for name, meeting_id in meetings.items()
    }
    project.write_config({"realtimekit:storage": _STORAGE, "realtimekit:recordings": recordings})
    project.encrypt(**SECRETS)


def _create(folder: Path) -> GoldenState:
    with EmulatorServer() as emulator, running_moto() as moto:
        control = emulator.control
        template = make_template(folder / "template", emulator)
        project = Project.copy_template(template, folder / "project", emulator)
        project.environment |= moto.environment
        _declare(project, control)
        project.up()
        stored = project.read_recordings()
        control.end_session(stored["retro"]["inputs"]["meeting_id"])
        control.wait_for(stored["retro"]["id"], "UPLOADED")
        project.refresh()
        deployment = json.loads(project.run("stack", "export", "--show-secrets"))
        for one in deployment["deployment"]["resources"]:
            for key in _DECLARED_AT:
                one.pop(key, None)
        storage = _STORAGE["archive"]
        return GoldenState(deployment, read_calls(moto, storage["bucket"], storage["region"]))


def main(version: str) -> None:
    """Write the golden state of a release."""
    with tempfile.TemporaryDirectory() as folder:
        _create(Path(folder)).write(STATES / f"state-{version}.json")


if __name__ == "__main__":
    main(sys.argv[1])
