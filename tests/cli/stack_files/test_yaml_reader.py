"""YAML is read as the Pulumi CLI reads it, each value with its line."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_provider.cli.stack_files.yaml_reader import YamlMistakeError, parse_yaml

# As `pulumi config --json` of Pulumi 3.255 gives them.
SCALARS: dict[str, Any] = {
    "yes": "yes",
    "on": "on",
    "n": "n",
    "1:30": "1:30",
    "0777": 511,
    "0o17": 15,
    "0x1F": 31,
    "1_000": 1000,
    "3600": 3600,
    "-5": -5,
    "089": 89,
    "1e5": 100000.0,
    "1.0": 1.0,
    ".5": 0.5,
    "True": True,
    "~": None,
    "null": None,
    "": None,
    "'1e5'": "1e5",
    "18446744073709551615": 18446744073709551615,
    "18446744073709551616": 18446744073709551616.0,
    "2026-1-2": "2026-01-02 00:00:00 +0000 UTC",
    "2026-11-26 10:00:00": "2026-11-26 10:00:00 +0000 UTC",
    "2026-11-26T10:00:00Z": "2026-11-26 10:00:00 +0000 UTC",
    "2026-11-26T10:00:00+01:00": "2026-11-26 10:00:00 +0100 +0100",
    "2026-11-26T10:00:00": "2026-11-26T10:00:00",
    "2026-13-45": "2026-13-45",
    "'2026-11-26'": "2026-11-26",
    "0x_": "0x_",
    "1e999": "1e999",
    "9" * 400: "9" * 400,
    "9" * 5000: "9" * 5000,
}


@pytest.mark.parametrize("text", SCALARS)
def test_a_plain_value_is_what_the_cli_takes_it_for(text: str) -> None:
    """Otherwise an id that the CLI hands over as a number would pass as text."""
    value = parse_yaml(f"key: {text}\n").content["key"]
    assert (value, type(value)) == (SCALARS[text], type(SCALARS[text]))


def test_mappings_are_merged_as_the_cli_merges_them() -> None:
    """A key of the mapping's own wins, wherever it stands; then the first merged one's."""
    text = "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  <<: [*x, *y]\n  a: 3\nw: {'<<': 4}\n"
    file = parse_yaml(text)
    assert file.content["z"] == {"a": 3, "b": 1, "c": 2}
    assert file.content["w"] == {"<<": 4}
    assert [file.find_line(f"z.{key}") for key in "abc"] == [5, 1, 2]


def test_a_value_is_found_at_its_line() -> None:
    """What is not there is told where it would be."""
    file = parse_yaml("config:\n  a:b:\n    names:\n      - x\n      - y: 1\n")
    assert file.find_line("config.a:b.names[1].y") == 5
    assert file.find_line("config.a:b.names[7].z") == 3
    assert file.find_line("config.a:b.missing.field") == 2
    assert file.find_line("elsewhere") is None


@pytest.mark.parametrize(
    ("rest", "second"),
    [
        ("", None),
        ("---\n", None),
        ("...\n# a comment\n---\n# another\n", None),
        ("---\na: 2\n", 2),
        ("---\n---\n- x\n", 3),
        ("---\n''\n", None),
        ("---\n[", 2),
    ],
)
def test_the_first_of_several_documents_is_read(rest: str, second: int | None) -> None:
    """As the CLI does, which reads none of the others, whatever is in them."""
    file = parse_yaml("a: 1\n" + rest)
    assert file.content == {"a": 1}
    assert file.second_document == second


@pytest.mark.parametrize("text", ["", "---\n", "# nothing\n", "~\n", "---\n---\na: 1\n"])
def test_a_file_with_nothing_in_it_is_an_empty_mapping(text: str) -> None:
    """The CLI reads no config in it, and no mistake."""
    assert parse_yaml(text).content == {}


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: 1\nb: [\n", 3, "is not valid YAML here"),
        pytest.param("a: 1\nb: " + "[" * 200_000, 2, "is nested too deeply", id="deep"),
        ("a: 1\nb: 2\na: 3\n", 3, "names the key 'a' twice"),
        ("- 1\n", 1, "must be a mapping"),
        ("a: 1\nb: .inf\n", 2, "is a number that Pulumi's config cannot hold"),
        ("a: 1\n<<: [2]\n", 2, "merges what is no mapping"),
        ("? [a]\n: 1\n", 1, "has a key that is no text"),
        ("a: \x07\n", 1, "a character that YAML does not allow"),
        ("a: " + "[" * 80 + "]" * 80, 1, "nested too deeply"),
        (
            "a: &a [x,x,x,x,x,x,x,x,x]\n"
            + "".join(
                f"{now}: &{now} [*{was},*{was},*{was},*{was},*{was},*{was},*{was},*{was}]\n"
                for was, now in zip("abcdefg", "bcdefgh", strict=True)
            ),
            1,
            "is too large",
        ),
    ],
)
def test_a_text_that_is_no_mapping_is_refused(text: str, line: int, reason: str) -> None:
    """By a sentence that quotes nothing of it: a credential may stand there."""
    with pytest.raises(YamlMistakeError, match=reason) as refused:
        parse_yaml(text)
    assert refused.value.line == line
