"""A place that is spelled in another way: no part of a deployment is replaced or deleted for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pulumi.dynamic import ResourceProvider

from realtimekit_provider.providers import (
    StorageGateProvider,
    StorageLocationProvider,
    StorageWriterProvider,
    TrackRecordingProvider,
)
from tests.example_values import STORAGE, build_layers
from tests.provider_process.process import State
from tests.provider_process.stack import ProviderStack, RunningDeployment
from tests.storage.location.location_inputs import HOST_KEY, LOCATIONS
from tests.storage.locations import OWN_MARK

PROVIDERS: Mapping[str, ResourceProvider] = {
    "location": StorageLocationProvider(),
    "writer": StorageWriterProvider(),
    "gate": StorageGateProvider(),
    "recording": TrackRecordingProvider(),
}
MEETING = "2e1f6c1a-7f3a-4f6c-9f0a-5a4d0c7b8e11"
SPELLINGS: Mapping[str, tuple[str, Mapping[str, Any], Mapping[str, Any]]] = {
    "region of gcs": ("gcs", {"region": "europe-west1"}, {"region": "EUROPE-WEST1"}),
    "region of aws": ("aws", {"region": "us-east-1"}, {"region": "US-EAST-1"}),
    "region of Spaces": ("digitalocean", {"region": "FRA1"}, {"region": "fra1"}),
    "host": ("sftp", {"host": "::1"}, {"host": "0:0:0:0:0:0:0:1"}),
    "folder on a server": ("sftp", {"path": "/audio"}, {"path": "/audio/"}),
}
PREFIXES = [("audio", "audio/"), ("audio", "/audio"), ("", "/")]


def declare(storage_type: str, where: Mapping[str, Any], prefix: str) -> dict[str, dict[str, Any]]:
    """Return the inputs of all resources of a recording that writes to forced storage."""
    config = {**STORAGE[storage_type], **where}
    if storage_type != "sftp":
        config["path"] = prefix
    location = {**LOCATIONS[storage_type], **where, "on_delete": "force", "mark": OWN_MARK}
    declared: dict[str, dict[str, Any]] = {
        "location": location,
        "gate": {**config, **({"host_key": HOST_KEY} if storage_type == "sftp" else {})},
        "recording": {"meeting_id": MEETING, "layers": build_layers(config)},
    }
    if storage_type in ("aws", "gcs"):
        named = {key: location[key] for key in ("type", "bucket")}
        own = "region" if storage_type == "aws" else "project"
        writer = {**named, own: location[own], "prefix": prefix, "name": "rec", "mark": "rk-1"}
        declared["writer"] = writer
    return declared


def check_all(
    stack: ProviderStack, deployment: RunningDeployment, declared: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return the inputs with defaults applied; they must be valid."""
    checked = {}
    for name, inputs in declared.items():
        if name == "recording":
            news = stack.build_inputs(**inputs)
        else:
            news = {**inputs, "resource_urn": f"urn:pulumi:dev::meetings::t::{name}"}
        process = deployment.provider.with_provider(PROVIDERS[name])
        checked[name], failures = process.check(news)
        assert failures == {}
    return checked


def store(checked: Mapping[str, dict[str, Any]], location_id: str) -> dict[str, State]:
    """Return what the engine keeps after a deployment of these inputs."""
    states = {name: State(name, inputs, dict(inputs)) for name, inputs in checked.items()}
    states["location"] = State(location_id, checked["location"], checked["location"])
    live = {**checked["recording"], "status": "RECORDING"}
    states["recording"] = State("rec-1", checked["recording"], live)
    return states


def preview(
    deployment: RunningDeployment, states: Mapping[str, State], after: Mapping[str, dict[str, Any]]
) -> Iterator[tuple[str, str]]:
    for name, state in states.items():
        found = deployment.provider.with_provider(PROVIDERS[name]).diff(state, after[name])
        yield name, found.plan


@pytest.mark.parametrize("case", SPELLINGS)
def test_another_spelling_of_a_location_plans_nothing(
    case: str, stack: ProviderStack, deployment: RunningDeployment
) -> None:
    """Neither location, writer and gate nor the live recording: no file is lost for a letter."""
    storage_type, one, other = SPELLINGS[case]
    before = check_all(stack, deployment, declare(storage_type, one, "audio"))
    after = check_all(stack, deployment, declare(storage_type, other, "audio"))
    plans = dict(preview(deployment, store(before, f"{storage_type}:acme"), after))
    assert plans == dict.fromkeys(before, "same")
    assert deployment.engine.get_lines("warning") == []


@pytest.mark.parametrize(("one", "other"), PREFIXES)
@pytest.mark.parametrize("storage_type", ["aws", "azure", "digitalocean", "gcs"])
def test_another_spelling_of_a_folder_in_a_bucket_plans_nothing(
    storage_type: str, one: str, other: str, stack: ProviderStack, deployment: RunningDeployment
) -> None:
    before = check_all(stack, deployment, declare(storage_type, {}, one))
    after = check_all(stack, deployment, declare(storage_type, {}, other))
    plans = dict(preview(deployment, store(before, f"{storage_type}:acme"), after))
    assert plans == dict.fromkeys(before, "same")


def test_a_preview_that_would_delete_files_says_so_with_the_name(
    stack: ProviderStack, deployment: RunningDeployment
) -> None:
    """Another region is another bucket, and the stored one is deleted with its files."""
    before = check_all(stack, deployment, declare("gcs", {"region": "europe-west1"}, "audio"))
    moved = declare("gcs", {"region": "us-east1"}, "audio")
    moved["location"]["on_delete"] = "keep"
    after = check_all(stack, deployment, moved)
    plans = dict(preview(deployment, store(before, "gcs:acme-recordings"), after))
    assert plans == {**dict.fromkeys(before, "replace"), "writer": "same"}
    [line] = [one for one in deployment.engine.get_lines("warning") if one.urn.endswith("location")]
    assert line.text.startswith(
        "deletes acme-recordings with all files in it, because region changes and on_delete is "
        "'force'"
    )


def test_a_refresh_warns_of_no_deletion(
    stack: ProviderStack, deployment: RunningDeployment
) -> None:
    """It declares nothing, and a diff of it deletes nothing."""
    before = check_all(stack, deployment, declare("gcs", {"region": "europe-west1"}, "audio"))
    state = store(before, "gcs:acme-recordings")["location"]
    with stack.deploy() as refresh:
        process = refresh.provider.with_provider(PROVIDERS["location"])
        assert process.diff(state, {**state.inputs, "region": "us-east1"}).plan == "replace"
        assert refresh.engine.get_lines("warning") == []


def test_a_location_that_another_resource_uses_now_is_not_reported_as_deleted(
    stack: ProviderStack, deployment: RunningDeployment
) -> None:
    """A key in the config can be renamed while the old name gets another bucket: files stay."""
    declared = declare("gcs", {"region": "europe-west1"}, "audio")
    before = check_all(stack, deployment, declared)
    moved = {**declared["location"], "bucket": "acme-archive"}
    process = deployment.provider.with_provider(PROVIDERS["location"])
    after = check_all(stack, deployment, {"location": moved})
    renamed = {**declared["location"], "resource_urn": "urn:pulumi:dev::meetings::t::renamed"}
    process.check(renamed)
    state = store(before, "gcs:acme-recordings")["location"]
    assert process.diff(state, after["location"]).plan == "replace"
    assert deployment.engine.get_lines("warning") == []


@pytest.mark.parametrize("kind", SPELLINGS)
def test_two_owners_of_one_location_are_refused(kind: str, deployment: RunningDeployment) -> None:
    """The check of the second one names both; where one only uses the place, it is accepted."""
    storage_type, *spellings = SPELLINGS[kind]
    location = deployment.provider.with_provider(PROVIDERS["location"])
    found = []
    for number, where in enumerate(spellings):
        urn, mark = f"urn:pulumi:dev::meetings::t::{number}", f"{OWN_MARK[:-1]}{number}"
        inputs = {**LOCATIONS[storage_type], **where, "resource_urn": urn, "mark": mark}
        found.append(location.check(inputs)[1])
        shared = location.check({**inputs, "existing": True})[1]
        assert shared == {}
        location.check(inputs)
    assert found[0] == {}
    (reason,) = found[1].values()
    assert reason.startswith("would be created, and later deleted, by both '0' and '1'")
