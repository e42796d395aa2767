"""Earlier names of recordings and storage."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

from realtimekit_provider.program import declare, load
from realtimekit_provider.program.aliases import build_alias_options
from tests.program.stack_config import KEY, Config, config, read_mistakes, standup
from tests.programs import Program

STORAGE_KEY = "realtimekit:storage"
ARCHIVE = {"type": "aws", "bucket": "acme-recordings", "region": "eu-west-1"}


def declare_with(aliases: Any, *others: str) -> dict[str, Config]:
    """Return a stack whose recording has these aliases, and one whose storage has."""
    recording = standup()["standup"]
    recordings = {"standup": {**recording, "aliases": aliases}}
    storage: dict[str, Any] = {"archive": {**ARCHIVE, "aliases": aliases}}
    for name in others:
        recordings[name] = {**recording, "meeting_id": name}
        storage[name] = {**ARCHIVE, "bucket": f"acme-{name}"}
    return {
        f"{KEY}.standup": config(recordings),
        f"{STORAGE_KEY}.archive": config({}, {STORAGE_KEY: json.dumps(storage)}),
    }


BAD: dict[str, tuple[Any, str, str]] = {
    "a text": ("old", "aliases", "is 'old', and must be a list"),
    "a mapping": ({"name": "old"}, "aliases", "must be a list"),
    "a number": ([7], "aliases[0]", "is 7, and must be a name"),
    "an empty name": (["old", ""], "aliases[1]", "must be a name"),
    "a name in use": (["old", "another"], "aliases[1]", "is declared in"),
    "a name twice": (["old", "old"], "aliases[1]", "is an alias of"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_alias_is_one_mistake(case: str) -> None:
    """Of a recording, and of storage."""
    aliases, path, reason = BAD[case]
    for root, stack in declare_with(aliases, "another").items():
        [(found, text)] = read_mistakes(stack).items()
        assert found == f"{root}.{path}"
        assert text.startswith(reason)


@pytest.mark.parametrize("misspelled", ["alias", "aliasses"])
def test_a_misspelled_alias_gets_a_suggestion(misspelled: str) -> None:
    """Otherwise the resource would be replaced."""
    stack = config(
        standup(**{misspelled: ["old"]}),
        {STORAGE_KEY: json.dumps({"archive": {**ARCHIVE, misspelled: ["old"]}})},
    )
    mistakes = read_mistakes(stack)
    assert mistakes.keys() == {f"{KEY}.standup.{misspelled}", f"{STORAGE_KEY}.archive.{misspelled}"}
    for reason in mistakes.values():
        assert reason.startswith("is not a field: did you mean aliases? There are a")
        assert ", aliases, " in reason


@pytest.mark.parametrize("aliases", [None, [], ["old", "older"]])
def test_aliases_become_options_of_the_resource(aliases: list[str] | None) -> None:
    """They are no input of it."""
    options = build_alias_options({} if aliases is None else {"aliases": aliases})
    found = [] if options is None else list(options.aliases or ())
    names = [one.name for one in found if isinstance(one, pulumi.Alias)]
    assert names == (aliases or [])
    for stack in declare_with(aliases).values():
        program = Program(stack.values)
        program.run(lambda: [one.id for one in declare(load()).values()])
        assert program.registered
        assert not any("aliases" in inputs for inputs in program.registered.values())
