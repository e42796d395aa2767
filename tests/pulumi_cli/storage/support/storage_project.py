"""A project whose stack declares storage, deployed by an administrator of every cloud."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from realtimekit_emulator import EmulatorServer
from tests.pulumi_cli.storage.support.clouds import Clouds, Storage
from tests.pulumi_cli.support.project import Project
from tests.scenarios.steps import TIMING

__all__ = ["StorageProject", "build_recording"]

_ACCOUNT_PREFIXES = ("AWS_", "SPACES_", "GOOGLE_", "GCLOUD_", "CLOUDSDK_", "STORAGE_", "AZURE_")


class StorageProject(Project):
    """A project whose environment holds the credentials of every cloud's administrator."""

    clouds: Clouds
    _encrypted: dict[str, str]

    @classmethod
    def create(
        cls, template: Path, folder: Path, emulator: EmulatorServer, clouds: Clouds
    ) -> StorageProject:
        """Copy the template, with the environment variables of the administrators."""
        project = cls.copy_template(template, folder, emulator)
        assert isinstance(project, cls)
        project.clouds, project._encrypted = clouds, {}
        inherited = {
            name: value
            for name, value in project.environment.items()
            if not name.startswith(_ACCOUNT_PREFIXES)
        }
        project.environment = {**inherited, **clouds.build_environment(folder)}
        return project

    def declare(
        self,
        storage: Mapping[str, Storage],
        recordings: Mapping[str, Mapping[str, Any]],
        *,
        timing: Mapping[str, float] | None = None,
        **config: Any,
    ) -> None:
        """Write the stack's config, and encrypt the credentials that it does not hold yet."""
        secrets = {
            f"realtimekit:{name}": value
            for one in storage.values()
            for name, value in one.secrets.items()
        }
        stored = yaml.safe_load(self.config_file.read_text(encoding="utf-8"))["config"]
        encrypted = {
            key: value for key, value in stored.items() if self._is_encrypted(key, secrets)
        }
        self.write_config(
            {
                "realtimekit:timing": {**TIMING, "key_propagation": 2, **(timing or {})},
                "realtimekit:storage": {name: one.declared for name, one in storage.items()},
                "realtimekit:recordings": recordings,
                **encrypted,
                **config,
            }
        )
        if new := {name: value for name, value in secrets.items() if name not in encrypted}:
            self.encrypt(**new)
            self._encrypted.update(new)

    def _is_encrypted(self, name: str, secrets: Mapping[str, str]) -> bool:
        return name in secrets and self._encrypted.get(name) == secrets[name]

    def read_resources(self, *flags: str) -> list[dict[str, Any]]:
        """Return the resources in the state; with ``--show-secrets`` in clear."""
        state = json.loads(self.run("stack", "export", *flags))
        resources: list[dict[str, Any]] = state["deployment"].get("resources", [])
        return resources


def build_recording(meeting_id: str, *names: str, **inputs: Any) -> dict[str, Any]:
    """Return the inputs of a recording of one layer that is written to each named storage."""
    outputs = [{"storage": name} for name in names]
    return {"meeting_id": meeting_id, "layers": {"default": {"outputs": outputs}}, **inputs}
