"""The backend that a project's stacks are kept in: one call of the CLI a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from realtimekit_provider.cli.exit_codes import CommandError, ExitCode
from realtimekit_provider.cli.pulumi_cli.process import PulumiCli
from realtimekit_provider.cli.pulumi_cli.states import StackState, parse_state
from realtimekit_provider.redaction import redact, remember_secrets

__all__ = [
    "BackendInfo",
    "StackInfo",
    "decrypt_config",
    "describe_backend",
    "list_stacks",
    "read_state",
]


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
        name: Its name, as the CLI takes it: with the organization where that is another one.
        is_updating: Whether something holds its lock, as far as the backend tells.
        last_update: When it was deployed last, as ISO 8601; ``None`` where it never was.
        is_selected: Whether commands that name no stack are about it.
    """

    name: str
    is_updating: bool
    last_update: str | None
    is_selected: bool = False

    @property
    def short_name(self) -> str:
        """Its name alone, as in the URN of its resources and in the name of its file."""
        return self.name.rpartition("/")[2]


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
        )
        for one in cli.read_json("stack", "ls", "--json")
    ]


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
    value = done.stdout.strip()
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
