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
    "12345678901234567890123": 12345678901234567890123,
}


@pytest.mark.parametrize("text", SCALARS)
def test_a_plain_value_is_what_the_cli_takes_it_for(text: str) -> None:
    """Otherwise an id that the CLI hands over as a number would pass as text."""
    value = parse_yaml(f"key: {text}\n").content["key"]
    assert (value, type(value)) == (SCALARS[text], type(SCALARS[text]))


def test_a_value_is_found_at_its_line() -> None:
    """What is not there is told where it would be."""
    file = parse_yaml("config:\n  a:b:\n    names:\n      - x\n      - y: 1\n")
    assert file.find_line("config.a:b.names[1].y") == 5
    assert file.find_line("config.a:b.names[7].z") == 3
    assert file.find_line("config.a:b.missing.field") == 2
    assert file.find_line("elsewhere") is None


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: 1\nb: [\n", 3, "is not valid YAML here"),
        ("a: 1\nb: 2\na: 3\n", 3, "names a key twice"),
        ("- 1\n", 1, "must be a mapping"),
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
