"""The settings of a stack: one mistake each, at the key that the user wrote."""

from __future__ import annotations

import json
from typing import Any

import pytest

from realtimekit_provider.deployment.policies import POLICIES
from realtimekit_provider.engine.settings import read_settings
from realtimekit_provider.recordings.inputs import apply_defaults, validate_inputs
from tests.example_values import APP
from tests.program.stack_config import KEY, Config, config, paths, read_mistakes, standup

BAD_SETTINGS: dict[str, tuple[str, str]] = {
    "realtimekit:timing": ("[]", "soon"),
    "realtimekit:timing.poll_interval": ('{"poll_interval": 0}', '{"poll_interval": "1"}'),
    "realtimekit:trackApi": ("composite", "OUTPUTS"),
    "realtimekit:rateLimitShare": ("maybe", "0"),
    "realtimekit:accountId": ("my-account", "20261127"),
    "realtimekit:appId": ("a/b", "a b"),
    "realtimekit:allowEmpty": ("yes", "1"),
    "cloudflare:baseUrl": ("http://example.com", "ftp//x"),
}
BAD_POLICIES = {
    "on_no_session": ("onNoSession", ("retry", "1")),
    "session_timeout": ("sessionTimeout", ("ten", "-1")),
    "on_ended": ("onEnded", ("stop", "1")),
    "on_conflict": ("onConflict", ("replace", "1")),
    "on_delete": ("onDelete", ("keep", "1")),
    "replace_live": ("replaceLive", ("deny", "true")),
    "wait_for_recording": ("waitForRecording", ("soon", "-1")),
    "wait_for_upload": ("waitForUpload", ("true", "86401")),
}
BAD = {
    **BAD_SETTINGS,
    **{f"realtimekit:{key}": values for key, values in BAD_POLICIES.values()},
}
RETRO = {"retro": standup(meeting_id="another")["standup"]}
RECORDINGS = {"none": {}, "one": standup(), "two": {**standup(), **RETRO}}


@pytest.mark.parametrize("recordings", RECORDINGS)
@pytest.mark.parametrize(
    ("path", "value"), [(path, value) for path, values in BAD.items() for value in values]
)
def test_a_bad_setting_is_one_mistake_at_its_own_key(
    path: str, value: str, recordings: str
) -> None:
    """However many recordings take it, and where none does."""
    assert set(BAD_POLICIES) == set(POLICIES)
    stack = config(RECORDINGS[recordings], {path.partition(".")[0]: value})
    assert paths(stack) == [path]


def test_a_bad_id_in_the_environment_is_reported_with_the_name_of_the_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its value is where the user looks for it."""
    monkeypatch.setenv("CLOUDFLARE_ACCOUNT_ID", "a/b")
    stack = Config({KEY: json.dumps(standup()), "realtimekit:appId": APP})
    assert paths(stack) == ["CLOUDFLARE_ACCOUNT_ID"]


@pytest.mark.parametrize("digits", ["20261127", "2.026112712345678e+31"])
def test_an_account_id_of_digits_alone_has_to_be_quoted(digits: str) -> None:
    """YAML reads a number without quotes, and Pulumi passes on what became of it."""
    mistakes = read_mistakes(config(standup(), {"realtimekit:accountId": digits}))
    assert "quote" in mistakes["realtimekit:accountId"]


RULE = "must be 'fail', 'wait' or 'skip'"


@pytest.mark.parametrize("value", ["AKIACANARYCANARYCANARY", "s3cret-value", "{mark}", "hunter22"])
def test_a_value_that_may_be_a_credential_is_not_quoted(value: str) -> None:
    """Somebody may have mixed up two keys."""
    mistakes = read_mistakes(config(standup(), {"realtimekit:onNoSession": value}))
    assert mistakes == {"realtimekit:onNoSession": RULE}


def test_an_encrypted_value_is_not_quoted() -> None:
    """Somebody had a reason to encrypt it."""
    mistakes = read_mistakes(config(standup(), onNoSession="ten"))
    assert mistakes == {"realtimekit:onNoSession": RULE}


WRITTEN = {
    ("realtimekit:onNoSession", "ten"): f"is 'ten', and {RULE}",
    ("realtimekit:onNoSession", "Skip it"): f"is 'Skip it', and {RULE}",
    ("realtimekit:sessionTimeout", "-1"): "is -1, and must be at least 0",
    ("realtimekit:waitForUpload", "true"): "is true, and must be a number of seconds",
    ("realtimekit:allowEmpty", "yes"): "is 'yes', and must be true or false",
    ("realtimekit:timing.poll_interval", '{"poll_interval": 0.0}'): "is 0, and must be above 0",
}


@pytest.mark.parametrize(("path", "value"), WRITTEN)
def test_a_value_that_is_refused_is_quoted(path: str, value: str) -> None:
    """The user looks for what is written there."""
    mistakes = read_mistakes(config(standup(), {path.partition(".")[0]: value}))
    assert mistakes == {path: WRITTEN[path, value]}


FIELDS: dict[str, tuple[Any, str]] = {
    "max_seconds": (30, "is 30, and must be at least 60"),
    "desired_state": ("running", "is 'running', and must be 'RECORDING', 'PAUSED' or 'STOPPED'"),
    "layers": ({"default": {"outputs": [{"storage": "team"}]}}, "is 'team', which is not the name"),
}


@pytest.mark.parametrize("field", FIELDS)
def test_a_value_of_a_recording_that_is_refused_is_quoted(field: str) -> None:
    """A wrong storage's name as well."""
    value, text = FIELDS[field]
    (reason,) = read_mistakes(config(standup(**{field: value}))).values()
    assert reason.startswith(text)


@pytest.mark.parametrize("name", ["account_id", "app_id"])
def test_a_bad_id_of_the_stack_is_no_second_mistake_of_a_recording(name: str) -> None:
    """The check of each recording reports the setting, and not that an id is missing."""
    bad = {"realtimekit:accountId": "a/b", "realtimekit:appId": "a b"}
    defaults = read_settings(bad, {}).defaults
    inputs = apply_defaults(standup()["standup"], {}, defaults)
    assert name not in [failure.path for failure in validate_inputs(inputs)]
