"""Reads the pages of the documentation: their blocks, tables, links and headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "PAGES",
    "ROOT",
    "Block",
    "extract_code",
    "find_page",
    "list_anchors",
    "list_blocks",
    "list_links",
    "read_prose",
    "read_table",
]

ROOT = Path(__file__).parents[2]
PAGES = (
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")),
    *sorted((ROOT / "docs").glob("*.md")),
)
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and its page and line."""

    language: str
    text: str
    source: str


def list_blocks(language: str) -> list[Block]:
    """Return the blocks of a language, on all pages."""
    return [
        block for page in PAGES for block in _list_blocks_of(page) if block.language == language
    ]


def _list_blocks_of(page: Path) -> Iterator[Block]:
    content = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(content):
        line = content.count("\n", 0, found.start()) + 2
        yield Block(found[1], found[2], f"{page.name}:{line}")


def read_prose(page: Path) -> str:
    """Return a page without its blocks."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def list_links(page: Path) -> list[str]:
    """Return the targets of a page's links."""
    return re.findall(r"\]\(([^)\s]+)\)", read_prose(page))


def list_anchors(page: Path) -> set[str]:
    """Return the anchors that a page's headings can be reached by."""
    titles = re.findall(r"^#+ (.*)$", read_prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def read_table(page: str, header: str, section: str = "") -> list[Mapping[str, str]]:
    """Return the rows of the table whose header begins with ``header``, by column.

    ``section`` is the heading that it stands below, where a page has several such tables.
    """
    lines = read_prose(ROOT / page).splitlines()
    start = lines.index(section) if section else 0
    first = next(at for at in range(start, len(lines)) if lines[at].startswith(f"| {header} |"))
    names = _split_row(lines[first])
    rows: list[Mapping[str, str]] = []
    for line in lines[first + 2 :]:
        if not line.startswith("|"):
            break
        rows.append(dict(zip(names, _split_row(line), strict=True)))
    return rows


def find_page(heading: str) -> str:
    """Return the page of the documentation that has a heading, such as ``## aws``.

    Sections of one kind stand on a page together, or on a page of their own each.
    """
    (page,) = (page for page in PAGES if heading in read_prose(page).splitlines())
    return page.relative_to(ROOT).as_posix()


def extract_code(cell: str) -> list[str]:
    """Return the texts in a cell that are marked as code."""
    return re.findall(r"`([^`]*)`", cell)


def _split_row(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
