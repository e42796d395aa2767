"""Several deployments, of one stack or of two: one recording, and one owner."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pulumi.runtime import rpc

from tests.provider_process.process import OperationError
from tests.provider_process.stack import ProviderStack
from tests.scenarios.steps import EmulatedApi


def test_a_recording_that_appears_too_late_is_taken_over_by_the_next_deployment(
    stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """A start that never became visible fails the deployment; the next one finds its mark."""
    emulated_api.control.add_fault(
        "status", route="start_track", status=500, effect="after", times=1
    )
    emulated_api.control.add_fault("lag", route="*", seconds=3600)
    with stack.deploy() as deployment, pytest.raises(OperationError):
        stack.create(deployment, meeting_id=emulated_api.meeting_id)
    emulated_api.control.clear_faults()
    with stack.deploy() as deployment:
        state = stack.create(deployment, meeting_id=emulated_api.meeting_id)
    assert [one.id for one in emulated_api.control.recordings()] == [state.id]
    assert "of an interrupted deployment" in deployment.engine.get_text("notice")


def test_a_replacement_of_a_recording_that_stays_active_fails_without_a_start(
    stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """A wait that is over says what it waited for, and leaves the meeting alone."""
    stack.config = {
        "realtimekit:timing": (
            '{"poll_interval": 0.05, "inactive_after_stop": 0.2, "minimum_length": 0.05}'
        )
    }
    emulated_api.control.set(uploading_is_active=True, upload_seconds=3600)
    with stack.deploy() as deployment:
        old = stack.create(deployment, meeting_id=emulated_api.meeting_id)
        with pytest.raises(OperationError, match="is still the active one"):
            stack.replace(deployment, old, meeting_id=emulated_api.meeting_id, max_seconds=600)
    assert emulated_api.control.counts().of("start_track") == 1


@pytest.mark.parametrize("policy", ["fail", "adopt"])
def test_two_stacks_on_one_meeting_never_share_a_recording(
    policy: str, stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """What carries another stack's mark is not taken over, so that nobody else stops it."""
    other = ProviderStack(stack.emulator, name="prod")
    with stack.deploy() as deployment, other.deploy() as other_deployment:
        mine = stack.create(deployment, meeting_id=emulated_api.meeting_id)
        with pytest.raises(OperationError, match=f"the mark {stack.get_mark()} of another"):
            other.create(other_deployment, meeting_id=emulated_api.meeting_id, on_conflict=policy)
    assert [one.id for one in emulated_api.control.recordings()] == [mine.id]
    assert emulated_api.live_count == 1


def test_two_stacks_at_the_same_moment_start_one_recording(
    stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """One of them gets it; the other's error says whose it is."""
    stacks = [stack, ProviderStack(stack.emulator, name="prod")]
    emulated_api.control.set(latency_seconds=0.1)
    with stacks[0].deploy() as one, stacks[1].deploy() as other, ThreadPoolExecutor(2) as pool:
        futures = [
            pool.submit(each.create, deployment, meeting_id=emulated_api.meeting_id)
            for each, deployment in zip(stacks, (one, other), strict=True)
        ]
        errors = [future.exception() for future in futures]
    assert sorted(error is None for error in errors) == [False, True]
    assert "already has an active recording" in "".join(map(str, errors))
    assert len(emulated_api.control.recordings()) == 1


def test_a_renamed_resource_does_not_take_over_what_the_old_one_stops(
    stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """The generated mark is that of the old name: ``on_conflict: adopt`` names the alias."""
    with stack.deploy() as deployment:
        old = stack.create(deployment, "standup", meeting_id=emulated_api.meeting_id)
    with stack.deploy() as deployment, pytest.raises(OperationError, match="give it an alias"):
        stack.create(deployment, "daily", meeting_id=emulated_api.meeting_id, on_conflict="adopt")
    assert [one.id for one in emulated_api.control.recordings()] == [old.id]
    assert emulated_api.live_count == 1


@pytest.mark.parametrize("setting", ["on_conflict", "adopt_recording_id"])
def test_a_renamed_resource_keeps_the_recording_that_it_takes_over(
    setting: str, stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """The engine creates the new and deletes the old in one deployment; it keeps running."""
    own_prefix = {"default": {"file_name_prefix": "standup"}}
    with stack.deploy() as deployment:
        old = stack.create(
            deployment, "standup", meeting_id=emulated_api.meeting_id, layers=own_prefix
        )
    value = "adopt" if setting == "on_conflict" else old.id
    with stack.deploy() as deployment:
        new = stack.create(
            deployment,
            "daily",
            meeting_id=emulated_api.meeting_id,
            layers=own_prefix,
            **{setting: value},
        )
        deployment.provider.delete(old)
    assert new.id == old.id
    assert emulated_api.live_count == 1
    assert "another resource of this stack has taken it over" in deployment.engine.get_text(
        "notice"
    )


def test_an_alias_keeps_prefix_and_recording(
    stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """With the old inputs available the generated prefix stays, so the rename plans nothing."""
    with stack.deploy() as deployment:
        old = stack.create(deployment, "standup", meeting_id=emulated_api.meeting_id)
    with stack.deploy() as deployment:
        renamed = stack.check(deployment, "daily", old, meeting_id=emulated_api.meeting_id)
        assert deployment.provider.diff(old, renamed).plan == "same"


@pytest.mark.parametrize("is_killed", [False, True])
def test_a_replacement_remembers_the_recording_before_it(
    *, is_killed: bool, stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """Also where the deployment is killed between its delete and its create.

    The engine then asks for the diff again, and creates without another delete.
    """
    meeting: dict[str, Any] = {"meeting_id": emulated_api.meeting_id}
    with stack.deploy() as deployment:
        old = stack.create(deployment, **meeting)
        emulated_api.control.wait_for(old.id, "RECORDING")
    if is_killed:
        with stack.deploy() as deployment:
            stack.check(deployment, olds=old, max_seconds=600, **meeting)
            deployment.provider.delete(old)
        with stack.deploy() as deployment:
            declared = stack.check(deployment, olds=old, max_seconds=600, **meeting)
            deployment.provider.diff(old, declared)
            new = deployment.provider.create(stack.check(deployment, max_seconds=600, **meeting))
    else:
        with stack.deploy() as deployment:
            new = stack.replace(deployment, old, max_seconds=600, **meeting)
    previous = new.outputs["previous"]
    assert previous["id"] == old.id
    assert previous["status"] in {"UPLOADING", "UPLOADED"}
    assert {"stopped_time", "recording_duration", "output_file_name"} <= previous.keys()
    assert f"replaces recording {old.id}: recorded " in deployment.engine.get_text("notice")
    with stack.deploy() as deployment:
        assert deployment.provider.diff(new, new.inputs).plan == "same"
        refreshed = deployment.provider.read(new)
        assert refreshed is not None
        assert refreshed.outputs["previous"] == previous


@pytest.mark.parametrize(
    ("unknown", "plan"),
    [
        ({"meeting_id": rpc.UNKNOWN}, "same"),
        ({"app_id": rpc.UNKNOWN}, "same"),
        ({"layers": rpc.UNKNOWN}, "replace"),
        ({"meeting_id": rpc.UNKNOWN, "layers": rpc.UNKNOWN}, "replace"),
    ],
)
def test_an_unknown_meeting_replaces_nothing_before_it_has_been_declared(
    unknown: dict[str, Any], plan: str, stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """What is replaced before its check ends before what it depends on: storage needs that."""
    with stack.deploy() as deployment:
        old = stack.create(deployment, meeting_id=emulated_api.meeting_id)
    with stack.deploy() as deployment:
        assert deployment.provider.diff(old, {**old.inputs, **unknown}).plan == plan
    with stack.deploy() as deployment:
        declared = {**old.inputs, **unknown}
        deployment.provider.check(declared, old.inputs)
        assert deployment.provider.diff(old, declared).plan == "replace"


@pytest.mark.parametrize(
    ("has_program", "text"),
    [
        (False, "ends the live recording of meeting {}, because layers changes"),
        (True, "ends the live recording of meeting {} and starts another one, because layers"),
    ],
)
def test_a_targeted_destroy_promises_no_other_recording(
    text: str, stack: ProviderStack, emulated_api: EmulatedApi, *, has_program: bool
) -> None:
    """It deletes what depends on its target, and no program declares it again."""
    with stack.deploy() as deployment:
        old = stack.create(deployment, meeting_id=emulated_api.meeting_id)
    with stack.deploy() as deployment:
        if has_program:
            other = {**old.inputs, "resource_urn": stack.get_urn("other")}
            deployment.provider.check(other)
        deployment.provider.diff(old, {**old.inputs, "layers": rpc.UNKNOWN})
        assert text.format(emulated_api.meeting_id) in deployment.engine.get_text("warning")


def test_the_body_published_later_is_sent_on_demand(
    stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """``trackApi: managed`` sends ``media_kind`` and ``user_ids``, and no outputs."""
    stack.config = {"realtimekit:trackApi": "managed"}
    emulated_api.control.set(body_shape="published")
    layers = {"default": {"file_name_prefix": "standup", "media_kind": "audio"}}
    with stack.deploy() as deployment:
        stack.create(
            deployment, meeting_id=emulated_api.meeting_id, layers=layers, user_ids=["u1", "u2"]
        )
    (request,) = emulated_api.control.requests("start_track")
    assert request.body == {
        "meeting_id": emulated_api.meeting_id,
        "layers": layers,
        "user_ids": ["u1", "u2"],
    }
