"""Every promise of SECURITY.md is held by a test that exists."""

from __future__ import annotations

import ast
import re

import pytest

from tests.docs.pages import ROOT

_LINES = (ROOT / "SECURITY.md").read_text().splitlines()
_ROWS = [line for line in _LINES if line.startswith("| ") and not line.startswith("| promise")]
HELD_BY = {line.split(" | ")[0].strip("| "): line for line in _ROWS}


@pytest.mark.parametrize("promise", HELD_BY)
def test_a_promise_is_held_by_a_test(promise: str) -> None:
    """Its file exists, and the test is in it."""
    found = re.search(r"`(tests/\S+\.py)::(test_\w+)`", HELD_BY[promise])
    assert found, promise
    tree = ast.parse((ROOT / found[1]).read_text())
    assert found[2] in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_there_are_promises() -> None:
    """The table was found."""
    assert len(HELD_BY) > 20
