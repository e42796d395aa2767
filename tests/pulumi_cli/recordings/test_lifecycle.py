"""The scenarios of a recording's life, with the real engine."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from realtimekit_emulator import Access, EmulatorServer
from tests.pulumi_cli.support.batch_runner import BatchRunner, format_app_id
from tests.pulumi_cli.support.project import Project
from tests.scenarios.all_scenarios import SCENARIOS
from tests.scenarios.steps import Scenario

pytestmark = pytest.mark.engine


def _group_by_settings(scenarios: Iterable[Scenario]) -> list[list[Scenario]]:
    """Group by what is set for a whole stack or for a whole emulator."""
    groups: dict[str, list[Scenario]] = {}
    for scenario in scenarios:
        common = json.dumps([dict(scenario.config), dict(scenario.emulator)])
        groups.setdefault(common, []).append(scenario)
    return list(groups.values())


@pytest.mark.parametrize(
    "scenarios", _group_by_settings(SCENARIOS), ids=lambda group: group[0].name
)
def test_recordings_live_as_declared(
    scenarios: Sequence[Scenario], template: Path, tmp_path: Path
) -> None:
    """Plan, API calls, status and messages of every step are those of the scenario."""
    apps = tuple(format_app_id(number) for number in range(len(scenarios)))
    with EmulatorServer(access=Access(apps=apps)) as emulator:
        project = Project.copy_template(template, tmp_path / "project", emulator)
        runner = BatchRunner(project, scenarios)
        runner.run()
    assert runner.failures == []
