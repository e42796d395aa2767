"""``realtimekit list`` by the real CLI, where two backends have stacks of one name and project."""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter
from pathlib import Path

import pytest

from realtimekit_emulator import Control, EmulatorServer
from realtimekit_provider.cli.exit_codes import ExitCode
from realtimekit_provider.cli.stack_files.project import find_project, find_stack_file
from tests.cli.command_line import run_command, write_project
from tests.cli.inventory.api_recordings import ApiRecordings
from tests.cli.inventory.stacks import StackBuilder
from tests.pulumi_cli.support.environment import build_environment
from tests.pulumi_cli.support.project import TYPE, Project

pytestmark = pytest.mark.engine

STACKS = ("dev", "prod", "staging")
CONFIG = "config:\n  realtimekit:recordings: {}\n"
_COUNTING = """#!{python}
import os, pathlib, sys
with pathlib.Path({log!r}).open("a") as log:
    log.write(" ".join(sys.argv[1:]) + "\\n")
os.execv({pulumi!r}, ["pulumi", *sys.argv[1:]])
"""


class Backend:
    """A folder with the states of three stacks, which are those of an identity each.

    Attributes:
        folder: The folder.
        url: What the CLI calls it.
        managed: The ids of the recordings that its states have.
        started: The ids of those that its stacks started and that no state has.
    """

    def __init__(self, folder: Path, number: int, emulator: EmulatorServer) -> None:
        app = (emulator.account_id, emulator.app_id)
        self.folder = folder
        self.url = folder.as_uri()
        self.managed: set[str] = set()
        self.started: set[str] = set()
        self._stacks = [StackBuilder(one, f"{number}d3a7c5{len(one)}", *app) for one in STACKS]

    def fill(self, api: ApiRecordings, managed: int, started: int) -> None:
        """Start recordings, the managed ones under the same names as another backend's."""
        for number in range(managed):
            stack, name = self._stacks[number % len(STACKS)], f"room-{number}"
            status = ("RECORDING", "PAUSED", "UPLOADED")[number % 4 % 3]
            one = api.start(stack.get_mark(name), status)
            stack.add(name, one, status)
            self.managed.add(one)
        for number in range(started):
            mark = self._stacks[number % len(STACKS)].get_mark(f"gone-{number}")
            self.started.add(api.start(mark))

    def write(self) -> None:
        """Write the states as the CLI keeps them in a folder."""
        stacks = self.folder / ".pulumi" / "stacks" / "acme"
        stacks.mkdir(parents=True)
        (self.folder / ".pulumi" / "meta.yaml").write_text("version: 1\n")
        for stack in self._stacks:
            latest = {"manifest": {"time": "2026-03-01T12:00:00Z"}, **stack.export()["deployment"]}
            checkpoint = {"stack": f"organization/acme/{stack.name}", "latest": latest}
            document = {"version": 3, "checkpoint": checkpoint}
            (stacks / f"{stack.name}.json").write_text(json.dumps(document))


def test_another_backends_recordings_are_foreign_and_no_orphans(
    tmp_path: Path,
    emulator: EmulatorServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In 500 recordings, seen from each side: exact, for five processes of the CLI and six pages.

    The stacks, the project and the recordings have the same names in both.
    """
    folder = write_project(tmp_path / "project", **dict.fromkeys(STACKS, CONFIG))
    for name, value in build_environment(tmp_path, emulator).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CLOUDFLARE_ACCOUNT_ID", emulator.account_id)
    monkeypatch.setenv("REALTIMEKIT_APP_ID", emulator.app_id)
    log = _count_processes(tmp_path, monkeypatch)
    backends = [Backend(tmp_path / f"backend-{one}", one, emulator) for one in (1, 2)]
    api = ApiRecordings(emulator)
    for backend, managed, started in zip(backends, (200, 180), (20, 15), strict=True):
        backend.fill(api, managed, started)
        backend.write()
    unmanaged = {api.start(None, "RECORDING") for _ in range(85)}
    emulator.control.advance(600)
    for own, other in (backends, backends[::-1]):
        monkeypatch.setenv("PULUMI_BACKEND_URL", own.url)
        log.unlink(missing_ok=True)
        before = emulator.control.requests()[-1].number
        ended = run_command(capsys, "list", "--json", "--expect-clean", "--cwd", folder)
        assert ended.code == ExitCode.CHANGES, ended.messages
        classes = {one["id"]: one["class"] for one in ended.document["recordings"]}
        assert classes == {
            **dict.fromkeys(own.managed, "managed"),
            **dict.fromkeys(own.started, "orphan"),
            **dict.fromkeys(other.managed | other.started, "foreign"),
            **dict.fromkeys(unmanaged, "unmanaged"),
        }
        assert len(classes) == 500
        assert len(emulator.control.requests(after=before)) == 6
        processes = [line.split(" --")[0] for line in log.read_text().splitlines()]
        assert Counter(processes) == {"whoami": 1, "stack ls": 1, "stack export": len(STACKS)}
        text = " ".join(run_command(capsys, "list", "--cwd", folder).output.split())
        assert f"Stacks of project acme: dev, prod, staging. Backend: {own.url}" in text
        assert "Other projects and backends are not known here." in text
        assert other.url not in text


def _count_processes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a ``pulumi`` first on PATH that notes its arguments and is the real one then."""
    pulumi, log = shutil.which("pulumi"), folder / "processes"
    assert pulumi is not None
    program = folder / "bin" / "pulumi"
    program.parent.mkdir()
    program.write_text(_COUNTING.format(python=sys.executable, log=str(log), pulumi=pulumi))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    return log


def test_two_deployed_backends_know_nothing_of_each_other(
    project: Project,
    control: Control,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Both states are the engine's own, of the same stack and recording."""
    ids: list[str] = []
    for number in (1, 2):
        backend = tmp_path / f"backend-{number}"
        backend.mkdir()
        project.environment["PULUMI_BACKEND_URL"] = backend.as_uri()
        project.run("stack", "init", project.stack)
        room = control.create_meeting(participants=1).id
        project.configure(standup={"meeting_id": room, "layers": {"default": {}}})
        project.up()
        resources = json.loads(project.run("stack", "export"))["deployment"]["resources"]
        ids += [one["id"] for one in resources if one["type"] == TYPE]
    control.advance(600)
    for number, (own, other) in ((1, ids), (2, ids[::-1])):
        for name, value in project.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("PULUMI_BACKEND_URL", (tmp_path / f"backend-{number}").as_uri())
        ended = run_command(capsys, "list", "--json", "--expect-clean", "--cwd", project.folder)
        rows = {one["id"]: one["class"] for one in ended.document["recordings"]}
        assert rows == {own: "managed", other: "foreign"}, ended.messages
        assert ended.code == ExitCode.OK


def test_the_cli_writes_the_file_that_is_found(project: Project) -> None:
    """By each form of a name, with dots and in the same case."""
    for name in ("organization/realtimekit/eu.west", "organization/eu.east", "Test"):
        project.run("stack", "init", name)
        project.run("config", "set", "realtimekit:allowEmpty", "true", "--stack", name)
        file = find_stack_file(find_project(project.folder), name)
        assert file is not None
        assert "allowEmpty" in file.path.read_text(encoding="utf-8")
