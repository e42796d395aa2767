"""The exceptions, and the tree in their module's docstring."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator

import pytest

from realtimekit_provider import errors
from realtimekit_provider.errors import CallError, CallInfo, RealtimeKitError

FULL_INFO = CallInfo("PUT", "/recordings/r", 422, 1001, "8f-FRA", "no", 2.5)


def list_kinds(kind: type[RealtimeKitError] = RealtimeKitError) -> Iterator[type[RealtimeKitError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from list_kinds(below)


def make_error(kind: type[RealtimeKitError]) -> RealtimeKitError:
    return (
        kind("what happened", FULL_INFO) if issubclass(kind, CallError) else kind("what happened")
    )


def parse_tree() -> dict[str, str]:
    """Return the name of each class in the module's docstring, with that of its parent."""
    ancestors = ["Exception"]
    parents = {}
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"    ((?:[│ ]   )*)(?:[├└]── )?(\w+Error)\b", line)
        if found:
            is_root = found.group(2) == "RealtimeKitError"
            depth = 0 if is_root else len(found.group(1)) // 4 + 1
            del ancestors[depth + 1 :]
            parents[found.group(2)] = ancestors[-1]
            ancestors.append(found.group(2))
    return parents


def test_the_docstring_shows_the_present_tree() -> None:
    """Every class stands in it, below the class that it inherits from."""
    assert parse_tree() == {kind.__name__: kind.__bases__[0].__name__ for kind in list_kinds()}


def test_every_class_is_exported() -> None:
    """What can be raised can be caught by its name."""
    assert {kind.__name__ for kind in list_kinds()} | {"CallInfo"} == set(errors.__all__)


@pytest.mark.parametrize("kind", list(list_kinds()))
def test_errors_survive_pickling(kind: type[RealtimeKitError]) -> None:
    """An error that crosses a process keeps its class, its text and its data."""
    error = make_error(kind)
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - it was pickled a moment ago
    assert type(copy) is kind
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)


TEXTS = {
    "it failed": CallInfo("GET", "/"),
    "it failed (HTTP 502)": CallInfo("GET", "/", 502),
    "it failed (HTTP 0, code 0)": CallInfo("GET", "/", 0, 0),
    "it failed (HTTP 422, code 1001, cf-ray 8f-FRA)": FULL_INFO,
    "it failed (cf-ray 8f-FRA)": CallInfo("GET", "/", ray="8f-FRA"),
}


@pytest.mark.parametrize("text", TEXTS)
def test_the_text_ends_with_what_support_asks_for(text: str) -> None:
    """Status, Cloudflare's code and the ray, as far as they are known."""
    assert str(CallError("it failed", TEXTS[text])) == text
