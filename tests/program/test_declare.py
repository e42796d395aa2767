"""A stack's recordings as resources, and what a reviewer sees of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.program import declare, load, summary
from tests.example_values import ACCOUNT, APP, CANARY, MEETING, STORAGE
from tests.program.stack_config import by_reference
from tests.programs import Program

KEY = "realtimekit:recordings"


def stack_with(recordings: dict[str, Any], **secrets: str) -> Program:
    encrypted = {f"realtimekit:{name}": value for name, value in secrets.items()}
    return Program({KEY: json.dumps(recordings), **encrypted}, tuple(encrypted))


def deploy(program: Program) -> Any:
    """Run what ``__main__.py`` runs, and return what it exports."""

    def main() -> dict[str, Any]:
        recordings = load()
        return summary(recordings, declare(recordings))

    return program.run(main)


def recording_to(*configs: Any, **settings: Any) -> dict[str, Any]:
    outputs = [{"type": "STORAGE_CONFIG", "storage_config": one} for one in configs]
    return {"meeting_id": MEETING, "layers": {"default": {"outputs": outputs}}, **settings}


def test_recordings_of_the_config_become_resources() -> None:
    """By its name, with its settings and nothing else."""
    plain = {"meeting_id": MEETING, "layers": {"default": {}}}
    other = {**plain, "meeting_id": "another", "desired_state": "PAUSED"}
    program = stack_with({"standup": plain, "retro": other})
    deploy(program)
    assert {name: sent.get("desired_state") for name, sent in program.registered.items()} == {
        "standup": None,
        "retro": "PAUSED",
    }


@pytest.mark.parametrize("storage_type", STORAGE)
def test_credentials_reach_the_resource_and_not_the_export(storage_type: str) -> None:
    """References are resolved on the way to the engine, and nowhere else."""
    storage, secrets = by_reference(STORAGE[storage_type])
    program = stack_with({"standup": recording_to(storage)}, **secrets)
    exported = deploy(program)
    [output] = program.registered["standup"]["layers"]["default"]["outputs"].values()
    assert output["storage_config"] == STORAGE[storage_type]
    assert set(secrets) <= SECRET_KEYS
    assert CANARY not in repr(exported)


OWN = {"account_id": ACCOUNT, "app_id": APP}
OTHER = {"account_id": ACCOUNT, "app_id": "another-app"}


@pytest.mark.parametrize(
    ("settings", "declared", "apps"),
    [
        ({}, {}, None),
        ({"app_id": APP}, {}, None),
        ({"app_id": "another-app"}, {}, [OWN, OTHER]),
        ({"app_id": "another-app"}, {"apps": [OWN]}, [OWN]),
    ],
)
def test_the_apps_of_a_storage_are_those_of_the_recordings_that_name_it(
    settings: dict[str, Any], declared: dict[str, Any], apps: Any
) -> None:
    """So that no key of theirs is deleted. The stack's own app alone is left to the check."""
    layers = {"default": {"outputs": [{"storage": "archive"}]}}
    archive = {"type": "aws", "bucket": "acme-recordings", "region": "eu-west-1", **declared}
    recordings = {
        "standup": {"meeting_id": MEETING, "layers": layers, **settings},
        "retro": {"meeting_id": MEETING, "layers": {"default": {}}, "app_id": "a-third-app"},
    }
    config = {"accountId": ACCOUNT, "appId": APP, "storage": json.dumps({"archive": archive})}
    program = stack_with(recordings)
    running = Program(
        {**program.config, **{f"realtimekit:{key}": value for key, value in config.items()}}
    )
    running.run(lambda: [one.id for one in declare(load()).values()])
    for part in ("archive-writer", "archive-gate"):
        assert running.registered[part].get("apps") == apps


URLS = {
    "aws": "aws://acme-recordings/standup",
    "azure": "azure://recordings/standup",
    "digitalocean": "digitalocean://acme-recordings/standup",
    "gcs": "gcs://acme-recordings/standup",
    "sftp": "sftp://recorder@sftp.example.com:22/upload",
}


@pytest.mark.parametrize("storage_type", URLS)
def test_a_reviewer_sees_where_files_go(storage_type: str) -> None:
    """As a URL, for each output of each layer."""
    storage, secrets = by_reference(STORAGE[storage_type])
    exported = deploy(stack_with({"standup": recording_to(storage)}, **secrets))
    assert exported["standup"]["files"] == {"default": [URLS[storage_type]]}


@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_an_address_stands_in_brackets_in_a_url(host: str) -> None:
    """Otherwise its port could not be told from it."""
    storage, secrets = by_reference({**STORAGE["sftp"], "host": host})
    exported = deploy(stack_with({"standup": recording_to(storage)}, **secrets))
    assert exported["standup"]["files"] == {"default": ["sftp://recorder@[::1]:22/upload"]}


@pytest.mark.parametrize("layer", [{}, {"outputs": [{"type": "REALTIMEKIT_BUCKET"}]}])
def test_a_reviewer_sees_that_files_expire(layer: dict[str, Any]) -> None:
    """Cloudflare's own bucket keeps them for seven days."""
    program = stack_with({"standup": {"meeting_id": MEETING, "layers": {"default": layer}}})
    assert deploy(program)["standup"]["files"] == {
        "default": ["Cloudflare's bucket, for seven days"]
    }


def test_a_reviewer_sees_the_state_of_each_recording() -> None:
    """With its id and status first."""
    exported = deploy(stack_with({"standup": {"meeting_id": MEETING, "layers": {"default": {}}}}))
    seen = exported["standup"]
    assert (seen["id"], seen["status"]) == ("id-of-standup", "RECORDING")
    assert set(seen) == {
        "id",
        "status",
        "desired_state",
        "meeting_id",
        "invoked_time",
        "storage_applied",
        "files",
        "warning",
    }


def test_a_reviewer_sees_the_container_of_declared_storage() -> None:
    """As in a ``storage_config``, where it is called ``bucket``."""
    archive = {"type": "azure", "account": "acme", "container": "archive", "prefix": "standup"}
    layers = {"default": {"outputs": [{"storage": "archive"}]}}
    program = stack_with({"standup": {"meeting_id": MEETING, "layers": layers}})
    config = {
        "realtimekit:accountId": ACCOUNT,
        "realtimekit:appId": APP,
        "realtimekit:storage": json.dumps({"archive": archive}),
    }
    exported = deploy(Program({**program.config, **config}))
    assert exported["standup"]["files"] == {"default": ["azure://archive/standup"]}
