"""A refusal shows no value: inputs of every resource and component are given a secret.

``make prove`` does it with every input, until each was refused by its path.
"""

from __future__ import annotations

import base64
import json

import pytest

from tests.pulumi_cli.storage.support.canaries import (
    CANARY,
    CASES,
    CLASSES,
    find_leak,
    find_refused_paths,
    list_arguments,
)
from tests.pulumi_cli.storage.support.canary_program import (
    declare_invalid_inputs,
    read_kept_texts,
    try_preview,
    try_up,
)
from tests.pulumi_cli.storage.support.clouds import Clouds
from tests.pulumi_cli.storage.support.storage_project import StorageProject

SAMPLE = (
    "TrackRecording layers",
    "AwsRecordingBucket",
    "AzureRecordingContainer",
    "GcsRecordingBucket",
    "SftpRecordingFolder",
    "SpacesRecordingBucket",
    "StorageGate",
    "StorageLocation azure",
    "StorageWriter gcs",
)
"""A case of every class; the layers have every field of every kind of storage."""


@pytest.mark.engine
@pytest.mark.parametrize("name", SAMPLE)
def test_a_refusal_shows_no_value(name: str, project: StorageProject, clouds: Clouds) -> None:
    """Nothing is created of what is refused, so nothing of it is in the state."""
    case = CASES[name]
    declare_invalid_inputs(project, clouds, case, case.invalid)
    preview, up = try_preview(project), try_up(project)
    paths = find_refused_paths(preview.output)
    assert any(case.is_refused(path, paths) for path in case.invalid), preview.output[-2000:]
    assert preview.code != 0
    assert up.code != 0
    texts = [preview.output, up.output, *read_kept_texts(project)]
    assert [*filter(None, map(find_leak, texts))] == []


def test_the_sample_has_every_class() -> None:
    """No class of resource or component is tried by ``make prove`` alone."""
    assert {CASES[name].kind for name in SAMPLE} == CLASSES.keys()


def test_every_input_is_in_a_case() -> None:
    """Of every class that a program can declare, each argument."""
    tried = {(case.kind, str(path[0])) for case in CASES.values() for path in case.invalid}
    assert tried == {(kind, name) for kind in CLASSES for name in list_arguments(kind)}
    assert len(CLASSES) >= 9
    assert len({(case.kind, path) for case in CASES.values() for path in case.invalid}) >= 160


@pytest.mark.parametrize("before", range(4))
def test_a_leak_would_be_found(before: int) -> None:
    """In clear, in JSON and in base64, wherever it begins."""
    text = "x" * before + CANARY + "y"
    assert find_leak(json.dumps({"secret": text}))
    assert find_leak(base64.b64encode(text.encode()).decode())
    assert find_leak("x" * 500) is None
