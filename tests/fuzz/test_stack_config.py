"""Any stack config is loaded or refused by path; the program never crashes."""

from __future__ import annotations

import json
import re
from typing import Any

import pulumi
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from realtimekit_provider.deployment.policies import POLICIES
from realtimekit_provider.engine.settings import read_settings
from realtimekit_provider.program.load import load
from realtimekit_provider.program.stack import Stack
from tests.example_values import ACCOUNT, APP, CANARY, MEETING, STORAGE
from tests.fuzz.values import JSON_VALUES, build_nested, corrupted_copies
from tests.program.stack_config import Config, by_reference
from tests.property_examples import run_examples

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
        "meeting_id": f"meeting-{kind}",
        "max_seconds": 600,
        "on_ended": "keep",
        "session_timeout": 5,
        "layers": {"default": {"file_name_prefix": "standup_{mark}", "outputs": [output]}},
    }


_LOGIN = {key: value for key, value in _storage_config("sftp").items() if key != "type"}
STORAGE_CONFIG: dict[str, Any] = {
    "one": {"type": "aws", "bucket": "example-one", "region": "us-east-1", "prefix": "a/b"},
    "two": {"type": "gcs", "bucket": "example-two", "region": "europe-west1", "project": "acme-1"},
    "three": {
        "type": "azure",
        "container": "example-three",
        "account": "acme",
        "valid_days": 30,
    },
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
RECORDINGS_CONFIG: dict[str, Any] = {kind: _recording(kind) for kind in STORAGE} | {
    "by name": {"meeting_id": MEETING, "layers": {"default": {"outputs": [{"storage": "one"}]}}}
}
_OTHER_KEYS = (
    "realtimekit:accountId",
    "realtimekit:appId",
    "realtimekit:timing",
    "realtimekit:rateLimitShare",
    "realtimekit:trackApi",
    "cloudflare:baseUrl",
    *(f"realtimekit:{re.sub('_(.)', lambda found: found[1].upper(), name)}" for name in POLICIES),
)
_VALID_CONFIG = {
    "realtimekit:accountId": ACCOUNT,
    "realtimekit:appId": APP,
    "realtimekit:recordings": json.dumps(RECORDINGS_CONFIG),
    "realtimekit:storage": json.dumps(STORAGE_CONFIG),
}
_PATH = re.compile(r"  (realtimekit|cloudflare):\w+.*: \S")


def load_config(**changes: str) -> Stack | str:
    """Return the stack, or the error's text, each line of which must name a path in the config."""
    try:
        return load(Config({**_VALID_CONFIG, **changes}, _SECRETS))
    except pulumi.RunError as error:
        text = str(error)
    first, *lines = text.splitlines()
    assert first.startswith("the stack's config has")
    assert all(_PATH.match(line) for line in lines), lines
    assert CANARY not in text
    return text


def test_the_config_is_valid_before_it_is_corrupted() -> None:
    """Otherwise every example would be refused for the same reason."""
    assert isinstance(load_config(), Stack)


@given(recordings=corrupted_copies(RECORDINGS_CONFIG))
@example({"standup": {"meeting_id": MEETING, "layers": {"\r": None}}})
@run_examples(150)
def test_recordings_may_be_anything(recordings: Any) -> None:
    """A stack, or an error with a path; never a traceback."""
    load_config(**{"realtimekit:recordings": json.dumps(recordings)})


@given(storage=corrupted_copies(STORAGE_CONFIG))
@example({"one": {"type": []}})
@example({"one": {"type": {"aws": 1}}})
@run_examples(150)
def test_storage_may_be_anything(storage: Any) -> None:
    """A stack, or an error with a path; never a traceback."""
    load_config(**{"realtimekit:storage": json.dumps(storage)})


@given(layers=corrupted_copies(RECORDINGS_CONFIG["aws"]["layers"]))
@run_examples(60)
def test_shared_layers_may_be_anything(layers: Any) -> None:
    """A stack, or an error with a path; never a traceback."""
    load_config(**{"realtimekit:layers": json.dumps(layers)})


@given(aliases=JSON_VALUES)
@run_examples(60)
def test_aliases_may_be_anything(aliases: Any) -> None:
    """Of recordings and of storage."""
    recording = {**RECORDINGS_CONFIG["aws"], "aliases": aliases}
    storage = {**STORAGE_CONFIG, "one": {**STORAGE_CONFIG["one"], "aliases": aliases}}
    load_config(
        **{
            "realtimekit:recordings": json.dumps({"standup": recording}),
            "realtimekit:storage": json.dumps(storage),
        }
    )


@given(recordings=JSON_VALUES, storage=JSON_VALUES)
@run_examples(60)
def test_recordings_and_storage_may_be_no_mappings(recordings: Any, storage: Any) -> None:
    """Lists, numbers and texts are refused by path."""
    load_config(
        **{
            "realtimekit:recordings": json.dumps(recordings),
            "realtimekit:storage": json.dumps(storage),
        }
    )


@pytest.mark.parametrize("name", [[], {}, 7, "", True])
def test_the_name_of_a_storage_may_be_anything(name: Any) -> None:
    """A name that is not declared is refused by path."""
    recordings = {"r": {"meeting_id": MEETING, "layers": {"d": {"outputs": [{"storage": name}]}}}}
    text = load_config(**{"realtimekit:recordings": json.dumps(recordings)})
    assert "realtimekit:recordings.r.layers.d.outputs[0].storage" in str(text)


@pytest.mark.parametrize("depth", [60, 300, 950, 20_000, 200_000])
@pytest.mark.parametrize("key", ["recordings", "storage", "timing", "onEnded"])
def test_config_may_be_nested_at_any_depth(key: str, depth: int) -> None:
    """It is refused before it is read recursively."""
    text = '{"a":' * depth + "1" + "}" * depth
    assert isinstance(load_config(**{f"realtimekit:{key}": text}), str)


@given(
    key=st.sampled_from(_OTHER_KEYS),
    text=st.one_of(
        st.text(max_size=40), JSON_VALUES.map(json.dumps), st.sampled_from(["NaN", "1e999"])
    ),
)
@run_examples(150)
def test_every_other_key_may_be_anything(key: str, text: str) -> None:
    """A wrong value is reported with its path."""
    load_config(**{key: text})
    for failure in read_settings(Config({key: text}), {}).failures:
        assert failure.path.startswith(("realtimekit:", "cloudflare:baseUrl"))
        assert failure.reason


@given(text=st.text(max_size=200))
@run_examples(60)
def test_config_may_be_no_json(text: str) -> None:
    """For example, a key that was set on the command line."""
    load_config(**{"realtimekit:recordings": text, "realtimekit:storage": text})


def test_nested_values_have_the_given_depth() -> None:
    """Otherwise the tests of depth would show nothing."""
    assert json.dumps(build_nested(4)) == '[{"data": [{"data": null}]}]'
