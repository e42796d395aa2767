"""The mark: a short text in a file's name that proves which resource started a recording.

The API keeps no tags and takes no idempotency key. What it does keep is the prefix of the
file's name, so the proof of an interrupted start travels there. The first half of a mark is the
identity of the stack's state, the second a hash of the resource's URN: two states with the same
names have different marks.
"""

from __future__ import annotations

import hashlib
import re
from itertools import combinations

from realtimekit_provider.constants import MARK_WORD
from realtimekit_provider.schema.file_name_prefix import is_mark_delimited
from realtimekit_provider.schema.urn import parse_name, parse_stack

__all__ = [
    "compute_mark",
    "find_foreign_mark",
    "find_marked_name",
    "generate_prefix",
    "has_mark",
    "insert_mark",
    "is_generated_prefix",
    "is_of_same_identity",
    "list_marks",
    "parse_identity",
    "parse_urn_digest",
]

_HALF = 8
_SHAPE = re.compile(rf"(?<![A-Za-z0-9])rk[0-9a-f]{{{2 * _HALF}}}(?![A-Za-z0-9])")
_LONGEST_PART = 40
_SEARCHED_WORDS = 12


def compute_mark(identity: str, urn: str) -> str:
    """Return the mark of a resource: ``rk`` and sixteen hexadecimal digits.

    Args:
        identity: The value of the stack's ``StackIdentity``, hexadecimal; its first eight digits
            count.
        urn: The URN that the resource has when it is created.
    """
    digest = hashlib.sha256(urn.encode()).hexdigest()
    return f"rk{identity[:_HALF]}{digest[:_HALF]}"


def is_of_same_identity(mark: str, other: str) -> bool:
    """Whether the state of one stack made both marks."""
    return mark[:-_HALF] == other[:-_HALF]


def parse_identity(mark: str) -> str:
    """Return the first eight digits of the identity that a mark was made of."""
    return mark.removeprefix("rk")[:_HALF]


def parse_urn_digest(mark: str) -> str:
    """Return the eight digits of a mark that are a hash of the resource's URN."""
    return mark[-_HALF:]


def generate_prefix(urn: str, layer: str, mark: str) -> str:
    """Return the file name prefix of a layer that was declared without one.

    Made of stack, resource name, layer and mark, each reduced to letters, digits and ``_``.
    """
    parts = (parse_stack(urn), parse_name(urn), layer)
    readable = [re.sub(r"[^A-Za-z0-9]+", "_", part) for part in parts]
    return "_".join((*(part[:_LONGEST_PART] for part in readable), mark))


def is_generated_prefix(prefix: str, mark: str) -> bool:
    """Whether ``prefix`` ends as generated ones do, so that it is kept for the same resource."""
    return prefix.endswith(f"_{mark}")


def insert_mark(prefix: str, mark: str) -> str:
    """Return a user's prefix with the word ``{mark}`` replaced by the mark.

    Where something touches the word it stays, for the check to say so.
    """
    return prefix.replace(MARK_WORD, mark) if is_mark_delimited(prefix) else prefix


def has_mark(file_name: str | None, mark: str) -> bool:
    """Whether a recording's file name proves that the resource with ``mark`` started it."""
    return mark in list_marks(file_name)


def find_foreign_mark(file_name: str | None, mark: str) -> str | None:
    """Return the mark of another resource in ``file_name``, if there is one."""
    return next((found for found in list_marks(file_name) if found != mark), None)


def find_marked_name(file_name: str | None, mark: str, urn: str) -> str | None:
    """Return the name of the resource that a mark in a file's name is of.

    The words before the mark usually hold it, and the digest in the mark proves it. ``None`` where
    none of them is it: the user chose other words, or the name has other separators.

    Args:
        file_name: The recording's file name.
        mark: The mark in it.
        urn: A resource of the same stack and type.
    """
    words = (file_name or "").partition(mark)[0].split("_")[-_SEARCHED_WORDS - 1 : -1]
    sibling = urn.removesuffix(parse_name(urn))
    for first, end in combinations(range(len(words) + 1), 2):
        for separator in ("_", "-", ".", " "):
            name = separator.join(words[first:end])
            if compute_mark(parse_identity(mark), f"{sibling}{name}") == mark:
                return name
    return None


def list_marks(file_name: str | None) -> list[str]:
    """Return the marks in a recording's file name, in their order."""
    spaced = (file_name or "").replace("_", " ")
    return _SHAPE.findall(spaced)
