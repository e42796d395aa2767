"""The roles of the jobs can do what their jobs do, and no more: under moto's enforcement."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from realtimekit_emulator import EmulatorServer
from tests.pipelines.aws_account import RECORDINGS, Account
from tests.pulumi_cli.support.project import Outcome, Project
from tests.scenarios.steps import TIMING, EmulatedApi
from tools.test_servers.moto_server import running_moto

REFRESHED_PREVIEW = ("preview", "--refresh", "--suppress-progress")


class RoleProject:
    """A stack whose state is in S3, encrypted by KMS, with storage in S3."""

    def __init__(self, project: Project, account: Account, meeting_id: str) -> None:
        self.project = project
        self._account = account
        del project.environment["PULUMI_CONFIG_PASSPHRASE"]
        project.config_file.unlink()
        provider = f"awskms://{account.key.rpartition('/')[2]}?region=us-east-1"
        self.run("deploy", "stack", "init", project.stack, "--secrets-provider", provider)
        self._header = project.config_file.read_text(encoding="utf-8")
        self.configure(meeting_id)

    def configure(self, meeting_id: str, **settings: Any) -> None:
        """Declare a bucket, its writer and a recording."""
        storage = {"type": "aws", "bucket": RECORDINGS, "region": "us-east-1", "tls_only": False}
        layer = {"outputs": [{"storage": "team"}]}
        config = {
            "realtimekit:accountId": self.project.emulator.account_id,
            "realtimekit:appId": self.project.emulator.app_id,
            "realtimekit:timing": {**TIMING, "key_propagation": 5},
            "realtimekit:storage": {"team": {**storage, **settings}},
            "realtimekit:recordings": {
                "standup": {"meeting_id": meeting_id, "layers": {"default": layer}}
            },
        }
        text = f"{self._header}\nconfig: {json.dumps(config)}\n"
        self.project.config_file.write_text(text, encoding="utf-8")

    def try_run(self, role: str, *arguments: str) -> Outcome:
        """Run the CLI as a job with this role."""
        self.project.environment |= self._account.log_in(role)
        return self.project.try_run(*arguments)

    def run(self, role: str, *arguments: str) -> str:
        """Run the CLI as a job with this role, which must succeed."""
        outcome = self.try_run(role, *arguments)
        assert outcome.code == 0, outcome.output
        return outcome.output


@pytest.fixture
def role_project(
    template: Path, tmp_path: Path, emulator: EmulatorServer, emulated_api: EmulatedApi
) -> Iterator[RoleProject]:
    """A stack that nothing was deployed of yet."""
    project = Project.copy_template(template, tmp_path / "project", emulator)
    with running_moto() as server:
        yield RoleProject(project, Account(server), emulated_api.meeting_id)


@pytest.mark.engine
def test_the_roles_allow_what_their_jobs_do(
    role_project: RoleProject, emulated_api: EmulatedApi
) -> None:
    """One deploys, one sees drift, one previews; the last two write neither state nor storage."""
    up = ("up", "--yes", "--skip-preview", "--suppress-progress")
    role_project.run("deploy", *up)
    state = role_project.run("preview", "stack", "export")
    assert role_project.run("preview", "preview", "--suppress-progress")
    refreshed = role_project.run("drift", *REFRESHED_PREVIEW)
    assert "unchanged" in refreshed
    for role in ("preview", "drift"):
        refused = role_project.try_run(role, *up)
        assert refused.code != 0
        assert "AccessDenied" in refused.output
    assert "AccessDenied" in role_project.try_run("preview", *REFRESHED_PREVIEW).output
    role_project.configure(emulated_api.meeting_id, versioning=True, key_generation=2)
    role_project.run("deploy", *up)
    role_project.run("deploy", "destroy", "--yes", "--skip-preview", "--suppress-progress")
    assert json.loads(state)["deployment"]["resources"]
