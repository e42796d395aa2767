"""The message texts in the package's code; a value that is filled in is a gap."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

from tests.docs.pages import ROOT

__all__ = ["GAP", "is_message", "list_strings"]

GAP = "…"
_PLACEHOLDER = re.compile(r"\{[^{} ]*\}")


@lru_cache(maxsize=1)
def _list_texts() -> tuple[str, ...]:
    files = sorted((ROOT / "realtimekit_provider").rglob("*.py"))
    return tuple(
        _PLACEHOLDER.sub(GAP, text)
        for file in files
        for text in list_strings(file.read_text(encoding="utf-8"))
    )


def list_strings(source: str) -> Iterator[str]:
    """Yield each string of a program, with a gap where an f-string fills something in."""
    tree = ast.parse(source)
    inner = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
        if part is not node
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else GAP for part in node.values
            )
        elif isinstance(node, ast.Constant) and id(node) not in inner:
            yield from (node.value,) if isinstance(node.value, str) else ()


def is_message(text: str) -> bool:
    """Whether some text of the package holds ``text``, gaps being gaps."""
    return any(text in known for known in _list_texts())
