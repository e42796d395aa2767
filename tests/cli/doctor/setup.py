"""A project whose Pulumi CLI answers from recordings of the real one; each test breaks a part."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from realtimekit_emulator import EmulatorServer
from realtimekit_provider.cli import doctor
from realtimekit_provider.cli.pulumi_cli.process import PulumiCli
from realtimekit_provider.constants import IDENTITY_NAME
from realtimekit_provider.schema.urn import build_urn
from tests.cli.command_line import Ended, run_command, write_project
from tests.example_values import CANARY, MEETING, TYPE

__all__ = ["DoctorSetup", "RecordedCli"]

STACK = "prod"
PROOF = f"config --show-secrets --json --config-file FILE --stack {STACK}"
IDENTITY = "1d3a7c5e"
_GOOD_FILE = """\
encryptionsalt: v1:salt:v1:nonce:word
config:
  realtimekit:accountId: {account}
  realtimekit:appId: {app}
  realtimekit:spacesKey: {{secure: v1:AAAA}}
  realtimekit:storage:
    team:
      type: digitalocean
      bucket: acme-team
      region: FRA1
      access_key: {{fromConfig: spacesKey}}
      secret: {{fromConfig: spacesKey}}
      existing: true
  realtimekit:recordings:
    standup:
      meeting_id: {meeting}
      layers: {{default: {{}}}}
"""


@dataclass(frozen=True)
class RecordedCli(PulumiCli):
    """The Pulumi CLI, with what it answers.

    Attributes:
        answers: By the arguments: exit code, stdout, stderr; or an error that is raised.
        calls: The arguments of each call that was made.
    """

    answers: dict[str, tuple[int, str, str] | Exception] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def run(self, *arguments: str, **_options: Any) -> subprocess.CompletedProcess[str]:
        """Answer from the recordings."""
        call = re.sub(r"(--config-file) \S+", r"\1 FILE", " ".join(arguments))
        self.calls.append(call)
        answer = self.answers[call]
        if isinstance(answer, Exception):
            raise answer
        return subprocess.CompletedProcess(arguments, *answer)


@dataclass
class DoctorSetup:
    """A good project, until a part of it is changed.

    Attributes:
        folder: Where it is.
        emulator: The API.
        monkeypatch: Changes the environment.
        backend_url: Where its state is.
        file: Its stack's file; empty for none.
        secret: What the stack's one encrypted value is.
        config: What the decrypted config has otherwise than the file.
        resources: What its state has, beside the stack itself.
        pending_operations: What its state has of an interrupted deployment.
        answers: What the CLI answers otherwise, by its arguments.
        options: The command's.
        secrets_provider: What its secrets are encrypted by.
    """

    folder: Path
    emulator: EmulatorServer
    monkeypatch: pytest.MonkeyPatch
    backend_url: str = ""
    file: str = ""
    secret: str = f"{CANARY}-spaces"
    config: dict[str, str | None] = field(default_factory=dict)
    resources: list[dict[str, Any]] = field(default_factory=list)
    pending_operations: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, tuple[int, str, str] | Exception] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)
    secrets_provider: str = "passphrase"
    cli: RecordedCli = field(init=False)

    def __post_init__(self) -> None:
        self.backend_url = f"file://{self.folder}/state"
        self.file = _GOOD_FILE.format(
            account=self.emulator.account_id, app=self.emulator.app_id, meeting=MEETING
        )
        self.add_recording("standup", "UPLOADED", stopped_time="2020-01-01T00:00:00Z")
        programs = self.folder / "bin"
        programs.mkdir()
        for name in ("pulumi", "pulumi-language-python", "pulumi-resource-pulumi-python"):
            (programs / name).write_text("#!/bin/sh\n")
            (programs / name).chmod(0o755)
        unwanted = ("_proxy", "_bundle", "cloudflare_account_id", "realtimekit_app_id")
        for name in [one for one in os.environ if one.lower().endswith(unwanted)]:
            self.monkeypatch.delenv(name)
        self.set_environment(
            PATH=str(programs),
            PULUMI_HOME=str(self.folder / "home"),
            COLUMNS="100",
            CLOUDFLARE_BASE_URL=self.emulator.base_url,
            CLOUDFLARE_API_TOKEN=self.emulator.token,
        )

    def set_environment(self, **variables: str) -> None:
        """Set environment variables."""
        for name, value in variables.items():
            self.monkeypatch.setenv(name, value)

    def encrypt_nothing(self) -> None:
        """Leave the storage away, and with it all that is encrypted."""
        before, storage = self.file.partition("  realtimekit:spacesKey")[::2]
        self.file = (
            f"{before}  realtimekit:recordings{storage.partition('realtimekit:recordings')[2]}"
        )
        self.config.update({"realtimekit:spacesKey": None, "realtimekit:storage": None})

    def add_recording(self, name: str, status: str, **changes: Any) -> str:
        """Add a recording to the state, and return its id."""
        urn = build_urn(STACK, "acme", "TrackRecording", name)
        recording_id: str = changes.pop("id", f"{name}-id")
        inputs = {
            "account_id": self.emulator.account_id,
            "app_id": self.emulator.app_id,
            "meeting_id": MEETING,
            "layers": changes.pop("layers", {"default": {}}),
            "mark": f"rk{IDENTITY}00000000",
        }
        inputs["meeting_id"] = changes.pop("meeting_id", MEETING)
        outputs = {**inputs, "status": status, "storage_applied": "yes", **changes}
        self.resources.append(
            {"urn": urn, "type": TYPE, "id": recording_id, "inputs": inputs, "outputs": outputs}
        )
        return recording_id

    def add_live_recording(self, name: str) -> str:
        """Start a recording at the API, and add it to the state."""
        meeting = self.emulator.control.create_meeting(participants=1)
        recording_id = self.emulator.control.start_recording(meeting.id)
        return self.add_recording(name, "RECORDING", id=recording_id, meeting_id=meeting.id)

    def add_unstarted_recording(self, name: str, participants: int) -> None:
        """Add a recording that was not started to the state, of a meeting with participants."""
        meeting = self.emulator.control.create_meeting(participants=participants)
        placeholder = f"nothing-started-rk{IDENTITY}00000000"
        self.add_recording(name, "NO_SESSION", id=placeholder, meeting_id=meeting.id)

    def write_lock(self, **changes: Any) -> None:
        """Put a lock beside the state."""
        lock = {
            "pid": os.getpid(),
            "username": "ada",
            "hostname": os.uname().nodename,
            "timestamp": "2026-11-26T03:58:30.654871534Z",
            **changes,
        }
        folder = self.folder / "state" / ".pulumi" / "locks" / "organization" / "acme" / STACK
        folder.mkdir(parents=True)
        (folder / "79c6954d.json").write_text(json.dumps(lock))

    def run(self, capsys: pytest.CaptureFixture[str], *options: str) -> Ended:
        """Run the command."""
        write_project(self.folder, **({STACK: self.file} if self.file else {}))
        self.cli = RecordedCli(self.folder, {**self._record_answers(), **self.answers})
        self.monkeypatch.setattr(doctor, "PulumiCli", lambda _folder: self.cli)
        return run_command(capsys, "doctor", "--cwd", self.folder, *self.options, *options)

    def _record_answers(self) -> dict[str, tuple[int, str, str] | Exception]:
        stacks = [{"name": STACK, "current": True, "lastUpdate": "2026-11-25T03:59:00.421Z"}]
        config = {
            "realtimekit:accountId": {"value": self.emulator.account_id, "secret": False},
            "realtimekit:appId": {"value": self.emulator.app_id, "secret": False},
            "realtimekit:spacesKey": {"value": self.secret, "secret": True},
            "realtimekit:recordings": {
                "value": json.dumps({"standup": {"meeting_id": MEETING, "layers": {"default": {}}}})
            },
            "realtimekit:storage": {
                "value": json.dumps(
                    {
                        "team": {
                            "type": "digitalocean",
                            "bucket": "acme-team",
                            "region": "FRA1",
                            "access_key": {"fromConfig": "spacesKey"},
                            "secret": {"fromConfig": "spacesKey"},
                            "existing": True,
                        }
                    }
                )
            },
            **{key: {"value": value, "secret": False} for key, value in self.config.items()},
        }
        exported = {
            "version": 3,
            "deployment": {
                "secrets_providers": {"type": self.secrets_provider, "state": {}},
                "resources": [
                    {"urn": f"urn:pulumi:{STACK}::acme::pulumi:pulumi:Stack::acme-{STACK}"},
                    {
                        "urn": build_urn(STACK, "acme", "StackIdentity", IDENTITY_NAME),
                        "type": TYPE.replace("TrackRecording", "StackIdentity"),
                        "outputs": {"value": IDENTITY},
                    },
                    *self.resources,
                ],
                "pending_operations": self.pending_operations,
            },
        }
        return {
            "version": _print("v3.255.0"),
            "whoami --json": _print(json.dumps({"user": "ada", "url": self.backend_url})),
            "stack ls --json": _print(json.dumps(stacks)),
            f"config --show-secrets --json --stack {STACK}": _print(json.dumps(config)),
            PROOF: _print('{"realtimekit:proof": {"value": "pulumi", "secret": true}}'),
            f"stack export --stack {STACK}": _print(json.dumps(exported)),
            f"stack export --show-secrets --stack {STACK}": _print(json.dumps(exported)),
        }


def _print(text: str) -> tuple[int, str, str]:
    return 0, f"{text}\n", ""
