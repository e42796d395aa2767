"""Whatever stands in a stack's config, the program says where it is wrong, and never crashes."""

from __future__ import annotations

import json
import re
from typing import Any

import pulumi
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from realtimekit_provider.deployment.defaults import POLICIES
from realtimekit_provider.engine.settings import read_settings
from realtimekit_provider.program.load import Stack, load
from tests.example_values import ACCOUNT, APP, CANARY, MEETING, STORAGE
from tests.fuzz.values import JSON, nested, spoiled
from tests.program.test_load import Config, by_reference
from tests.property_examples import examples

HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGRAEcWXsoDmbuXvnUmWkOQyBXyRUoN7BfYTrYpkUbmE"
_SECRETS = {
    f"realtimekit:{kind}_{key}": value
    for kind, storage in STORAGE.items()
    for key, value in by_reference(storage)[1].items()
}


def _storage_config(kind: str) -> dict[str, Any]:
    config, secrets = by_reference(STORAGE[kind])
    return {**config, **{key: {"fromConfig": f"{kind}_{key}"} for key in secrets}}


def _recording(kind: str) -> dict[str, Any]:
    output = {"type": "STORAGE_CONFIG", "storage_config": _storage_config(kind)}
    return {
        "meeting_id": MEETING,
        "max_seconds": 600,
        "on_ended": "keep",
        "session_timeout": 5,
        "layers": {"default": {"file_name_prefix": "standup_{mark}", "outputs": [output]}},
    }


_LOGIN = {key: value for key, value in _storage_config("sftp").items() if key != "type"}
STORAGES: dict[str, Any] = {
    "one": {"type": "aws", "bucket": "example-one", "region": "us-east-1", "prefix": "a/b"},
    "two": {"type": "gcs", "bucket": "example-two", "region": "europe-west1", "project": "acme-1"},
    "three": {"type": "azure", "bucket": "example-three", "account": "acme", "valid_days": 30},
    "four": {"type": "sftp", "host_key": HOST_KEY, **_LOGIN},
    "five": {
        "type": "digitalocean",
        "bucket": "example-five",
        "region": "fra1",
        "access_key": {"fromConfig": "digitalocean_access_key"},
        "secret": {"fromConfig": "digitalocean_secret"},
        "apps": [{"account_id": ACCOUNT, "app_id": APP}],
    },
}
RECORDINGS: dict[str, Any] = {kind: _recording(kind) for kind in STORAGE} | {
    "by name": {"meeting_id": MEETING, "layers": {"default": {"outputs": [{"storage": "one"}]}}}
}
_OTHER_KEYS = (
    "realtimekit:accountId",
    "realtimekit:appId",
    "realtimekit:timing",
    "realtimekit:limiter",
    "realtimekit:trackApi",
    "cloudflare:baseUrl",
    *(f"realtimekit:{re.sub('_(.)', lambda found: found[1].upper(), name)}" for name in POLICIES),
)
_RIGHT = {
    "realtimekit:accountId": ACCOUNT,
    "realtimekit:appId": APP,
    "realtimekit:recordings": json.dumps(RECORDINGS),
    "realtimekit:storage": json.dumps(STORAGES),
}
_PATH = re.compile(r"  realtimekit:\w+.*: \S")


def loaded(**changes: str) -> Stack | str:
    """Return the stack, or the text of its refusal, which must name each place."""
    try:
        return load(Config({**_RIGHT, **changes}, _SECRETS))
    except pulumi.RunError as refusal:
        text = str(refusal)
    first, *lines = text.splitlines()
    assert first.startswith("the stack's config has")
    assert all(_PATH.match(line) for line in lines), lines
    assert CANARY not in text
    return text


def test_what_is_spoiled_below_is_right() -> None:
    """Otherwise every example would be refused for the same reason."""
    assert isinstance(loaded(), Stack)


@given(recordings=spoiled(RECORDINGS))
@examples(150)
def test_recordings_may_be_anything(recordings: Any) -> None:
    """A stack, or a refusal with a path; never a traceback."""
    loaded(**{"realtimekit:recordings": json.dumps(recordings)})


@given(storage=spoiled(STORAGES))
@example({"one": {"type": []}})
@example({"one": {"type": {"aws": 1}}})
@examples(150)
def test_storage_may_be_anything(storage: Any) -> None:
    """A stack, or a refusal with a path; never a traceback."""
    loaded(**{"realtimekit:storage": json.dumps(storage)})


@given(recordings=JSON, storage=JSON)
@examples(60)
def test_both_may_be_no_mapping_at_all(recordings: Any, storage: Any) -> None:
    """Lists, numbers and texts are refused like any other mistake."""
    loaded(
        **{
            "realtimekit:recordings": json.dumps(recordings),
            "realtimekit:storage": json.dumps(storage),
        }
    )


@pytest.mark.parametrize("name", [[], {}, 7, "", True])
def test_a_storages_name_may_be_anything(name: Any) -> None:
    """What names no storage is refused by its path."""
    recordings = {"r": {"meeting_id": MEETING, "layers": {"d": {"outputs": [{"storage": name}]}}}}
    text = loaded(**{"realtimekit:recordings": json.dumps(recordings)})
    assert "realtimekit:recordings.r.layers.d.outputs[0].storage" in str(text)


@pytest.mark.parametrize("depth", [60, 300, 950, 20_000, 200_000])
@pytest.mark.parametrize("key", ["recordings", "storage", "timing", "onEnded"])
def test_it_may_be_nested_as_deeply_as_it_likes(key: str, depth: int) -> None:
    """Nobody's stack is: it is refused before anything follows it down."""
    text = '{"a":' * depth + "1" + "}" * depth
    assert isinstance(loaded(**{f"realtimekit:{key}": text}), str)


@given(
    key=st.sampled_from(_OTHER_KEYS),
    text=st.one_of(st.text(max_size=40), JSON.map(json.dumps), st.sampled_from(["NaN", "1e999"])),
)
@examples(150)
def test_every_other_key_may_be_anything(key: str, text: str) -> None:
    """What means nothing is a problem with a path, or one of each recording that it is for."""
    loaded(**{key: text})
    for problem in read_settings(Config({key: text}), {}).problems:
        assert problem.path.startswith("realtimekit:")
        assert problem.reason


@given(text=st.text(max_size=200))
@examples(60)
def test_it_may_be_no_json(text: str) -> None:
    """As when somebody sets the key on the command line."""
    loaded(**{"realtimekit:recordings": text, "realtimekit:storage": text})


def test_deep_values_are_counted_without_following_them() -> None:
    """The depth that this file spoils with is really there."""
    assert json.dumps(nested(4)) == '[{"data": [{"data": null}]}]'
