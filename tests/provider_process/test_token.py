"""The token: never an input, read at each run, needed at the first call."""

from __future__ import annotations

import pytest

from tests.provider_process.process import OperationError
from tests.provider_process.stack import Stack
from tests.scenarios.steps import EmulatedApi


def test_a_preview_needs_no_token(stack: Stack, emulated_api: EmulatedApi) -> None:
    """Check and diff call nobody; the first call says how to give one."""
    with stack.run() as run:
        state = stack.created(run, meeting_id=emulated_api.meeting_id)
    calls = emulated_api.control.counts().total
    stack.environment = {"CLOUDFLARE_API_TOKEN": None}
    with stack.run() as run:
        paused = stack.checked(
            run, olds=state, meeting_id=emulated_api.meeting_id, desired_state="PAUSED"
        )
        assert run.provider.diff(state, paused).plan == "update"
        with pytest.raises(OperationError, match="there is no API token"):
            run.provider.update(state, paused)
    assert "CLOUDFLARE_API_TOKEN" in run.engine.text("error")
    assert "cloudflare:apiToken" in run.engine.text("error")
    assert emulated_api.control.counts().total == calls


@pytest.mark.parametrize(("state", "status"), [("revoked", 401), ("forbidden", 403)])
def test_a_refused_token_is_an_error_at_once(
    state: str, status: int, stack: Stack, emulated_api: EmulatedApi
) -> None:
    """It is not tried again, and the message says which permission is needed."""
    stack.environment = {"CLOUDFLARE_API_TOKEN": "canary-token"}
    emulated_api.control.set_token("canary-token", state)
    with stack.run() as run, pytest.raises(OperationError) as failure:
        stack.created(run, meeting_id=emulated_api.meeting_id)
    assert f"HTTP {status}" in str(failure.value)
    assert "Realtime Admin" in run.engine.text("error")
    assert "canary-token" not in str(failure.value) + run.engine.text()
    assert emulated_api.control.counts().total == 1


def test_the_stacks_config_comes_before_the_environment(
    stack: Stack, emulated_api: EmulatedApi
) -> None:
    """As with every setting, the first one that is set wins."""
    stack.config = {"cloudflare:apiToken": stack.emulator.token}
    stack.environment = {"CLOUDFLARE_API_TOKEN": "of-environment"}
    with stack.run() as run:
        stack.created(run, meeting_id=emulated_api.meeting_id)
    assert emulated_api.live_count == 1


def test_a_token_that_is_revoked_midway_fails_the_next_operation(
    stack: Stack, emulated_api: EmulatedApi
) -> None:
    """What was started stays in the state and goes on."""
    with stack.run() as run:
        state = stack.created(run, meeting_id=emulated_api.meeting_id)
        emulated_api.control.set_token(stack.emulator.token, "revoked")
        with pytest.raises(OperationError, match="HTTP 401"):
            run.provider.delete(state)
    assert emulated_api.live_count == 1


def test_read_and_stop_use_account_and_app_of_the_start(
    stack: Stack, emulated_api: EmulatedApi
) -> None:
    """Whatever the config says later, the recording is found where it was started."""
    with stack.run() as run:
        state = stack.created(run, meeting_id=emulated_api.meeting_id)
    stack.config = {"realtimekit:accountId": "another", "realtimekit:appId": "another"}
    with stack.run() as run:
        refreshed = run.provider.read(state)
        run.provider.delete(state)
    assert refreshed is not None
    assert emulated_api.live_count == 0
