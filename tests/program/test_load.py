"""A stack's config: every mistake with its path, all of them at once."""

from __future__ import annotations

import json
import re
from typing import Any

import pulumi
import pytest

from realtimekit_provider.engine.advised_commands import add_stack_option
from realtimekit_provider.engine.secret_inputs import ENCRYPTED_SETTING, PLAINTEXT_REASON
from realtimekit_provider.program.load import load, selected_stack_config
from realtimekit_provider.program.references import resolve_references
from realtimekit_provider.program.sections import SECTIONS, Section
from tests.example_values import APP, CANARY, STORAGE
from tests.program.stack_config import (
    CONFIG,
    KEY,
    WHERE,
    Config,
    by_reference,
    config,
    paths,
    read_mistakes,
    refusal,
    standup,
)
from tests.programs import Program


@pytest.mark.parametrize("storage_type", STORAGE)
def test_a_recording_to_each_type_of_storage(storage_type: str) -> None:
    """Credentials stand in keys of their own, encrypted, and are resolved when declared."""
    storage, secrets = by_reference(STORAGE[storage_type])
    output = {"type": "STORAGE_CONFIG", "storage_config": storage}
    stack = config(standup(layers={"default": {"outputs": [output]}}), **secrets)
    loaded = load(stack)
    assert CANARY not in repr(loaded)
    assert resolve_references(loaded.recordings, stack)["standup"]["layers"]["default"][
        "outputs"
    ] == [{"type": "STORAGE_CONFIG", "storage_config": STORAGE[storage_type]}]


@pytest.mark.parametrize("section", SECTIONS, ids=lambda one: one.name)
def test_a_stack_may_have_no_recordings(section: Section) -> None:
    """An empty mapping says so on purpose."""
    loaded = load(Config({section.key: "{}"}))
    assert loaded.sections == {one.name: {} for one in SECTIONS}


def test_ids_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing here may be given there, so the resource's own check reports it."""
    monkeypatch.delenv("REALTIMEKIT_APP_ID", raising=False)
    assert load(Config({KEY: json.dumps(standup())})).recordings == standup()


@pytest.mark.parametrize(
    ("misspelled", "meant"),
    [
        ("onNosession", "onNoSession"),
        ("replacelive", "replaceLive"),
        ("recording", "recordings"),
        ("layer", "layers"),
        ("limiter", "rateLimitShare"),
        ("bounds", "timing"),
    ],
)
def test_a_misspelled_setting_gets_a_suggestion(misspelled: str, meant: str) -> None:
    """Otherwise the default would hold, unseen, where a policy was meant."""
    stack = config(standup(), {f"realtimekit:{misspelled}": "x", "realtimekit:townhall": "y"})
    assert read_mistakes(stack) == {
        f"realtimekit:{misspelled}": f"is not a setting: did you mean realtimekit:{meant}?"
    }


def test_the_selected_stack_is_the_running_programs() -> None:
    """Config and what is encrypted in it come from the engine."""
    program = Program(
        {"realtimekit:appId": APP, "realtimekit:awsSecret": "CANARY"}, ("realtimekit:awsSecret",)
    )

    def run_program() -> list[Any]:
        stack = selected_stack_config()
        return [
            stack.get("realtimekit:appId"),
            stack.is_secret("realtimekit:appId"),
            stack.is_secret("realtimekit:awsSecret"),
            stack.get("realtimekit:nothing"),
        ]

    assert program.run(run_program) == [APP, False, True, None]


NO_RECORDINGS = ["[]", "7", '"standup"', "null", "standup", "{", "true"]


@pytest.mark.parametrize("text", NO_RECORDINGS)
def test_recordings_that_are_no_mapping_are_refused(text: str) -> None:
    """Anything else is one mistake, at the key itself."""
    reason = rf"{KEY}: (is \S+, and )?must be a mapping of names to settings"
    assert re.search(reason, refusal(Config({KEY: text})))


@pytest.mark.parametrize("given", [None, "x", [], 7])
def test_a_recording_that_is_no_mapping_is_refused(given: Any) -> None:
    """The others are still validated."""
    stack = config({"broken": given, **standup(meeting_id="")})
    assert paths(stack) == [f"{KEY}.broken", f"{WHERE}.meeting_id"]


@pytest.mark.parametrize("section", SECTIONS, ids=lambda one: one.name)
def test_an_entry_without_a_name_is_refused(section: Section) -> None:
    """No resource can have an empty one."""
    found = read_mistakes(Config({section.key: json.dumps({"": {}})}))
    assert found == {section.key: "has an entry without a name"}


def test_a_date_without_quotes_is_refused() -> None:
    """The Pulumi CLI makes a text with a time of it: files would go to a folder of that name."""
    path = "2026-11-26 00:00:00 +0000 UTC"
    storage, secrets = by_reference({**STORAGE["aws"], "path": path})
    output = {"type": "STORAGE_CONFIG", "storage_config": storage}
    found = read_mistakes(config(standup(layers={"default": {"outputs": [output]}}), **secrets))
    where = f"{KEY}.standup.layers.default.outputs[0].storage_config.path"
    assert found == {where: "is the date 2026-11-26: quote it"}


def test_a_layer_that_is_a_text_is_refused_as_one() -> None:
    """``pulumi config set --path`` makes a text of ``{}``."""
    found = read_mistakes(config(standup(layers={"default": "{}"})))
    assert found == {
        f"{WHERE}.layers.default": "is a text that reads like a mapping: write it without quotes, "
        "as {} or {KEY: VALUE}"
    }


def test_a_token_in_plaintext_is_one_of_the_mistakes() -> None:
    """With the text of the resources, which refuse it in a program without a stack's config."""
    mistakes = read_mistakes(config(standup(), {ENCRYPTED_SETTING: CANARY}))
    reason = add_stack_option(PLAINTEXT_REASON, pulumi.get_stack())
    assert mistakes == {ENCRYPTED_SETTING: reason}
    assert f"'pulumi config rm {ENCRYPTED_SETTING} --stack {pulumi.get_stack()}'" in reason


def test_recordings_that_are_encrypted_as_a_whole_are_refused() -> None:
    """Nobody could review them."""
    text = refusal(Config({}, {KEY: json.dumps(standup())}))
    assert "hides it from reviewers" in text
    assert "{fromConfig: NAME}" in text


def test_all_mistakes_are_reported_at_once() -> None:
    """Each on a line of its own, with its path, and with their number."""
    storage = {**STORAGE["aws"], "bucket": "a b", "secret": "CANARY"}
    layers = {"default": {"outputs": [{"type": "STORAGE_CONFIG", "storage_config": storage}]}}
    recordings = {
        **standup(max_seconds=1, surprise=1, layers=layers),
        "retro": {"meeting_id": "m", "layers": {}},
    }
    text = refusal(config(recordings, {"realtimekit:rateLimitShare": "maybe"}))
    first, *lines = text.splitlines()
    assert first == "the stack's config has 7 mistakes:"
    assert {line.partition(": ")[0].strip() for line in lines} == {
        "realtimekit:rateLimitShare",
        f"{WHERE}.{CONFIG}.access_key",
        f"{WHERE}.{CONFIG}.secret",
        f"{WHERE}.max_seconds",
        f"{WHERE}.{CONFIG}.bucket",
        f"{WHERE}.surprise",
        f"{KEY}.retro.layers",
    }
    assert CANARY not in text


def test_one_mistake_is_called_one() -> None:
    """Texts are for people."""
    assert refusal(config(standup(max_seconds=1))).startswith("the stack's config has one mistake:")
