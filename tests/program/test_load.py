"""A stack's config: every mistake with its path, all of them at once."""

from __future__ import annotations

import copy
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pytest

from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.deployment.policies import POLICIES
from realtimekit_provider.engine.settings import read_settings
from realtimekit_provider.program.load import load, selected_stack_config, validate_stack
from realtimekit_provider.program.references import resolve_references
from realtimekit_provider.program.sections import SECTIONS
from realtimekit_provider.program.stack import Stack
from realtimekit_provider.recordings.inputs import RecordingInputs, apply_defaults, validate_inputs
from tests.bad_inputs import BAD_FIELDS, BAD_LAYERS, BAD_STORAGE, OUTPUT, replace_at
from tests.example_values import ACCOUNT, APP, CANARY, MEETING, STORAGE
from tests.programs import Program

KEY = "realtimekit:recordings"
WHERE = f"{KEY}.standup"
CONFIG = f"{OUTPUT}.storage_config"


@dataclass
class Config:
    """A stack's config; what stands in ``secrets`` is encrypted."""

    values: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)

    def get(self, key: str) -> str | None:
        return {**self.values, **self.secrets}.get(key)

    def keys(self) -> Collection[str]:
        return {**self.values, **self.secrets}.keys()

    def is_secret(self, key: str) -> bool:
        return key in self.secrets


def config(recordings: Any, values: Any = None, **secrets: str) -> Config:
    """Return the config of a stack with these recordings, settings and encrypted credentials."""
    return Config(
        {
            "realtimekit:accountId": ACCOUNT,
            "realtimekit:appId": APP,
            KEY: json.dumps(recordings),
            **(values or {}),
        },
        {f"realtimekit:{name}": value for name, value in secrets.items()},
    )


def by_reference(storage: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return ``storage`` with its credentials as references, and the credentials."""
    secrets = {key: value for key, value in storage.items() if key in SECRET_KEYS and value}
    return {**storage, **{key: {"fromConfig": key} for key in secrets}}, secrets


def standup(**changes: Any) -> dict[str, Any]:
    return {"standup": {"meeting_id": MEETING, "layers": {"default": {}}, **changes}}


def paths(stack: Config) -> list[str]:
    """Return the paths of what is wrong with a stack's recordings and settings."""
    return [
        failure.path
        for failure in validate_stack(Stack({"recordings": json.loads(stack.values[KEY])}), stack)
    ]


def refusal(stack: Config) -> str:
    with pytest.raises(pulumi.RunError) as raised:
        load(stack)
    return str(raised.value)


# A valid config.


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


def test_a_stack_may_have_no_recordings() -> None:
    assert load(Config()).sections == {section.name: {} for section in SECTIONS}
    assert load(config({})) == load(Config())


def test_ids_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing here may be given there, so the resource's own check reports it."""
    monkeypatch.delenv("REALTIMEKIT_APP_ID", raising=False)
    assert load(Config({KEY: json.dumps(standup())})).recordings == standup()


@pytest.mark.parametrize(
    ("misspelled", "meant"),
    [("onNosession", "onNoSession"), ("replacelive", "replaceLive"), ("recording", "recordings")],
)
def test_a_misspelled_setting_gets_a_suggestion(misspelled: str, meant: str) -> None:
    """Otherwise the default would hold, unseen, where a policy was meant."""
    stack = config(standup(), {f"realtimekit:{misspelled}": "x", "realtimekit:townhall": "y"})
    [failure] = validate_stack(Stack({"recordings": standup()}), stack)
    assert failure.path == f"realtimekit:{misspelled}"
    assert failure.reason.endswith(f"did you mean realtimekit:{meant}?")


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


# Mistakes in the recordings as a whole.

NO_RECORDINGS = ["[]", "7", '"standup"', "null", "standup", "{", "true"]


@pytest.mark.parametrize("text", NO_RECORDINGS)
def test_recordings_that_are_no_mapping_are_refused(text: str) -> None:
    """Anything else is one mistake, at the key itself."""
    assert f"{KEY}: must be a mapping" in refusal(Config({KEY: text}))


@pytest.mark.parametrize("given", [None, "x", [], 7])
def test_a_recording_that_is_no_mapping_is_refused(given: Any) -> None:
    """The others are still validated."""
    stack = config({"broken": given, **standup(meeting_id="")})
    assert paths(stack) == [f"{KEY}.broken", f"{WHERE}.meeting_id"]


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


# Mistakes in a field: the same values as in a program, reported with the path in the config.


def field_cases() -> dict[str, tuple[dict[str, Any], str]]:
    found = {}
    base = standup(layers={"default": {"outputs": [{"type": "REALTIMEKIT_BUCKET"}]}})["standup"]
    skipped = {"user_ids", "user_ids[0]", "layers.default.media_kind", CONFIG}
    for path, values in {**BAD_FIELDS, **BAD_LAYERS}.items():
        for value in values:
            is_sayable = json.loads(json.dumps(value, default=lambda _: "?")) == value
            if path not in skipped and is_sayable and not (path.endswith("_id") and value is None):
                found[f"{path}={value!r:.40}"] = (replace_at(base, path, value), path)
    return found


def storage_cases() -> dict[str, tuple[str, str, Any]]:
    return {
        f"{storage_type}.{name}={value!r:.40}": (storage_type, name, value)
        for storage_type, table in BAD_STORAGE.items()
        for name, values in table.items()
        for value in values
    }


FIELD_CASES, STORAGE_CASES = field_cases(), storage_cases()


@pytest.mark.parametrize("case", FIELD_CASES)
def test_a_bad_value_is_reported_with_its_path_in_the_config(case: str) -> None:
    """Of each field of a recording, its layers and outputs."""
    recording, path = FIELD_CASES[case]
    assert paths(config({"standup": recording})) == [f"{WHERE}.{path}"]


@pytest.mark.parametrize("case", STORAGE_CASES)
def test_a_bad_storage_is_reported_with_its_path_in_the_config(case: str) -> None:
    """A bad credential stands behind its reference, and is never quoted."""
    storage_type, name, value = STORAGE_CASES[case]
    storage, secrets = by_reference(STORAGE[storage_type])
    is_reference = name in SECRET_KEYS and isinstance(value, str) and name in STORAGE[storage_type]
    if is_reference and value:
        storage[name] = {"fromConfig": name}
        secrets[name] = value
    elif value is None:
        del storage[name]
    else:
        storage[name] = value
    output = {"type": "STORAGE_CONFIG", "storage_config": storage}
    stack = config(standup(layers={"default": {"outputs": [output]}}), **secrets)
    assert paths(stack) == [f"{WHERE}.{CONFIG}.{name}"]
    assert CANARY not in refusal(stack)


@pytest.mark.parametrize("name", ["resource_urn", "mark"])
@pytest.mark.parametrize("value", ["x", ""])
def test_an_input_that_the_resource_computes_is_no_setting(name: str, value: str) -> None:
    """It would give a recording another owner."""
    assert f"{WHERE}.{name}" in paths(config(standup(**{name: value})))


def test_every_field_of_a_recording_is_covered() -> None:
    """The table of the inputs is that of the config."""
    assert set(BAD_FIELDS) >= set(RecordingInputs.model_fields) - {"resource_urn", "mark"}


BAD_SETTINGS: dict[str, tuple[str, str]] = {
    "realtimekit:timing": ("[]", "soon"),
    "realtimekit:timing.poll_interval": ('{"poll_interval": 0}', '{"poll_interval": "1"}'),
    "realtimekit:trackApi": ("composite", "OUTPUTS"),
    "realtimekit:rateLimitShare": ("maybe", "0"),
}
BAD_IDS = {
    "account_id": ("realtimekit:accountId", ("a/b", "a" * 33)),
    "app_id": ("realtimekit:appId", ("a/b", "a b")),
}
BAD_POLICIES = {
    "on_no_session": ("onNoSession", ("ignore", "1")),
    "session_timeout": ("sessionTimeout", ("soon", "-1")),
    "on_ended": ("onEnded", ("stop", "1")),
    "on_conflict": ("onConflict", ("replace", "1")),
    "on_delete": ("onDelete", ("keep", "1")),
    "replace_live": ("replaceLive", ("deny", "true")),
    "wait_for_upload": ("waitForUpload", ("true", "86401")),
}


@pytest.mark.parametrize(
    ("path", "value"), [(path, value) for path, pair in BAD_SETTINGS.items() for value in pair]
)
def test_a_bad_setting_of_the_stack_is_reported(path: str, value: str) -> None:
    """At its own key."""
    assert paths(config(standup(), {path.partition(".")[0]: value})) == [path]


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, (_, pair) in BAD_IDS.items() for value in pair]
)
def test_a_bad_id_of_the_stack_is_left_to_the_check(name: str, value: str) -> None:
    """The resource's own check sees the same settings, and reports it for each recording."""
    stack = config(standup(), {BAD_IDS[name][0]: value})
    assert paths(stack) == []
    whole = apply_defaults(standup()["standup"], {}, read_settings(stack, {}).defaults)
    assert [failure.path for failure in validate_inputs(whole)] == [name]


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, (_, pair) in BAD_POLICIES.items() for value in pair]
)
def test_a_bad_policy_of_the_stack_is_reported(name: str, value: str) -> None:
    """For each recording that takes it."""
    assert set(BAD_POLICIES) == set(POLICIES)
    stack = config(standup(), {f"realtimekit:{BAD_POLICIES[name][0]}": value})
    assert paths(stack) == [f"{WHERE}.{name}"]


# References.


def with_secret(value: Any) -> dict[str, Any]:
    storage = {**by_reference(STORAGE["aws"])[0], "secret": value}
    output = {"type": "STORAGE_CONFIG", "storage_config": storage}
    return standup(layers={"default": {"outputs": [output]}})


def reason_for(stack: Config, path: str) -> str:
    recordings = json.loads(stack.values[KEY])
    [reason] = [
        found.reason
        for found in validate_stack(Stack({"recordings": recordings}), stack)
        if found.path == path
    ]
    return reason


SECRET_PATH = f"{WHERE}.{CONFIG}.secret"


def test_a_credential_in_clear_is_refused() -> None:
    """It says what to write instead, and where the credential goes; it does not quote it."""
    reason = reason_for(config(with_secret("CANARY"), access_key="CANARY"), SECRET_PATH)
    assert "{fromConfig: standupSecret}" in reason
    assert "pulumi config set --secret realtimekit:standupSecret" in reason
    assert CANARY not in reason


def test_a_reference_to_a_missing_key_is_reported_with_the_command() -> None:
    """The usual mistake in a new environment."""
    stack = config(with_secret({"fromConfig": "awsSecret"}), access_key="CANARY")
    assert "pulumi config set --secret realtimekit:awsSecret" in reason_for(stack, SECRET_PATH)


def test_a_reference_to_a_value_in_clear_is_refused() -> None:
    """What stands in the config in clear stands in the repository in clear."""
    stack = config(
        with_secret({"fromConfig": "awsSecret"}),
        {"realtimekit:awsSecret": "CANARY"},
        access_key="CANARY",
    )
    reason = reason_for(stack, SECRET_PATH)
    assert "stored in plain text" in reason
    assert CANARY not in reason


@pytest.mark.parametrize("odd", [{"fromConfig": 7}, {"fromConfig": "x", "y": 1}, {}, ["CANARY"]])
def test_a_mapping_that_is_no_reference_is_a_bad_credential(odd: Any) -> None:
    """It is reported at the credential's path."""
    assert SECRET_PATH in paths(config(with_secret(odd), access_key="CANARY", x="CANARY"))


@pytest.mark.parametrize(
    ("path", "where"),
    [("meeting_id", "meeting_id"), (f"{CONFIG}.bucket", f"{CONFIG}.bucket")],
)
def test_only_credentials_are_references(path: str, where: str) -> None:
    """A reviewer sees everything else where it is used."""
    recording = replace_at(
        with_secret({"fromConfig": "secret"})["standup"], path, {"fromConfig": "hidden"}
    )
    stack = config(
        {"standup": recording}, secret="CANARY", access_key="CANARY", hidden="acme-recordings"
    )
    assert "is not a credential" in reason_for(stack, f"{WHERE}.{where}")


@pytest.mark.parametrize(
    ("field", "meant"),
    [("acces_key", "access_key"), ("secret_key", "secret"), ("secret_access_key", "secret")],
)
def test_nobody_is_told_to_write_a_misspelled_credential_in_clear(field: str, meant: str) -> None:
    """Its reference is right, the name of the field is not."""
    recording = replace_at(
        with_secret({"fromConfig": "secret"})["standup"],
        f"{CONFIG}.{field}",
        {"fromConfig": "hidden"},
    )
    stack = config({"standup": recording}, secret="CANARY", access_key="CANARY", hidden="CANARY")
    assert reason_for(stack, f"{WHERE}.{CONFIG}.{field}") == (
        "is not a field; there are access_key, bucket, path, region, secret, type; "
        f"did you mean {meant}?"
    )


def test_a_reference_in_a_field_that_another_type_has_is_one_mistake() -> None:
    """That its key is not set does not matter, since there is no such field."""
    recording = replace_at(
        with_secret({"fromConfig": "secret"})["standup"],
        f"{CONFIG}.private_key",
        {"fromConfig": "missing"},
    )
    stack = config({"standup": recording}, secret="CANARY", access_key="CANARY")
    assert reason_for(stack, f"{WHERE}.{CONFIG}.private_key").startswith("is not a field; there")


@pytest.mark.parametrize("name", ["realtimekit:archivePassword", "aws:archivePassword"])
def test_a_reference_with_a_namespace_is_one_mistake(name: str) -> None:
    """The advice can be followed, and no second mistake comes of it."""
    storage = {
        **{key: value for key, value in STORAGE["sftp"].items() if key != "private_key"},
        "auth_method": "PASSWORD",
        "password": {"fromConfig": name},
    }
    output = {"type": "STORAGE_CONFIG", "storage_config": storage}
    stack = config(standup(layers={"default": {"outputs": [output]}}), archivePassword="CANARY")
    [failure] = validate_stack(Stack({"recordings": json.loads(stack.values[KEY])}), stack)
    assert failure.path == f"{WHERE}.{CONFIG}.password"
    assert "without the namespace: write {fromConfig: archivePassword}" in failure.reason
    assert "realtimekit:realtimekit" not in failure.reason


def test_a_credential_that_is_not_set_is_one_mistake() -> None:
    """Although the login lacks its password then."""
    storage = {
        **{key: value for key, value in STORAGE["sftp"].items() if key != "private_key"},
        "auth_method": "PASSWORD",
        "password": {"fromConfig": "archivePassword"},
    }
    output = {"type": "STORAGE_CONFIG", "storage_config": storage}
    stack = config(standup(layers={"default": {"outputs": [output]}}))
    [failure] = validate_stack(Stack({"recordings": json.loads(stack.values[KEY])}), stack)
    assert "pulumi config set --secret realtimekit:archivePassword" in failure.reason


def test_resolving_leaves_the_config_as_it_was() -> None:
    """References stay references in what the stack exports."""
    recordings = with_secret({"fromConfig": "secret"})
    before = copy.deepcopy(recordings)
    stack = config(recordings, secret="CANARY", access_key="CANARY")
    assert CANARY in repr(resolve_references(recordings, stack))
    assert recordings == before
