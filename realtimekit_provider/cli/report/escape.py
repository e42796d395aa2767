"""Foreign text in GitHub's Markdown, so that it is shown and does nothing else.

A code span shows its content as it is, and GitHub looks for no mentions, references and links in
it; so whatever is not this package's own word is shown as code.
"""

from __future__ import annotations

import re
import unicodedata

from realtimekit_provider.redaction import redact

__all__ = ["escape_prose", "make_visible", "to_code_span", "to_html_code"]

_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Categories of Unicode: controls, bidirectional and zero-width marks, line and paragraph ends."""

_BLANKS = {"\u115f", "\u1160", "\u2800", "\u3164", "\uffa0", "\u034f"}
"""Letters and marks that look like nothing."""

_LONGEST_CODE = 300
_SPECIAL = re.compile(r"[\\`*_{}\[\]()!|~^]")
_TRIGGER = re.compile(r"[@#]|(?<=[gG][hH]-)(?=\d)|(?<=:)(?=//)|(?<=[wW]{3})(?=\.)")
"""What GitHub makes a mention, a reference or a link of, also where Markdown sees plain text."""

_PROSE = {**_HTML, "$": "<span>$</span>", "\0": "&#8203;"}
"""Formulas begin with a dollar; a space without a width is put in where a link would begin."""


def make_visible(text: str) -> str:
    """Return a text on one line, in which every character is seen: invisible ones as numbers."""
    return "".join(_show(one) for one in re.sub(r"\r\n|[\r\n\t]", " ", text))


def to_code_span(text: str, *, in_table: bool = False) -> str:
    """Return a code span of a foreign text, on one line, credentials removed.

    Args:
        text: Any text.
        in_table: Whether it stands in a table's cell, where ``|`` ends the cell even in code.
    """
    content = _cut(make_visible(redact(text)).strip()) or " "
    if in_table:
        content = content.replace("\\|", "\\ |").replace("|", "\\|")
    ticks = "`" * (_find_longest_run(content) + 1)
    pad = " " if content.startswith("`") or content.endswith("`") else ""
    return f"{ticks}{pad}{content}{pad}{ticks}"


def to_html_code(text: str) -> str:
    """Return a foreign text as code in a line of HTML, such as a ``summary``."""
    content = _cut(make_visible(redact(text)).strip())
    return f"<code>{''.join(_HTML.get(one, one) for one in content)}</code>"


def escape_prose(text: str) -> str:
    """Return a foreign sentence as prose: no Markdown, HTML, mention, reference or link in it."""
    content = _TRIGGER.sub(lambda found: f"{found[0]}\0", make_visible(redact(text)))
    return "".join(_PROSE.get(one) or _SPECIAL.sub(r"\\\g<0>", one) for one in content)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_CODE else f"{text[:_LONGEST_CODE]}…"


def _show(character: str) -> str:
    hidden = unicodedata.category(character) in _INVISIBLE or character in _BLANKS
    if not hidden:
        return character
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"  # noqa: PLR2004  # the first plane


def _find_longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
