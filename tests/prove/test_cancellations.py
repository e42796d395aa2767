"""Deployments that are cancelled on GitHub's schedule, each at a random moment."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from realtimekit_emulator import EmulatorServer
from tests.pulumi_cli.support.cancelled_deployment import CancelledStack, draw_cancellation
from tests.pulumi_cli.support.project import Project, make_template

pytestmark = pytest.mark.engine


@pytest.mark.parametrize("seed", range(30))
def test_a_cancellation_at_a_random_moment_leaves_nothing_behind(
    seed: int, tmp_path: Path, emulator: EmulatorServer
) -> None:
    """No lock, no orphan, and no double at the next deployment."""
    template = make_template(tmp_path / "template", emulator)
    stack = CancelledStack(Project.copy_template(template, tmp_path / "project", emulator))
    assert stack.find_violations(draw_cancellation(random.Random(seed))) == []
