"""Values that nobody would write on purpose, alone and inside what is otherwise right."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

__all__ = ["JSON", "nested", "spoiled"]

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

JSON = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(_TEXTS, inner, max_size=3)
    ),
    max_leaves=6,
)
"""Anything that JSON can say."""


def nested(depth: int, value: Any = None) -> Any:
    """Return lists in lists and mappings in mappings, so deep."""
    for level in range(depth):
        value = [value] if level % 2 else {"data": value}
    return value


@st.composite
def spoiled(draw: st.DrawFn, document: Any) -> Any:
    """Return a document in which one to three places were replaced, taken out or added to."""
    changed = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(changed))
        if not places:
            return draw(JSON)
        container, key = draw(st.sampled_from(places))
        _spoil(draw, container, key)
    return changed


def _spoil(draw: st.DrawFn, container: Any, key: Any) -> None:
    what = draw(st.sampled_from(["replace", "replace", "take out", "add"]))
    if what == "replace":
        container[key] = draw(JSON)
    elif what == "take out":
        del container[key]
    elif isinstance(container, dict):
        container[draw(_TEXTS)] = draw(JSON)
    else:
        container.append(draw(JSON))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each place of a document, as its container and the key in it."""
    if isinstance(value, Mapping):
        inner: Any = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    else:
        return
    for key, below in inner:
        yield value, key
        yield from _places(below)
