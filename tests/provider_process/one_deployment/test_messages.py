"""The messages at the terminal: on which row they are, and what they never contain."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.example_values import CANARY, SFTP_WITH_PASSWORD, STORAGE, build_layers
from tests.polling import wait_until
from tests.provider_process.process import OperationError, State
from tests.provider_process.stack import ProviderStack, RunningDeployment
from tests.scenarios.steps import EmulatedApi

STORAGES = {**STORAGE, "sftp with a password": SFTP_WITH_PASSWORD}


def test_a_wait_and_a_notice_stand_on_the_resources_own_row(
    stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """Every line carries the URN, and only a wait is replaced by the next line.

    An error is no line of the provider's: the engine puts it on the row of what failed.
    """
    emulated_api.control.end_session(emulated_api.meeting_id)
    policy: dict[str, Any] = {"on_no_session": "wait", "session_timeout": 2}
    with pytest.raises(OperationError, match=r"^nobody joined meeting"):
        stack.create(deployment, meeting_id=emulated_api.meeting_id, **policy)
    stack.create(deployment, meeting_id=emulated_api.meeting_id, on_no_session="skip")
    assert {line.urn for line in deployment.engine.get_lines()} == {stack.get_urn()}
    assert "s: nobody is in meeting" in deployment.engine.get_text("progress")
    assert deployment.engine.get_lines("error") == []
    assert "on_no_session is 'skip'" in deployment.engine.get_text("notice")


def test_an_error_is_one_sentence_with_what_support_asks_for(
    stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """HTTP status, Cloudflare's code and cf-ray; the advice stands below."""
    emulated_api.control.add_fault(
        "status", route="start_track", status=422, message="no such codec"
    )
    with pytest.raises(OperationError) as failure:
        stack.create(deployment, meeting_id=emulated_api.meeting_id)
    text = str(failure.value)
    (refused,) = emulated_api.control.requests("start_track")
    assert text.startswith("starting a recording of meeting ")
    assert f"(HTTP 422, code 422, cf-ray {refused.ray})" in text
    assert "no such codec" in text


def test_an_error_shows_no_line_of_the_inside(
    stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """It is its text alone; with the plain SDK, a short traceback that ends with it."""
    emulated_api.control.add_fault("status", route="active_recording", status=403)
    texts = []
    for plain in (None, "1"):
        stack.environment = {"REALTIMEKIT_PLAIN_SDK": plain}
        with stack.deploy() as deployment, pytest.raises(OperationError) as failure:
            stack.create(deployment, meeting_id=emulated_api.meeting_id)
        texts.append(str(failure.value))
    text, with_traceback = texts
    assert "Traceback" not in text
    assert with_traceback.startswith("Traceback (most recent call last):")
    assert "TokenRejectedError: asking for" in with_traceback
    assert "recordings/create.py" not in with_traceback
    assert "requests" not in with_traceback


def test_a_pause_that_is_too_early_waits_for_the_recording_to_begin(
    stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """The pause is tried at once; only its refusal leads to a wait, which is shown."""
    emulated_api.control.set(invoked_seconds=3600)
    state = stack.create(deployment, meeting_id=emulated_api.meeting_id)
    paused = stack.check(
        deployment, olds=state, meeting_id=emulated_api.meeting_id, desired_state="PAUSED"
    )
    with ThreadPoolExecutor(1) as pool:
        updating = pool.submit(deployment.provider.update, state, paused)
        wait_until(lambda: emulated_api.control.counts().of("get_recording") > 2)
        emulated_api.control.force(state.id, "RECORDING")
        assert updating.result().outputs["status"] == "PAUSED"
    assert f"recording {state.id} is INVOKED" in deployment.engine.get_text("progress")


def test_a_pause_that_stays_too_early_says_so(
    stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """The wait is bounded, and the recording keeps running."""
    stack.config = {"realtimekit:timing": '{"poll_interval": 0.05, "running_after_start": 0.2}'}
    emulated_api.control.set(invoked_seconds=3600)
    with stack.deploy() as deployment:
        state = stack.create(deployment, meeting_id=emulated_api.meeting_id)
        paused = stack.check(
            deployment, olds=state, meeting_id=emulated_api.meeting_id, desired_state="PAUSED"
        )
        with pytest.raises(OperationError, match="Deploy again to pause it"):
            deployment.provider.update(state, paused)
    assert emulated_api.live_count == 1


def test_a_stop_that_is_refused_says_what_the_recording_does(
    stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """A refusal is followed by a question, and its answer is part of the sentence."""
    emulated_api.control.set(invoked_seconds=3600, stop_while_invoked="refuse")
    state = stack.create(deployment, meeting_id=emulated_api.meeting_id)
    with pytest.raises(OperationError, match="is INVOKED and could not be stopped"):
        deployment.provider.delete(state)


def test_an_unknown_status_counts_as_active(
    stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """It is kept as it is, plans nothing, and is stopped like any other."""
    emulated_api.control.add_fault("unknown_status", route="start_track", value="TRANSMOGRIFYING")
    state = stack.create(deployment, meeting_id=emulated_api.meeting_id)
    same = stack.check(deployment, olds=state, meeting_id=emulated_api.meeting_id)
    assert state.outputs["status"] == "TRANSMOGRIFYING"
    assert deployment.provider.diff(state, same).plan == "same"
    deployment.provider.delete(state)
    assert emulated_api.live_count == 0


def test_a_rate_limit_beyond_the_deadline_is_reported_at_once(
    stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """Nobody waits an hour without knowing it."""
    emulated_api.control.add_fault("status", status=429, retry_after=3600)
    with pytest.raises(OperationError, match="it asks to wait 3600 s"):
        stack.create(deployment, "limited", meeting_id=emulated_api.meeting_id)
    assert emulated_api.control.counts().total == 1


@pytest.mark.parametrize("kind", STORAGES)
def test_no_credential_leaves_a_recordings_life(
    kind: str, stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """The API echoes the credentials; the outputs beside the inputs' mirror hold none."""
    storage = STORAGES[kind]
    state = stack.create(
        deployment, meeting_id=emulated_api.meeting_id, layers=build_layers(storage)
    )
    refreshed = deployment.provider.read(state)
    assert refreshed is not None
    deployment.provider.delete(refreshed)
    assert CANARY not in json.dumps([_beyond_mirror(state), _beyond_mirror(refreshed)])
    assert CANARY not in deployment.engine.get_text()
    assert stack.emulator.token not in deployment.engine.get_text()


@pytest.mark.parametrize("kind", STORAGES)
@pytest.mark.parametrize("status", [400, 401, 409, 422, 500])
def test_no_credential_is_quoted_by_an_error(
    status: int,
    kind: str,
    stack: ProviderStack,
    deployment: RunningDeployment,
    emulated_api: EmulatedApi,
) -> None:
    """An API that quotes the body back, escaped once more, is cleaned where the text is made."""
    storage = STORAGES[kind]
    quoted = f"{json.dumps(dict(storage))} Bearer {stack.emulator.token}"
    emulated_api.control.add_fault("status", route="start_track", status=status, message=quoted)
    with pytest.raises(OperationError) as failure:
        stack.create(deployment, meeting_id=emulated_api.meeting_id, layers=build_layers(storage))
    for text in (str(failure.value), deployment.engine.get_text()):
        assert CANARY not in text
        assert stack.emulator.token not in text


@pytest.mark.parametrize("kind", STORAGES)
def test_a_check_failure_never_quotes_a_value(
    kind: str, stack: ProviderStack, deployment: RunningDeployment
) -> None:
    """What is wrong with a credential is reported without the credential."""
    wrong = {
        key: f"{CANARY} {value}\\n" if isinstance(value, str) and key != "type" else value
        for key, value in STORAGES[kind].items()
    }
    _, failures = deployment.provider.check(
        stack.build_inputs(meeting_id="m", layers=build_layers(wrong))
    )
    assert failures
    assert CANARY not in str(failures)


def test_the_references_example_reaches_the_wire_key_for_key(
    stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """Two layers to RealtimeKit's own bucket, as the API's reference shows them."""
    own = {"file_name_prefix": "string", "outputs": [{"type": "REALTIMEKIT_BUCKET"}]}
    example: dict[str, Any] = {
        "layers": {"default": own, "default-video": own},
        "meeting_id": emulated_api.meeting_id,
    }
    stack.create(deployment, **example)
    (request,) = emulated_api.control.requests("start_track")
    assert json.loads(emulated_api.control.request_body(request.number)) == example


@pytest.mark.parametrize("kind", STORAGES)
def test_the_body_reaches_the_wire_key_for_key(
    kind: str, stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """What a user writes down is what the API reads, credentials and numbers included."""
    output = {"type": "STORAGE_CONFIG", "storage_config": STORAGES[kind]}
    layers = {
        "default": {"file_name_prefix": "standup", "outputs": [output]},
        "default-video": {
            "file_name_prefix": "standup_video",
            "outputs": [{"type": "REALTIMEKIT_BUCKET"}],
        },
    }
    stack.create(deployment, meeting_id=emulated_api.meeting_id, max_seconds=3600, layers=layers)
    (request,) = emulated_api.control.requests("start_track")
    assert json.loads(emulated_api.control.request_body(request.number)) == {
        "meeting_id": emulated_api.meeting_id,
        "max_seconds": 3600,
        "layers": layers,
    }


def test_outputs_are_the_inputs_and_little_more(
    stack: ProviderStack, deployment: RunningDeployment, emulated_api: EmulatedApi
) -> None:
    """Each input is mirrored at its path; what is added takes less than a kilobyte."""
    emulated_api.control.set(storage_config="own_bucket")
    state = stack.create(
        deployment, meeting_id=emulated_api.meeting_id, layers=build_layers(STORAGE["aws"])
    )
    emulated_api.control.wait_for(state.id, "RECORDING")
    refreshed = deployment.provider.read(state)
    assert refreshed is not None
    for known in (state, refreshed):
        assert {name: known.outputs[name] for name in known.inputs} == known.inputs
        assert len(json.dumps(_beyond_mirror(known), separators=(",", ":"))) < 1024


def _beyond_mirror(state: State) -> dict[str, Any]:
    return {name: value for name, value in state.outputs.items() if name not in state.inputs}
