"""Stacks with states as the engine writes them, made of the recorded state of a release."""

from __future__ import annotations

import copy
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from realtimekit_provider.cli.inventory.stacks import KnownStack
from realtimekit_provider.cli.pulumi_cli.backend import StackInfo
from realtimekit_provider.cli.pulumi_cli.process import PulumiCli
from realtimekit_provider.cli.pulumi_cli.states import parse_state
from realtimekit_provider.cli.stack_files.names import parse_stack_name
from realtimekit_provider.constants import IDENTITY_NAME
from realtimekit_provider.deployment.mark import compute_mark
from realtimekit_provider.engine.settings import Settings
from realtimekit_provider.recordings.stored import make_placeholder_id
from realtimekit_provider.schema.urn import build_urn
from tests.example_values import ACCOUNT, APP, MEETING

__all__ = ["OWN_BUCKET", "FakePulumi", "StackBuilder", "make_storage"]

PROJECT = "acme"
_STATES = Path(__file__).parents[2] / "pulumi_cli" / "states"
_RECORDED = json.loads((_STATES / "state-0.1.0.json").read_text("utf-8"))["state"]
OWN_BUCKET = {"default": {"outputs": {"0": {"type": "REALTIMEKIT_BUCKET"}}}}


def make_storage(**changes: Any) -> dict[str, Any]:
    """Return layers whose files go to a bucket of one's own."""
    storage = {"type": "aws", "bucket": "acme", "region": "eu-west-1", **changes}
    return {"default": {"outputs": {"0": {"type": "STORAGE_CONFIG", "storage_config": storage}}}}


def _find_recorded(kind: str) -> dict[str, Any]:
    resources = _RECORDED["deployment"]["resources"]
    return next(one for one in resources if one["type"].endswith(f":{kind}"))


@dataclass
class StackBuilder:
    """A stack whose state is built up, resource by resource.

    Attributes:
        name: The stack's name.
        identity: The value of its identity.
        account_id: The account of its recordings.
        app_id: Their app.
        project: The project of its resources.
        is_deployed: Whether its state has anything.
    """

    name: str
    identity: str
    account_id: str = ACCOUNT
    app_id: str = APP
    project: str = PROJECT
    is_deployed: bool = True
    resources: list[dict[str, Any]] = field(default_factory=list)
    pending: list[dict[str, Any]] = field(default_factory=list)

    def get_mark(self, name: str) -> str:
        """Return the mark that the resource with this name is given."""
        return compute_mark(self.identity, self._build_urn("TrackRecording", name))

    def add(
        self,
        name: str,
        recording_id: str | None,
        status: str = "RECORDING",
        *,
        inputs: Mapping[str, Any] | None = None,
        outputs: Mapping[str, Any] | None = None,
    ) -> StackBuilder:
        """Add a recording to the state; without an id none was started."""
        resource = copy.deepcopy(_find_recorded("TrackRecording"))
        mark = self.get_mark(name)
        declared = {
            "account_id": self.account_id,
            "app_id": self.app_id,
            "meeting_id": MEETING,
            "mark": mark,
            "layers": {"default": {"file_name_prefix": f"{name}_{mark}"}},
            **(inputs or {}),
        }
        known = {"status": status, "invoked_time": "2026-03-01T12:00:00.000Z", **(outputs or {})}
        resource_id = recording_id or make_placeholder_id(mark)
        urn = self._build_urn("TrackRecording", name)
        for properties in (resource["inputs"], resource["outputs"]):
            properties.update(declared, resource_urn=urn)
        resource["outputs"].pop("session_id", None)
        resource["outputs"].update(known)
        self.resources.append({**resource, "urn": urn, "id": resource_id})
        return self

    def interrupt(self, name: str, operation: str = "creating") -> StackBuilder:
        """Add an operation that was interrupted before the engine wrote its result."""
        urn = self._build_urn("TrackRecording", name)
        self.pending.append({"resource": {"urn": urn}, "type": operation})
        return self

    def export(self) -> dict[str, Any]:
        """Return what ``pulumi stack export`` prints."""
        identity = copy.deepcopy(_find_recorded("StackIdentity"))
        identity["urn"] = self._build_urn("StackIdentity", IDENTITY_NAME)
        identity["outputs"]["value"] = self.identity
        if not self.is_deployed:
            return {"version": 3, "deployment": None}
        deployment = {"resources": [identity, *self.resources], "pending_operations": self.pending}
        return {"version": 3, "deployment": deployment}

    def build(
        self, *, declared: Sequence[str] = (), on_delete: Any = None, is_deployed_now: Any = False
    ) -> KnownStack:
        """Return the stack as the join takes it."""
        return KnownStack(
            self.name,
            self.project,
            parse_state(self.name, self.export()),
            Settings(account_id=self.account_id, app_id=self.app_id, on_delete=on_delete),
            {name: {"meeting_id": MEETING} for name in declared},
            info=StackInfo(self.name),
            is_deployed_now=is_deployed_now,
        )

    def _build_urn(self, type_name: str, name: str) -> str:
        return build_urn(parse_stack_name(self.name).short, self.project, type_name, name)


@dataclass
class FakePulumi:
    """A Pulumi CLI whose backend has these stacks; it notes how it was called."""

    stacks: Sequence[StackBuilder]
    token: str | None = None
    broken: Sequence[str] = ()
    listed: Sequence[Mapping[str, Any]] | None = None
    lists_stacks: bool = True
    url: str = "postgres://adam:CANARY-pass@db/states"
    calls: list[tuple[str, ...]] = field(default_factory=list)

    read_json = PulumiCli.read_json

    def __call__(self, _folder: Path) -> FakePulumi:
        """Be a CLI for a project's folder."""
        return self

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Answer a command."""
        self.calls.append(arguments)
        match arguments:
            case ("whoami", "--json"):
                return _succeed({"user": "adam", "url": self.url})
            case ("stack", "ls", "--json") if self.lists_stacks:
                names = [{"name": one.name} for one in self.stacks]
                return _succeed(names if self.listed is None else self.listed)
            case ("stack", "export", "--stack", name) if name not in self.broken:
                (stack,) = (one for one in self.stacks if one.name == name)
                return _succeed(stack.export())
            case ("config", "get", _key, "--stack", _name) if self.token is not None:
                return subprocess.CompletedProcess([], 0, f"{self.token}\n", "")
        return subprocess.CompletedProcess([], 1, "", "error: passphrase must be set\n")


def _succeed(answer: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.CompletedProcess([], 0, json.dumps(answer), "")
