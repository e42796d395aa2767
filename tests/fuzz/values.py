"""Random JSON values, and valid documents with random changes."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

__all__ = ["JSON_VALUES", "build_nested", "corrupted_copies"]

_WORDS = st.sampled_from(
    [
        "",
        " ",
        "\x00",
        "type",
        "{mark}",
        "a.b[0]",
        "../..",
        "null",
        "1e999",
        "STORAGE_CONFIG",
        "RECORDING",
        "fromConfig",
        "aws",
        "sftp",
        "é☃\U0001f600",
        "\\n",
        "x" * 5000,
    ]
)
_TEXTS = st.one_of(_WORDS, st.text(max_size=20))
_NUMBERS = st.one_of(
    st.integers(),
    st.sampled_from([-1, 0, 2**53 + 1, 10**400, 1.5, -0.0, 1e308]),
    st.floats(allow_nan=False, allow_infinity=False),
)
_LEAVES = st.one_of(st.none(), st.booleans(), _NUMBERS, _TEXTS)

JSON_VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(_TEXTS, inner, max_size=3)
    ),
    max_leaves=6,
)
"""Any value that JSON can hold."""


def build_nested(depth: int, value: Any = None) -> Any:
    """Return lists and mappings in each other, ``depth`` levels deep, around ``value``."""
    for level in range(depth):
        value = [value] if level % 2 else {"data": value}
    return value


@st.composite
def corrupted_copies(draw: st.DrawFn, document: Any) -> Any:
    """Copies of a document in which one to three values are replaced, removed or added."""
    changed = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 3))):
        entries = list(_entries(changed))
        if not entries:
            return draw(JSON_VALUES)
        container, key = draw(st.sampled_from(entries))
        _corrupt(draw, container, key)
    return changed


def _corrupt(draw: st.DrawFn, container: Any, key: Any) -> None:
    change = draw(st.sampled_from(["replace", "replace", "remove", "add"]))
    if change == "replace":
        container[key] = draw(JSON_VALUES)
    elif change == "remove":
        del container[key]
    elif isinstance(container, dict):
        container[draw(_TEXTS)] = draw(JSON_VALUES)
    else:
        container.append(draw(JSON_VALUES))


def _entries(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each entry of a document, as its container and its key."""
    if isinstance(value, Mapping):
        inner: Any = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    else:
        return
    for key, below in inner:
        yield value, key
        yield from _entries(below)
