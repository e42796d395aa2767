"""The backend that a project's stacks are kept in: one call of the CLI a question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from realtimekit_provider.cli.exit_codes import CommandError, ExitCode
from realtimekit_provider.cli.pulumi_cli.process import PulumiCli
from realtimekit_provider.cli.pulumi_cli.states import StackState, parse_state
from realtimekit_provider.cli.stack_files.names import StackName, parse_stack_name
from realtimekit_provider.redaction import redact, remember_secrets

__all__ = [
    "BackendInfo",
    "StackInfo",
    "decrypt_config",
    "describe_backend",
    "find_stack",
    "identify_stacks",
    "list_stacks",
    "read_state",
]


_PAGE_PARTS = 3


@dataclass(frozen=True)
class BackendInfo:
    """Where states are kept, and as whom.

    Attributes:
        url: The backend's URL, without a password.
        user: Who is logged in, as the backend names them.
    """

    url: str
    user: str


@dataclass(frozen=True)
class StackInfo:
    """A stack of the project that the backend knows.

    Attributes:
        name: Its name, as the CLI takes it: with the organization where that is not the default
            one, and with the project where that is not the folder's.
        is_updating: Whether something holds its lock, as far as the backend tells.
        last_update: When it was deployed last, as ISO 8601; ``None`` where it never was.
        is_selected: Whether commands that name no stack are about it.
        url: Its page in Pulumi Cloud, empty where it has none.
    """

    name: str
    is_updating: bool = False
    last_update: str | None = None
    is_selected: bool = False
    url: str = ""

    @property
    def parts(self) -> StackName:
        """The parts of its name, the default organization too where the stack's page tells it."""
        parts = parse_stack_name(self.name)
        path = urlsplit(self.url).path.split("/")
        is_page = len(path) > _PAGE_PARTS and path[-1] == parts.short
        return StackName(parts.short, path[-3], parts.project) if is_page else parts


def describe_backend(cli: PulumiCli) -> BackendInfo:
    """Return where the project's states are kept.

    Raises:
        CommandError: Nobody is logged in, or the backend does not answer.
    """
    answer: Mapping[str, Any] = cli.read_json("whoami", "--json")
    return BackendInfo(redact(str(answer.get("url", ""))), str(answer.get("user", "")))


def list_stacks(cli: PulumiCli) -> list[StackInfo]:
    """Return the stacks of the project that the backend knows.

    Raises:
        CommandError: The backend does not answer.
    """
    return [
        StackInfo(
            str(one["name"]),
            bool(one.get("updateInProgress")),
            one.get("lastUpdate"),
            bool(one.get("current")),
            str(one.get("url") or ""),
        )
        for one in cli.read_json("stack", "ls", "--json")
    ]


def find_stack(stacks: Iterable[StackInfo], name: str, project: str) -> StackInfo | None:
    """Return the stack that the CLI would take for a name, ``None`` where the backend has none.

    Args:
        stacks: The stacks that the backend has of the project.
        name: The name, in any form that the CLI takes.
        project: The folder's project.
    """
    wanted = parse_stack_name(name, project)
    in_default = replace(wanted, organization=None)
    named = [(parse_stack_name(one.name, project), one) for one in stacks]
    exact = (one for parts, one in named if parts == wanted)
    default = (
        one
        for parts, one in named
        if parts == in_default and one.parts.organization in {None, wanted.organization}
    )
    return next(exact, None) or next(default, None)


def identify_stacks(cli: PulumiCli, names: Iterable[str], project: str) -> dict[str, str]:
    """Return the name of each stack that is the same however it was written: one call of the CLI.

    It has the organization, the default one too where the backend tells it.

    Args:
        cli: The CLI, in the project's folder.
        names: The names, in any form that the CLI takes.
        project: The project's name.

    Raises:
        CommandError: The backend does not answer.
    """
    stacks = list_stacks(cli)
    found = {name: find_stack(stacks, name, project) for name in names}
    return {
        name: str(one.parts if one is not None else parse_stack_name(name, project))
        for name, one in found.items()
    }


def read_state(cli: PulumiCli, stack: str) -> StackState:
    """Return what the state of a stack says; what is encrypted in it stays so.

    Raises:
        CommandError: The backend has no such stack, or does not answer.
    """
    return parse_state(stack, cli.read_json("stack", "export", "--stack", stack))


def decrypt_config(cli: PulumiCli, stack: str, key: str) -> str | None:
    """Return an encrypted value of a stack's config, ``None`` where it is not set.

    Needs what the stack's secrets are encrypted with: the passphrase, or the right to use the key.
    The value is hidden in every text from now on.

    Raises:
        CommandError: It cannot be decrypted.
    """
    done = cli.run("config", "get", key, "--stack", stack)
    value = done.stdout.removesuffix("\n")
    if done.returncode == 0:
        remember_secrets(value)
        return value or None
    if "not found" in done.stderr:
        return None
    raise CommandError(
        f"{key} of stack {stack} cannot be decrypted: {_get_first_line(redact(done.stderr))}",
        ExitCode.CONFIGURATION,
    )


def _get_first_line(text: str) -> str:
    return text.strip().partition("\n")[0].removeprefix("error: ")
