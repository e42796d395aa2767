"""The tables of settings and of storage agree with the code."""

from __future__ import annotations

import json
import re
from typing import Any, get_args
from unittest.mock import MagicMock

import pytest
import yaml
from pydantic import SecretStr

import realtimekit_provider
from realtimekit_provider.api.models.storage_config import StorageConfig
from realtimekit_provider.api.rate_limiter import DEFAULT_RATE_LIMITS
from realtimekit_provider.api.settings import ClientSettings
from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.deployment.policies import POLICIES
from realtimekit_provider.deployment.timing import Timing
from realtimekit_provider.engine.settings import read_settings
from realtimekit_provider.program import summary
from realtimekit_provider.program.recordings import LAYERS_KEY
from realtimekit_provider.program.sections import SECTIONS
from realtimekit_provider.program.stack import Stack
from realtimekit_provider.providers import (
    TrackRecordingProvider,
)
from realtimekit_provider.recordings.inputs import RecordingInputs
from tests.docs.pages import ROOT, extract_code, find_page, read_table

PAGE = "docs/stack-config.md"
_ROWS = {row["key"].strip("`"): row for row in read_table(PAGE, "key")}
_READ_BY_STACK = {*(section.key for section in SECTIONS), LAYERS_KEY, "realtimekit:NAME"}


class _ConfigSpy:
    """A stack's config that records which keys are read."""

    def __init__(self, values: dict[str, str] | None = None) -> None:
        self.read_keys: set[str] = set()
        self._values = values or {}

    def get(self, key: str) -> Any:
        self.read_keys.add(key)
        return self._values.get(key)


class _EnvironmentSpy(dict[str, str]):
    """An environment that records which keys are read."""

    def __init__(self) -> None:
        super().__init__()
        self.read_keys: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.read_keys.add(key)
        return default


def test_the_table_of_keys_is_what_is_read() -> None:
    """No key or variable that is read is missing, none is invented."""
    config, environment = _ConfigSpy(), _EnvironmentSpy()
    read_settings(config, environment)
    assert config.read_keys == set(_ROWS) - _READ_BY_STACK
    assert environment.read_keys == {
        variable for row in _ROWS.values() for variable in extract_code(row["environment"])
    }


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_of_the_stack_has_the_default_of_the_resource(name: str) -> None:
    """The row of a policy names the argument, its default and its values."""
    key = "realtimekit:" + re.sub(r"_(\w)", lambda found: found[1].upper(), name)
    row, field = _ROWS[key], RecordingInputs.model_fields[name]
    assert extract_code(row["meaning"]) == [name]
    assert [yaml.safe_load(value) for value in extract_code(row["default"])] == [field.default]
    assert extract_code(row["allowed values"]) == list(get_args(field.annotation))


def test_config_comes_before_the_environment() -> None:
    """What the page says of precedence, for the account."""
    environment = {"CLOUDFLARE_ACCOUNT_ID": "e" * 32}
    config = _ConfigSpy({"realtimekit:accountId": "c" * 32})
    assert read_settings(config, environment).defaults.account_id == "c" * 32
    assert read_settings(_ConfigSpy(), environment).defaults.account_id == "e" * 32
    empty = _ConfigSpy({"realtimekit:accountId": ""})
    assert read_settings(empty, environment).defaults.account_id == "e" * 32


def test_a_mistake_in_timing_is_reported_as_the_page_shows() -> None:
    """The page quotes the message."""
    settings = read_settings(_ConfigSpy({"realtimekit:timing": json.dumps({"slow": 1})}), {})
    (failure,) = settings.failures
    assert f"{failure.path}: {failure.reason}" in (ROOT / PAGE).read_text(encoding="utf-8")


def test_timing_has_the_defaults_of_the_page() -> None:
    """The table of timing is the class."""
    written = {
        row["name"].strip("`"): float(row["default"].strip("`")) for row in read_table(PAGE, "name")
    }
    assert written == Timing().model_dump()


@pytest.mark.parametrize(
    ("seconds", "is_taken"), [(0, False), (0.1, True), (3600, True), (3601, False)]
)
def test_timing_has_the_range_of_the_page(seconds: float, *, is_taken: bool) -> None:
    """Above 0 and at most 3600."""
    settings = read_settings(
        _ConfigSpy({"realtimekit:timing": json.dumps({"running_after_start": seconds})}), {}
    )
    assert (settings.failures == ()) is is_taken


def test_limits_are_those_of_the_client() -> None:
    """The table of limits is what a call is bound by."""
    client = ClientSettings(token=SecretStr("made-up"))
    written = [row["value"] for row in read_table(PAGE, "limit")]
    assert written == [
        f"{client.connect_timeout:.0f} seconds",
        f"{client.request_timeout:.0f} seconds",
        *(str(budget.calls) for budget in sorted(DEFAULT_RATE_LIMITS, key=lambda one: one.seconds)),
    ]
    windows = [
        row["limit"] for row in read_table(PAGE, "limit") if row["limit"].startswith("requests")
    ]
    assert windows == [
        f"requests in any {budget.seconds:.0f} seconds"
        for budget in sorted(DEFAULT_RATE_LIMITS, key=lambda one: one.seconds)
    ]


_MODELS = {
    get_args(model.model_fields["type"].annotation)[0]: model
    for model in get_args(get_args(StorageConfig)[0])
}


@pytest.mark.parametrize("kind", sorted(_MODELS))
def test_a_storage_type_has_the_fields_of_its_model(kind: str) -> None:
    """Field by field: which are there, which are required, which are secret."""
    fields = _MODELS[kind].model_fields
    rows = read_table(find_page(f"## {kind}"), "field", f"## {kind}")
    assert {row["field"].strip("`"): (row["required"], row["secret"]) for row in rows} == {
        name: (
            "yes" if field.is_required() else "no",
            "yes" if name in SECRET_KEYS else "no",
        )
        for name, field in fields.items()
    }


@pytest.mark.parametrize("kind", sorted(_MODELS))
def test_a_storage_type_names_its_class(kind: str) -> None:
    """The class that the section names makes this type."""
    text = (ROOT / find_page(f"## {kind}")).read_text(encoding="utf-8")
    section = text.partition(f"## {kind}\n")[2].partition("\n## ")[0]
    named = re.search(r"Class: `(\w+)`", section)
    assert named is not None
    assert getattr(realtimekit_provider, named[1]).type == kind


def test_a_target_is_what_is_not_secret() -> None:
    """The page lists what replaces and what does not, completely."""
    text = (ROOT / "docs/storage-config.md").read_text(encoding="utf-8")
    rotation = text.partition("## Rotated credentials")[2]
    first, _, second = rotation.partition("A changed target")
    every = {name for model in _MODELS.values() for name in model.model_fields}
    rotated = set(extract_code(first.partition("does not touch")[0]))
    target = set(extract_code(second.partition(")")[0]))
    assert rotated == SECRET_KEYS | {"auth_method"}
    assert rotated | target == every


def test_exports_are_those_of_the_summary() -> None:
    """The page names what `pulumi stack output recordings` shows."""
    text = (ROOT / PAGE).read_text(encoding="utf-8").partition("## What the stack exports")[2]
    sentence = text.partition("for each recording, ")[2].partition(" Nothing")[0]
    shown = summary(Stack({"recordings": {"standup": {"layers": {}}}}), {"standup": MagicMock()})
    assert extract_code(sentence) == list(shown["standup"])


@pytest.mark.parametrize("page", ["docs/architecture.md", "CONTRIBUTING.md"])
def test_the_class_that_never_moves_is_where_the_pages_say(page: str) -> None:
    """Its path stands in users' state."""
    text = (ROOT / page).read_text(encoding="utf-8")
    assert f"`{TrackRecordingProvider.__name__}`" in text
    assert TrackRecordingProvider.__module__.rpartition(".")[2] in text
