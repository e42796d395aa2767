"""The mark that proves which resource started a recording."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtimekit_provider.api.models.track_request import Layer
from realtimekit_provider.deployment.mark import (
    compute_mark,
    find_foreign_mark,
    find_marked_name,
    generate_prefix,
    has_mark,
    insert_mark,
    is_generated_prefix,
    is_of_same_identity,
)
from tests.example_values import FOREIGN_MARK, MARK, URN

IDENTITY = "1d3a7c5e"
OTHERS = {
    "state": compute_mark("5e1d3a7c", URN),
    "stack": compute_mark(IDENTITY, URN.replace("prod", "dev")),
    "project": compute_mark(IDENTITY, URN.replace("::realtimekit::", "::another::")),
    "name": compute_mark(IDENTITY, URN.replace("standup", "retro")),
}
NAMES = st.text("abz09-_ ./é{}", min_size=1, max_size=60)


def test_a_mark_is_short_and_fits_a_file_name() -> None:
    """``rk`` and sixteen hexadecimal digits, the same in every run."""
    assert re.fullmatch(r"rk[0-9a-f]{16}", MARK)
    assert compute_mark(IDENTITY, URN) == MARK


@pytest.mark.parametrize(
    ("name", "words", "found"),
    [
        ("retro", "prod_retro_default", "retro"),
        ("team-retro", "prod_team_retro_default_video", "team-retro"),
        ("retro", "mine_daily", None),
        ("retro", "", None),
    ],
)
def test_the_words_before_a_mark_name_its_resource(
    name: str, words: str, found: str | None
) -> None:
    """Words that the digest in the mark does not prove are no name."""
    mark = compute_mark(IDENTITY, URN.replace("standup", name))
    assert find_marked_name(f"{words}_{mark}_default_1.webm", mark, URN) == found


def test_a_mark_tells_which_state_made_it() -> None:
    """Of a recording that no state knows one can still say whether this stack started it."""
    assert {part: is_of_same_identity(MARK, mark) for part, mark in OTHERS.items()} == {
        "state": False,
        "stack": True,
        "project": True,
        "name": True,
    }


@pytest.mark.parametrize("part", OTHERS)
def test_deployments_that_differ_have_different_marks(part: str) -> None:
    """Whatever part of a resource's identity differs."""
    assert OTHERS[part] != MARK


def test_a_generated_prefix_tells_whose_recording_it_is() -> None:
    """Stack, resource and layer for people, the mark as proof."""
    assert generate_prefix(URN, "default-video", MARK) == f"prod_standup_default_video_{MARK}"


@given(NAMES, NAMES, NAMES)
def test_a_generated_prefix_is_always_sent_and_recognised(
    stack: str, name: str, layer: str
) -> None:
    """The API takes letters, digits and ``_`` only, whatever things are called."""
    urn = f"urn:pulumi:{stack}::p::t::{name}"
    prefix = generate_prefix(urn, layer, MARK)
    assert Layer(file_name_prefix=prefix).file_name_prefix == prefix
    assert len(prefix) < 160
    assert is_generated_prefix(prefix, MARK)
    assert has_mark(f"{prefix}_1700000000.webm", MARK)


FILE_NAMES: dict[str | None, tuple[bool, bool]] = {
    None: (False, False),
    "": (False, False),
    "standup_1700000000.webm": (False, False),
    f"{MARK}": (True, False),
    f"prod_standup_default_{MARK}_1700000000.webm": (True, False),
    f"{MARK}_x.webm": (True, False),
    f"x-{MARK}.webm": (True, False),
    f"x{MARK}.webm": (False, False),
    f"{MARK}0.webm": (False, False),
    f"{MARK.upper()}.webm": (False, False),
    f"prod_retro_{FOREIGN_MARK}_1.webm": (False, True),
    f"{FOREIGN_MARK}_{MARK}.webm": (True, True),
    "park0123456789abcdef.webm": (False, False),
    "x_rk0123456789_1.webm": (False, False),
}


@pytest.mark.parametrize("name", FILE_NAMES)
def test_a_file_name_proves_an_owner(name: str | None) -> None:
    """Only a whole mark counts, never a part of a longer word."""
    is_ours, is_foreign = FILE_NAMES[name]
    assert has_mark(name, MARK) is is_ours
    assert find_foreign_mark(name, MARK) == (FOREIGN_MARK if is_foreign else None)


def test_a_users_prefix_says_where_the_mark_stands() -> None:
    """The word ``{mark}`` is replaced, wherever and however often; any other prefix stays."""
    assert insert_mark("acme_{mark}_x", MARK) == f"acme_{MARK}_x"
    assert insert_mark("{mark}", MARK) == MARK
    assert insert_mark("acme", MARK) == "acme"
    assert insert_mark("acme{mark}", MARK) == "acme{mark}"
    assert not is_generated_prefix("acme", MARK)
