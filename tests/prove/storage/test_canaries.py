"""A refusal shows no value: every input of every resource and component is given a secret."""

from __future__ import annotations

import pytest

from tests.pulumi_cli.storage.support.canaries import CASES, find_leak, find_refused_paths
from tests.pulumi_cli.storage.support.canary_program import (
    declare_invalid_inputs,
    read_kept_texts,
    try_preview,
    try_up,
)
from tests.pulumi_cli.storage.support.clouds import Clouds
from tests.pulumi_cli.storage.support.storage_project import StorageProject


@pytest.mark.parametrize("name", CASES)
def test_every_refused_input_shows_no_value(
    name: str, project: StorageProject, clouds: Clouds
) -> None:
    """All at once, then those whose failures were hidden, until each was refused by its path.

    Nothing is created of what is refused, so nothing of it is in the state.
    """
    case = CASES[name]
    outputs: list[str] = []
    remaining, attempts, turn = list(case.invalid), 0, 0
    while remaining and attempts < len(case.values):
        declare_invalid_inputs(project, clouds, case, remaining, turn)
        preview = try_preview(project)
        outputs.append(preview.output)
        paths = find_refused_paths(preview.output)
        refused = [path for path in remaining if case.is_refused(path, paths)]
        if refused:
            up = try_up(project)
            outputs.append(up.output)
            assert preview.code != 0
            assert up.code != 0
        remaining = [path for path in remaining if path not in refused]
        attempts, turn = 0 if refused else attempts + 1, turn + 1
    assert [*filter(None, map(find_leak, [*outputs, *read_kept_texts(project)]))] == []
    assert remaining == [], outputs[-1][-2000:]
