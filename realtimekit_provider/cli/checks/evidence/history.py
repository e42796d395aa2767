"""What a stack's history says was done to it last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from realtimekit_provider.api.models.recording import parse_time
from realtimekit_provider.cli.pulumi_cli.process import PulumiCli

__all__ = ["LastUpdate", "read_last_update"]


@dataclass(frozen=True)
class LastUpdate:
    """The newest entry of a stack's history.

    Attributes:
        kind: The operation in the CLI's word, such as ``update`` or ``destroy``; empty where the
            history is.
        result: How it ended, such as ``succeeded``.
        time: When it ended, ``None`` where that cannot be read.
    """

    kind: str = ""
    result: str = ""
    time: datetime | None = None

    @property
    def has_succeeded(self) -> bool:
        """Whether it ended well."""
        return self.result == "succeeded"


def read_last_update(cli: PulumiCli, stack: str) -> LastUpdate:
    """Return the newest entry of a stack's history.

    Args:
        cli: The CLI, in the project's folder.
        stack: The stack's name.

    Raises:
        CommandError: The history cannot be read.
    """
    entries: list[Mapping[str, Any]] = cli.read_json(
        "stack", "history", "--json", "--page-size", "1", "--page", "1", "--stack", stack
    )
    if not entries:
        return LastUpdate()
    newest = entries[0]
    return LastUpdate(
        str(newest.get("kind", "")),
        str(newest.get("result", "")),
        parse_time(newest.get("endTime")),
    )
