"""Layers that all recordings of a stack share."""

from __future__ import annotations

import json
from typing import Any

import pytest

from realtimekit_provider.program import declare, load, summary
from tests.example_values import CANARY, MEETING, STORAGE
from tests.program.stack_config import KEY, Config, by_reference, config, read_mistakes
from tests.programs import Program

LAYERS = "realtimekit:layers"
ARCHIVE = {"type": "aws", "bucket": "acme-recordings", "region": "eu-west-1", "prefix": "calls"}
TO_ARCHIVE = {"outputs": [{"storage": "archive"}]}
CLOUDFLARE = {"outputs": [{"type": "REALTIMEKIT_BUCKET"}]}
SHARED = {"default": {**TO_ARCHIVE, "file_name_prefix": "shared_{mark}"}, "default-video": {}}


def stack_with(layers: Any, *, shared: Any = SHARED, **secrets: str) -> Config:
    """Return a stack that shares layers, and whose two recordings have these of their own."""
    recording = {"meeting_id": MEETING, **({} if layers is None else {"layers": layers})}
    return config(
        {"standup": recording, "retro": {**recording, "meeting_id": "another"}},
        {LAYERS: json.dumps(shared), "realtimekit:storage": json.dumps({"archive": ARCHIVE})},
        **secrets,
    )


COMPLETED: dict[str, tuple[Any, Any]] = {
    "no layers": (None, SHARED),
    "an empty layer of that name": ({"default": {}}, {"default": SHARED["default"]}),
    "a layer of another name": ({"screen": {}}, {"screen": {}}),
    "another prefix": (
        {"default": {"file_name_prefix": "own_{mark}"}},
        {"default": {**TO_ARCHIVE, "file_name_prefix": "own_{mark}"}},
    ),
    "other outputs": (
        {"default": CLOUDFLARE},
        {"default": {**CLOUDFLARE, "file_name_prefix": "shared_{mark}"}},
    ),
    "outputs left empty": ({"default": {"outputs": None}}, {"default": SHARED["default"]}),
}


@pytest.mark.parametrize("case", COMPLETED)
def test_a_recording_takes_what_it_leaves_out(case: str) -> None:
    """All layers, or fields of those that it names; what it writes itself stays."""
    layers, completed = COMPLETED[case]
    recordings = load(stack_with(layers)).recordings
    assert [one["layers"] for one in recordings.values()] == [completed, completed]


def test_shared_layers_are_declared_and_exported() -> None:
    """With the storage that they name, and the apps that may write there."""
    program = Program(stack_with(None).values)

    def main() -> dict[str, Any]:
        stack = load()
        return summary(stack, declare(stack))

    exported = program.run(main)
    assert exported["retro"]["files"]["default"] == ["aws://acme-recordings/calls"]
    [output] = program.registered["retro"]["layers"]["default"]["outputs"].values()
    assert output["storage_config"]["bucket"] == "acme-recordings"


BAD: dict[str, tuple[Any, str]] = {
    "no mapping": ([], ""),
    "a layer that is none": ({"default": 7}, ".default"),
    "an empty layer that is null": ({"default": None}, ".default"),
    "a name of a layer": ({"a/b": {}}, ".a/b"),
    "an unknown field": ({"default": {"colour": "red"}}, ".default.colour"),
    "a field of the other API": ({"default": {"media_kind": "audio"}}, ".default.media_kind"),
    "an unknown storage": (
        {"default": {"outputs": [{"storage": "attic"}]}},
        ".default.outputs[0].storage",
    ),
    "a type": ({"default": {"outputs": [{"type": "S3"}]}}, ".default.outputs[0].type"),
    "a credential in clear": (
        {
            "default": {
                "outputs": [
                    {
                        "type": "STORAGE_CONFIG",
                        "storage_config": {**by_reference(STORAGE["aws"])[0], "secret": CANARY},
                    }
                ]
            }
        },
        ".default.outputs[0].storage_config.secret",
    ),
}


@pytest.mark.parametrize("layers", [None, {"default": {}}], ids=["all", "one"])
@pytest.mark.parametrize("case", BAD)
def test_a_mistake_in_shared_layers_is_one_at_its_own_key(case: str, layers: Any) -> None:
    """However many recordings take it."""
    shared, path = BAD[case]
    stack = stack_with(layers, shared=shared, access_key="CANARY")
    mistakes = read_mistakes(stack)
    assert mistakes.keys() == {f"{LAYERS}{path}"}
    assert CANARY not in repr(mistakes)


def test_a_recording_needs_layers_where_the_stack_shares_none() -> None:
    """As before."""
    mistakes = read_mistakes(stack_with(None, shared={}))
    assert mistakes == {f"{KEY}.{name}.layers": "is required" for name in ("standup", "retro")}
