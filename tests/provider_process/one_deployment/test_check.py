"""A mistake that can be known before a call is a check failure with the path of the input."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.runtime import rpc

from tests.example_values import STORAGE
from tests.provider_process.stack import ProviderStack, RunningDeployment
from tests.scenarios.steps import EmulatedApi

UNKNOWN = rpc.UNKNOWN


def _build_storage(**changes: Any) -> dict[str, Any]:
    output = {"type": "STORAGE_CONFIG", "storage_config": {**STORAGE["aws"], **changes}}
    return {"layers": {"default": {"outputs": [{"type": "REALTIMEKIT_BUCKET"}, output]}}}


WRONG: dict[str, dict[str, Any]] = {
    "meeting_id": {"meeting_id": "a/b"},
    "max_seconds": {"max_seconds": 59},
    "desired_state": {"desired_state": "RECORD"},
    "account_id": {"account_id": "x" * 33},
    "app_id": {"app_id": ""},
    "on_no_session": {"on_no_session": "retry"},
    "session_timeout": {"session_timeout": -1},
    "on_ended": {"on_ended": "stop"},
    "on_conflict": {"on_conflict": True},
    "on_delete": {"on_delete": "keep"},
    "replace_live": {"replace_live": "never"},
    "wait_for_recording": {"wait_for_recording": -1},
    "wait_for_upload": {"wait_for_upload": "1h"},
    "adopt_recording_id": {"adopt_recording_id": ""},
    "user_ids": {"user_ids": ["u1"]},
    "layers": {"layers": {}},
    "layers.default": {"layers": {"default": "audio"}},
    "layers.default.file_name_prefix": {"layers": {"default": {"file_name_prefix": "a-b"}}},
    "layers.mine.file_name_prefix": {"layers": {"mine": {"file_name_prefix": "a{mark}"}}},
    "layers.default.media_kind": {"layers": {"default": {"media_kind": "audio"}}},
    "layers.default.outputs": {"layers": {"default": {"outputs": []}}},
    "layers.default.outputs[0].type": {"layers": {"default": {"outputs": [{"type": "R2"}]}}},
    "layers.default.outputs[1].storage_config.type": _build_storage(type="s3"),
    "layers.default.outputs[1].storage_config.bucket": _build_storage(bucket="a/b"),
    "layers.default.outputs[1].storage_config.secret": _build_storage(secret=""),
    "layers.default.outputs[1].storage_config.acl": _build_storage(acl="private"),
    "colour": {"colour": "blue"},
}


@pytest.mark.parametrize("path", WRONG)
def test_wrong_input_is_named_by_its_path(
    path: str, stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """The failure stands at the input that is wrong, and nothing is asked of the API."""
    declared = stack.build_inputs(**{"meeting_id": emulated_api.meeting_id, **WRONG[path]})
    _, failures = deployment.provider.check(declared)
    assert list(failures) == [path]
    assert emulated_api.control.counts().total == 0


def test_all_mistakes_are_reported_at_once(
    stack: ProviderStack, deployment: RunningDeployment
) -> None:
    """Nobody fixes one mistake to read of the next."""
    declared = stack.build_inputs(
        meeting_id="", max_seconds=1, on_ended="?", **_build_storage(bucket="?")
    )
    _, failures = deployment.provider.check(declared)
    assert len(failures) == 4


def test_missing_ids_name_every_way_to_give_them(
    stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """Argument, stack config and environment."""
    stack.config = {"realtimekit:accountId": None, "realtimekit:appId": None}
    with stack.deploy() as deployment:
        _, failures = deployment.provider.check(
            stack.build_inputs(meeting_id=emulated_api.meeting_id)
        )
    assert "realtimekit:accountId" in failures["account_id"]
    assert "CLOUDFLARE_ACCOUNT_ID" in failures["account_id"]
    assert "realtimekit:appId" in failures["app_id"]
    assert "REALTIMEKIT_APP_ID" in failures["app_id"]


def test_ids_come_from_argument_then_config_then_environment(
    stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """The first one that is set wins, and it stands in the inputs from then on."""
    stack.config = {"realtimekit:accountId": None, "realtimekit:appId": "of-config"}
    stack.environment = {
        "CLOUDFLARE_ACCOUNT_ID": "e" * 32,
        "REALTIMEKIT_APP_ID": "of-environment",
    }
    with stack.deploy() as deployment:
        by_settings = stack.check(deployment, meeting_id=emulated_api.meeting_id)
        by_argument = stack.check(
            deployment, meeting_id=emulated_api.meeting_id, app_id="of-argument"
        )
    assert by_settings["account_id"] == "e" * 32
    assert by_settings["app_id"] == "of-config"
    assert by_argument["app_id"] == "of-argument"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("realtimekit:timing", '{"interval": 1}'),
        ("realtimekit:timing", '{"poll_interval": 0}'),
        ("realtimekit:trackApi", "composite"),
        ("realtimekit:rateLimitShare", "maybe"),
        ("realtimekit:onEnded", "stop"),
        ("realtimekit:sessionTimeout", "soon"),
    ],
)
def test_a_setting_that_is_not_allowed_is_a_check_failure(
    key: str, value: str, stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """A stack's config is validated before any call as well."""
    stack.config = {key: value}
    with stack.deploy() as deployment:
        _, failures = deployment.provider.check(
            stack.build_inputs(meeting_id=emulated_api.meeting_id)
        )
    assert len(failures) == 1


def test_two_on_a_meeting_are_no_mistake_while_one_may_want_nothing(
    stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """A desired state that a preview does not know yet may turn out to be STOPPED."""
    stack.check(deployment, "one", meeting_id=emulated_api.meeting_id)
    stack.check(deployment, "other", meeting_id=emulated_api.meeting_id, desired_state=UNKNOWN)


def test_external_storage_does_not_exist_in_the_body_published_later(
    stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """With ``trackApi: managed`` files go to Cloudflare's own bucket alone."""
    stack.config = {"realtimekit:trackApi": "managed"}
    with stack.deploy() as deployment:
        declared = stack.build_inputs(
            meeting_id=emulated_api.meeting_id, max_seconds=600, **_build_storage()
        )
        _, failures = deployment.provider.check(declared)
    assert set(failures) == {"max_seconds", "layers.default.outputs[1]"}


UNKNOWN_SOMEWHERE: dict[str, dict[str, Any]] = {
    "meeting_id": {"meeting_id": UNKNOWN},
    "desired_state": {"desired_state": UNKNOWN},
    "session_timeout": {"session_timeout": UNKNOWN},
    "on_ended": {"on_ended": UNKNOWN},
    "layers": {"layers": {"default": UNKNOWN}},
    "outputs": {"layers": {"default": {"outputs": UNKNOWN}}},
    "output": {"layers": {"default": {"outputs": {"0": UNKNOWN}}}},
    "storage_config": {
        "layers": {
            "default": {"outputs": {"0": {"type": "STORAGE_CONFIG", "storage_config": UNKNOWN}}}
        }
    },
    "type": _build_storage(type=UNKNOWN),
    "bucket": _build_storage(bucket=UNKNOWN),
    "secret": _build_storage(secret=UNKNOWN),
    "prefix": {"layers": {"default": {"file_name_prefix": UNKNOWN}}},
    "account_id": {"account_id": UNKNOWN},
    "adopt_recording_id": {"adopt_recording_id": UNKNOWN},
}


@pytest.mark.parametrize("where", UNKNOWN_SOMEWHERE)
def test_a_value_that_a_preview_cannot_know_is_no_mistake(
    where: str, stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """An unknown value passes the check at any depth, and stays unknown."""
    declared = stack.build_inputs(
        **{"meeting_id": emulated_api.meeting_id, **UNKNOWN_SOMEWHERE[where]}
    )
    checked, failures = deployment.provider.check(declared)
    assert failures == {}
    assert UNKNOWN in _leaves(checked)
    assert emulated_api.control.counts().total == 0


REPLACING = {
    "meeting_id",
    "layers",
    "outputs",
    "output",
    "storage_config",
    "type",
    "bucket",
    "prefix",
    "account_id",
    "adopt_recording_id",
}


@pytest.mark.parametrize("where", UNKNOWN_SOMEWHERE)
def test_an_unknown_target_counts_as_a_replacement(
    where: str, stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """Otherwise the engine would delete a bucket under a live recording."""
    before = {"meeting_id": emulated_api.meeting_id, **_build_storage()}
    state = stack.create(deployment, **before)
    calls = emulated_api.control.counts().total
    changed, _ = deployment.provider.check(
        stack.build_inputs(**{**before, **UNKNOWN_SOMEWHERE[where]}), state.inputs
    )
    diff = deployment.provider.diff(state, changed)
    assert diff.plan == ("replace" if where in REPLACING else "update")
    assert diff.delete_before_replace
    assert emulated_api.control.counts().total == calls


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in _leaves(inner)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in _leaves(inner)]
    return [value]
