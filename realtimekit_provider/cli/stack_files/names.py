"""The names of stacks, as the Pulumi CLI reads and checks them: pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = [
    "UNREVIEWED_ENVIRONMENTS",
    "StackName",
    "describe_bad_name",
    "drop_repeated_names",
    "label_stacks",
    "parse_stack_name",
]

UNREVIEWED_ENVIRONMENTS = frozenset({"recordings-drift", "recordings-meetings"})
"""The environments of the workflows in ``pipelines/github`` that no stack's deployment may use."""

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_SELF_MANAGED = "organization"


@dataclass(frozen=True)
class StackName:
    """The parts of a stack's name, of which the CLI takes the missing ones from where it runs.

    Attributes:
        short: The last part, as in the URN of its resources and in the name of its file.
        organization: The organization of Pulumi Cloud, ``None`` for the default one. On a
            self-managed backend there is one alone, which is left out here.
        project: The project, ``None`` for that of the folder.
    """

    short: str
    organization: str | None = None
    project: str | None = None

    def __str__(self) -> str:
        """Return the name without the project, such as ``acme-corp/prod``."""
        return f"{self.organization}/{self.short}" if self.organization else self.short


def parse_stack_name(name: str, own_project: str = "") -> StackName:
    """Return the parts of ``stack``, ``organization/stack`` or ``organization/project/stack``.

    Args:
        name: The name.
        own_project: The project of the folder, which is left out.

    Source: ``ParseStackReference`` of the Pulumi CLI's backends.
    """
    *qualifiers, short = name.split("/")
    organization = qualifiers[0] if qualifiers else None
    project = "/".join(qualifiers[1:])
    return StackName(
        short,
        None if organization == _SELF_MANAGED else organization,
        None if project in {"", own_project} else project,
    )


def drop_repeated_names(names: Iterable[str], own_project: str) -> list[str]:
    """Return each stack's name once, as it was written first.

    Args:
        names: The names, in any form.
        own_project: The project of the folder.
    """
    first: dict[StackName, str] = {}
    for name in names:
        first.setdefault(parse_stack_name(name, own_project), name)
    return list(first.values())


def label_stacks(names: Iterable[str]) -> dict[str, str]:
    """Return how each stack is shown, by its name: by its short name where no other one has that.

    Args:
        names: Names of stacks of one project.
    """
    parsed = {name: parse_stack_name(name) for name in names}
    number = Counter(one.short for one in set(parsed.values()))
    return {name: one.short if number[one.short] == 1 else str(one) for name, one in parsed.items()}


def describe_bad_name(name: str) -> str | None:
    """Return why no stack can have this name, ``None`` where one can.

    A stack's environment on GitHub is named like it, and there upper and lower case are the same.

    Source: ``tokens.ParseStackName`` of the Pulumi CLI.
    """
    if name.lower() in UNREVIEWED_ENVIRONMENTS:
        return (
            f"{name!r} is the name of an environment of the pipeline's workflows that has no "
            "reviewers, so that the stack would be deployed without approval: rename the file"
        )
    if _NAME.fullmatch(name):
        return None
    return (
        f"{name[:100]!r} is not the name of a stack, which has at most 100 letters, digits, "
        "'_', '-' and '.': rename the file"
    )
