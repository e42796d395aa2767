"""A cancelled deployment of the real engine leaves no lock, no process, and no double."""

from __future__ import annotations

import pytest

from tests.pulumi_cli.support.cancelled_deployment import Cancellation, CancelledStack
from tests.pulumi_cli.support.project import Project

pytestmark = pytest.mark.engine

SAMPLES = (
    Cancellation(seconds=1.2, slowness=0.0, effect="before"),
    Cancellation(seconds=3.0, slowness=20.0, effect="after"),
)
"""While the program starts, and in calls that take longer than GitHub waits."""


@pytest.mark.parametrize("cancellation", SAMPLES, ids=["early", "slow"])
def test_a_cancelled_deployment_is_continued_by_the_next(
    cancellation: Cancellation, project: Project
) -> None:
    """INT, TERM after 7.5 s, KILL after another 2.5 s; ``make prove`` does it at 30 moments."""
    assert CancelledStack(project).find_violations(cancellation) == []
