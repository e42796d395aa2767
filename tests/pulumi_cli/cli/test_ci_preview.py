"""A preview of the real engine says what the recorded ones say."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_emulator import Control
from realtimekit_provider.cli.changes.digest import compute_digest
from realtimekit_provider.cli.changes.preview import run_preview
from realtimekit_provider.cli.changes.stack_previews import preview_stacks
from realtimekit_provider.cli.changes.words import describe_changes
from realtimekit_provider.cli.exit_codes import ExitCode
from realtimekit_provider.cli.stack_files.project import find_project, list_stack_files
from realtimekit_provider.cli.stack_files.validate import validate_stack_file
from tests.cli.changes.recorded import read_preview
from tests.cli.command_line import run_command
from tests.pulumi_cli.support.project import Project

pytestmark = pytest.mark.engine

SECRETS = {"realtimekit:key": "AKIACANARYCANARYCANA", "realtimekit:secret": "CANARY-secret-one"}
NAMES = ("longer", "new-paused", "pauses", "resumes", "rotated", "stops")


def test_a_real_preview_says_what_was_recorded(
    project: Project,
    control: Control,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With a token and without, refreshed or not: one digest, no secret, and no state written."""
    recordings = _declare(control)
    project.configure(**recordings)
    project.encrypt(**SECRETS)
    project.up()
    _change(recordings, control)
    project.configure(**recordings)
    project.encrypt(**{**SECRETS, "realtimekit:secret": "CANARY-secret-two"})
    for name, value in project.environment.items():
        monkeypatch.setenv(name, value)
    before = _read_state(project)

    found = find_project(project.folder)
    preview = run_preview(found, "test")
    assert _describe(preview) == {
        name: one for name, one in _describe(read_preview("mixed")).items() if name in NAMES
    }
    refreshed = run_preview(found, "test", refresh=True)
    monkeypatch.delenv("CLOUDFLARE_API_TOKEN")
    without_token = run_preview(found, "test")
    assert len({compute_digest(one) for one in (preview, refreshed, without_token)}) == 1
    report = run_command(capsys, "ci", "preview", "--cwd", project.folder)
    assert report.code == 0
    assert compute_digest(preview) in report.output
    assert "CANARY" not in repr(preview) + report.output + report.messages
    assert _read_state(project) == before
    missing = run_command(capsys, "ci", "preview", "missing", "--cwd", project.folder)
    assert missing.code == ExitCode.NO_STACK
    assert "pulumi stack init missing" in missing.output

    recordings["pauses"] |= {"max_seconds": 900, "replace_live": "refuse"}
    del recordings["resumes"]
    project.configure(**recordings)
    project.encrypt(**SECRETS)
    failed = run_command(capsys, "ci", "preview", "--json", "--cwd", project.folder)
    (stack,) = failed.document["stacks"]
    assert (failed.code, stack["is_partial"]) == (1, False)
    assert "would stop the live recording of meeting" in "".join(stack["errors"])
    losses = [one["name"] for one in stack["effects"] if one["is_loss"]]
    assert losses == ["resumes", "stops", "longer"]
    assert _read_state(project) == before


def test_a_new_stacks_preview_is_that_of_its_first_deployment(
    project: Project, control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The backend does not know it, and neither its file nor the backend is written to."""
    project.configure(**_declare(control))
    project.encrypt(**SECRETS)
    file = project.config_file.with_name("Pulumi.new.yaml")
    file.write_bytes(project.config_file.read_bytes())
    for name, value in project.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PULUMI_STACK")
    before = (_read_state(project), file.read_bytes())
    found = find_project(project.folder)
    reports = [validate_stack_file(one, found) for one in list_stack_files(found)]
    (first,) = preview_stacks(found, ["new"], reports, is_review=True)
    assert first.is_new
    assert (_read_state(project), file.read_bytes()) == before
    project.run("stack", "init", "new")
    (known,) = preview_stacks(found, ["new"], reports, is_review=True)
    assert not known.is_new
    assert compute_digest(first) == compute_digest(known)
    assert _describe(first) == _describe(known) != {}


def _declare(control: Control) -> dict[str, dict[str, Any]]:
    own_bucket = {
        "type": "aws",
        "bucket": "own-bucket",
        "region": "eu-west-1",
        "access_key": {"fromConfig": "key"},
        "secret": {"fromConfig": "secret"},
    }
    output = {"type": "STORAGE_CONFIG", "storage_config": own_bucket}
    special: dict[str, dict[str, Any]] = {
        "longer": {"max_seconds": 600},
        "pauses": {},
        "resumes": {"desired_state": "PAUSED"},
        "rotated": {"layers": {"default": {"outputs": [output]}}},
        "stops": {},
    }
    return {name: _create_inputs(control, **inputs) for name, inputs in special.items()}


def _change(recordings: dict[str, dict[str, Any]], control: Control) -> None:
    recordings["new-paused"] = _create_inputs(control, desired_state="PAUSED")
    recordings["longer"]["max_seconds"] = 900
    recordings["pauses"]["desired_state"] = "PAUSED"
    recordings["resumes"]["desired_state"] = "RECORDING"
    recordings["stops"]["desired_state"] = "STOPPED"


def _create_inputs(control: Control, **inputs: Any) -> dict[str, Any]:
    meeting_id = control.create_meeting(participants=1).id
    return {"meeting_id": meeting_id, "layers": {"default": {}}, **inputs}


def _describe(preview: Any) -> dict[str, tuple[Any, ...]]:
    """Return each effect by its name, without the ids in it."""
    return {
        one.name: (one.column, one.is_loss, [part for part in one.phrase if isinstance(part, str)])
        for one in describe_changes(preview)
    }


def _read_state(project: Project) -> dict[str, bytes]:
    """Return every file of the state's backend."""
    files = (file for file in (project.folder / "state").rglob("*") if file.is_file())
    return {str(file): file.read_bytes() for file in files}
