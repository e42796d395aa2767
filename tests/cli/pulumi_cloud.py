"""What the Pulumi CLI prints of stacks of Pulumi Cloud, which no test can reach."""

from __future__ import annotations

from typing import Any

__all__ = ["describe_stacks"]


def describe_stacks(default: str, *names: str) -> list[dict[str, Any]]:
    """Return what ``pulumi stack ls --json`` prints in a project's folder.

    Args:
        default: The default organization, which the CLI leaves out.
        names: The stacks of the project, as ``organization/project/stack``.

    Source: ``formatStackSummariesJSON`` and ``cloudBackendReference.String`` of CLI 3.255.0.
    """
    return [
        {
            "name": name.short if name.owner == default else f"{name.owner}/{name.short}",
            "current": False,
            "lastUpdate": "2026-03-01T12:00:00.000Z",
            "updateInProgress": False,
            "resourceCount": 3,
            "url": f"https://app.pulumi.com/{name.text}",
        }
        for name in map(_Name, names)
    ]


class _Name:
    def __init__(self, text: str) -> None:
        self.text = text
        self.owner, _, self.short = text.split("/")
