"""The project that is examined, and the machine: everything that is read from outside, once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timezone

from realtimekit_provider.cli.checks.evidence.lazy import Lazy
from realtimekit_provider.cli.exit_codes import CommandError
from realtimekit_provider.cli.pulumi_cli.backend import (
    BackendInfo,
    StackInfo,
    describe_backend,
    list_stacks,
)
from realtimekit_provider.cli.pulumi_cli.process import PulumiCli
from realtimekit_provider.cli.stack_files.project import Project, list_stack_files
from realtimekit_provider.cli.stack_files.validate import FileReport, validate_stack_file

__all__ = ["ExaminedProject"]


def _get_time() -> datetime:
    return datetime.now(timezone.utc)


@dataclass
class ExaminedProject:
    """A project, and the machine that it is examined on.

    Attributes:
        project: The project.
        cli: The Pulumi CLI.
        get_time: Returns the time of this machine.
        cli_version: What ``pulumi version`` prints.
        backend: Where states are kept.
        stacks: The stacks that the backend knows.
        files: What each stack's file declares, and what is wrong with it.
        examined: The names of the stacks that are examined, without organizations.
    """

    project: Project
    cli: PulumiCli
    get_time: Callable[[], datetime] = _get_time
    examined: Collection[str] = ()
    cli_version: Lazy[str] = field(init=False)
    backend: Lazy[BackendInfo] = field(init=False)
    stacks: Lazy[list[StackInfo]] = field(init=False)
    files: Lazy[list[FileReport]] = field(init=False)

    def __post_init__(self) -> None:
        self.cli_version = Lazy(self._read_cli_version, "pulumi-cli")
        self.backend = Lazy(self._read_backend, "backend")
        self.stacks = Lazy(self._list_stacks, "stack")
        self.files = Lazy(self._read_files, "stack-files")

    def _read_cli_version(self) -> str:
        done = self.cli.run("version")
        if done.returncode != 0:
            raise CommandError("'pulumi version' failed")
        return done.stdout.strip()

    def _read_backend(self) -> BackendInfo:
        self.cli_version.require()
        return describe_backend(self.cli)

    def _list_stacks(self) -> list[StackInfo]:
        self.backend.require()
        return list_stacks(self.cli)

    def _read_files(self) -> list[FileReport]:
        return [validate_stack_file(file, self.project) for file in list_stack_files(self.project)]
