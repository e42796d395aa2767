"""The steps by which a deployment is stopped, and how long each may take."""

from __future__ import annotations

from dataclasses import replace

import pytest

from realtimekit_provider.cli.deployments.messages import describe_stage
from realtimekit_provider.cli.deployments.stages import Moment, Stage, get_next_stage

RUNNING = Moment(Stage.RUNNING, seconds=9999.0, signals=0, is_late=False, has_terminal=False)
_HOUR = 3600.0
_TICK = 0.1


@pytest.mark.parametrize(
    ("moment", "stage"),
    [
        (RUNNING, Stage.RUNNING),
        (replace(RUNNING, signals=1), Stage.CANCELLING),
        (replace(RUNNING, is_late=True), Stage.CANCELLING),
        # one step at a time, also where several signals came at once
        (replace(RUNNING, signals=5), Stage.CANCELLING),
    ],
)
def test_a_deployment_runs_until_a_request_to_stop(moment: Moment, stage: Stage) -> None:
    """By a signal, or because its time is over."""
    assert get_next_stage(moment) is stage


@pytest.mark.parametrize(
    ("signals", "is_late", "has_terminal", "longest"),
    [
        (1, False, False, 6.0),  # a pipeline: GitHub kills after 10 s
        (1, False, True, None),  # a person presses Ctrl-C again
        (0, True, False, 120.0),  # the soft timeout
        (0, True, True, 120.0),
        (2, False, True, 0.0),
        (1, True, True, 0.0),
    ],
)
def test_operations_have_a_grace_by_the_cause_of_the_stop(
    signals: int, is_late: bool, has_terminal: bool, longest: float | None
) -> None:
    """A second request ends it at once."""
    moment = Moment(Stage.CANCELLING, 0.0, signals, is_late, has_terminal)
    if longest is None:
        assert get_next_stage(replace(moment, seconds=_HOUR)) is Stage.CANCELLING
        return
    assert get_next_stage(replace(moment, seconds=longest)) is Stage.TERMINATING
    if longest:
        assert get_next_stage(replace(moment, seconds=longest - _TICK)) is Stage.CANCELLING


def test_every_step_ends_before_github_sends_kill() -> None:
    """INT is answered by the last step within 8.1 s, and TERM after 7.5 s changes nothing."""
    stage, since, entered = Stage.RUNNING, 0.0, {}
    for tick in range(100):
        now = tick * _TICK
        signals = 2 if now >= 7.5 else 1
        following = get_next_stage(Moment(stage, now - since, signals, False, False))
        if following is not stage:
            stage, since = following, now
            entered[stage] = now
    assert [*entered] == [*Stage][1:]
    assert [*entered.values()] == pytest.approx([0.0, 6.0, 6.5, 8.0], abs=0.15)


def test_a_person_reads_that_ctrl_c_helps() -> None:
    """A pipeline is told how long it takes."""
    moment = replace(RUNNING, signals=1, has_terminal=True)
    assert "press Ctrl-C again" in describe_stage(Stage.CANCELLING, moment)
    moment = replace(RUNNING, signals=1)
    assert "have 6 s to finish" in describe_stage(Stage.CANCELLING, moment)
