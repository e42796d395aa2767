"""A start is never doubled and never orphaned, whatever the API answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.provider_process.process import OperationError
from tests.provider_process.stack import ProviderStack, RunningDeployment
from tests.scenarios.steps import EmulatedApi

LOST_ANSWERS: Mapping[str, dict[str, Any]] = {
    "500 after the effect": {"kind": "status", "status": 500, "effect": "after"},
    "502 as HTML after the effect": {
        "kind": "status",
        "status": 502,
        "effect": "after",
        "body": "html",
    },
    "504 before the effect": {"kind": "status", "status": 504, "effect": "before"},
    "cut after the effect": {"kind": "cut", "effect": "after"},
    "cut in the middle of the answer": {"kind": "cut", "effect": "after", "after_bytes": 20},
    "cut before the effect": {"kind": "cut", "effect": "before"},
    "200 without an id": {"kind": "missing_id"},
    "200 as HTML": {"kind": "html_body", "effect": "after"},
    "200 with nothing": {"kind": "empty_body", "effect": "after"},
    "200 with half of it": {"kind": "truncated_body"},
    "200 saying no success": {"kind": "not_success", "effect": "after"},
    "429 before the effect": {"kind": "status", "status": 429, "retry_after": 0.1},
}


@pytest.mark.parametrize("fault", LOST_ANSWERS.values(), ids=LOST_ANSWERS)
def test_a_lost_answer_leads_to_exactly_one_recording(
    fault: dict[str, Any],
    stack: ProviderStack,
    deployment: RunningDeployment,
    emulated_api: EmulatedApi,
) -> None:
    """Whatever becomes of the POST's answer, there is one recording, and the state knows it."""
    emulated_api.control.add_fault(route="start_track", times=1, **fault)
    state = stack.create(deployment, meeting_id=emulated_api.meeting_id)
    assert [one.id for one in emulated_api.control.recordings()] == [state.id]


@pytest.mark.parametrize("prefix", [None, "standup", "{mark}_standup"])
def test_a_lost_answer_needs_no_mark_in_the_same_deployment(
    prefix: str | None,
    stack: ProviderStack,
    deployment: RunningDeployment,
    emulated_api: EmulatedApi,
) -> None:
    """A recording that began after our POST, on a meeting that had none before, is ours."""
    layer = {} if prefix is None else {"file_name_prefix": prefix}
    emulated_api.control.add_fault("cut", route="start_track", effect="after", times=1)
    state = stack.create(deployment, meeting_id=emulated_api.meeting_id, layers={"default": layer})
    assert [one.id for one in emulated_api.control.recordings()] == [state.id]


@pytest.mark.parametrize("shape", ["top", "nested", "none"])
def test_every_shape_of_a_start_names_the_recording(
    shape: str, stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """``data.id``, ``data.recording.id`` and no id at all end with the same recording found."""
    emulated_api.control.set(start_answer=shape)
    state = stack.create(deployment, meeting_id=emulated_api.meeting_id)
    assert [one.id for one in emulated_api.control.recordings()] == [state.id]
    assert emulated_api.control.counts().of("start_track") == 1


def test_a_lost_answer_is_found_though_reads_lag(
    stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """The question is asked for as long as a recording may take to appear."""
    emulated_api.control.add_fault(
        "status", route="start_track", status=500, effect="after", times=1
    )
    emulated_api.control.add_fault("lag", route="active_recording", seconds=0.4)
    state = stack.create(deployment, meeting_id=emulated_api.meeting_id)
    assert [one.id for one in emulated_api.control.recordings()] == [state.id]
    assert emulated_api.control.counts().of("start_track") == 1


def test_a_replacement_waits_until_the_old_recording_is_out_of_the_way(
    stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """While the API still shows the stopped one as active, nothing takes it over."""
    old = stack.create(deployment, meeting_id=emulated_api.meeting_id)
    emulated_api.control.wait_for(old.id, "RECORDING")
    emulated_api.control.advance(60)
    emulated_api.control.add_fault("lag", route="active_recording", seconds=0.5)
    new = stack.replace(deployment, old, meeting_id=emulated_api.meeting_id, max_seconds=600)
    assert [one.id for one in emulated_api.control.recordings()] == [old.id, new.id]
    assert emulated_api.live_count == 1
    assert f"recording {old.id}, which was stopped, is still active" in deployment.engine.get_text(
        "progress"
    )


def test_two_recordings_of_one_meeting_are_refused_naming_both(
    stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """In one deployment a meeting is recorded once; the check says so before any call."""
    stack.check(deployment, "standup", meeting_id=emulated_api.meeting_id)
    _, failures = deployment.provider.check(
        stack.build_inputs("retro", meeting_id=emulated_api.meeting_id)
    )
    assert "'standup' and by 'retro'" in failures["meeting_id"]
    assert emulated_api.meeting_id not in failures["meeting_id"]
    assert emulated_api.control.counts().total == 0


@pytest.mark.parametrize(
    "other",
    [{"desired_state": "STOPPED"}, {"app_id": "another"}, {"account_id": "e" * 32}],
    ids=str,
)
def test_one_of_two_may_be_stopped_or_elsewhere(
    other: dict[str, Any],
    stack: ProviderStack,
    deployment: RunningDeployment,
    emulated_api: EmulatedApi,
) -> None:
    """Only what wants a recording of the same meeting of the same app is in the way."""
    stack.check(deployment, "standup", meeting_id=emulated_api.meeting_id)
    stack.check(deployment, "retro", meeting_id=emulated_api.meeting_id, **other)


def test_an_api_that_takes_the_other_body_says_which_setting_to_change(
    stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """A 422 that names a field of the one body names the setting for the other."""
    emulated_api.control.set(body_shape="published")
    with pytest.raises(OperationError, match="realtimekit:trackApi managed"):
        stack.create(deployment, meeting_id=emulated_api.meeting_id)
    assert emulated_api.control.recordings() == []


@pytest.mark.parametrize("reported", ["honour", "ignore", "own_bucket"])
def test_ignored_storage_is_a_warning_that_cannot_be_missed(
    reported: str, stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """Files that the API puts elsewhere are deleted after seven days, so the user is warned."""
    emulated_api.control.set(storage_config=reported)
    storage = {
        "type": "aws",
        "access_key": "CANARY-id",
        "secret": "CANARY-secret",
        "bucket": "acme",
        "region": "eu-central-1",
    }
    layers = {"default": {"outputs": [{"type": "STORAGE_CONFIG", "storage_config": storage}]}}
    state = stack.create(deployment, meeting_id=emulated_api.meeting_id, layers=layers)
    applied = {"honour": "yes", "ignore": "unknown", "own_bucket": "no"}[reported]
    warned = "are deleted after seven days" in deployment.engine.get_text("warning")
    assert state.outputs["storage_applied"] == applied
    assert warned == (applied == "no") == bool(state.outputs["warning"])


def test_after_the_post_nothing_raises(
    stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """A recording that could not be paused is in the state nevertheless, with a warning."""
    emulated_api.control.add_fault("status", route="act_on_recording", status=403)
    state = stack.create(deployment, meeting_id=emulated_api.meeting_id, desired_state="PAUSED")
    assert [one.id for one in emulated_api.control.recordings()] == [state.id]
    assert "runs, but is not PAUSED" in state.outputs["warning"]
    assert "HTTP 403" in deployment.engine.get_text("warning")
