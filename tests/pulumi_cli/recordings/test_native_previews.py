"""What a reviewer sees of a change, and a person of a failure: as of any other provider.

The engine prints the paths that the provider's process adds to its answers, and the errors as
their text. Every line here was read in a terminal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from realtimekit_emulator import Control
from tests.pulumi_cli.support.printed_output import extract_diagnostics
from tests.pulumi_cli.support.printed_preview import PrintedPreview, read_expected_preview
from tests.pulumi_cli.support.project import TYPE, Project

pytestmark = pytest.mark.engine

PREVIEWS = ("rotated", "longer", "empty", "ended", "restarted", "resumed")
"""Recordings of one stack, by what becomes of them."""

SECRETS = {"realtimekit:key": "AKIACANARYCANARYCANA", "realtimekit:secret": "CANARY-secret-one"}


def test_a_preview_shows_what_changes_and_why(project: Project, control: Control) -> None:
    """A path for each change, a reason that is no input as an output, and a line in words."""
    recordings = _declare_before(control)
    project.configure(**recordings)
    project.encrypt(**SECRETS)
    project.up()
    recordings["restarted"]["desired_state"] = "STOPPED"
    project.configure(**recordings)
    project.encrypt(**SECRETS)
    project.up()
    for name in ("ended", "restarted"):
        control.force(project.read_recordings()[name]["id"], "UPLOADED")
    refreshed = _blocks(project.refresh("--diff"))
    assert re.search(r'~ status +: "INVOKED" => "UPLOADED"', refreshed["ended"])
    assert "+ status" not in refreshed["empty"]
    control.join(recordings["empty"]["meeting_id"])
    _change(recordings)
    project.configure(**recordings)
    project.encrypt(**{**SECRETS, "realtimekit:secret": "CANARY-secret-two"})

    printed = PrintedPreview.create(project)
    assert {name: printed.describe(name) for name in PREVIEWS} == {
        name: read_expected_preview(name) for name in PREVIEWS
    }
    assert "CANARY" not in printed.text


def test_a_deployment_says_each_line_of_its_preview_once(
    project: Project, control: Control
) -> None:
    """The diff says it, and the update has the same to say."""
    recordings = {"rotated": _declare_before(control)["rotated"]}
    project.configure(**recordings)
    project.encrypt(**SECRETS)
    project.up()
    project.encrypt(**{"realtimekit:secret": "CANARY-secret-two"})
    assert extract_diagnostics(project.up()).count("the changed credentials are stored") == 1


@pytest.mark.parametrize("flags", [(), ("--debug",)])
def test_a_failed_deployment_prints_the_error_once_and_no_traceback(
    flags: tuple[str, ...], project: Project, control: Control
) -> None:
    """The sentence on the row and above, the advice below."""
    meeting = control.create_meeting(participants=0).id
    project.configure(standup={"meeting_id": meeting, "layers": {"default": {}}})
    output = project.try_up(*flags).output
    sentence = f"error: nobody is in meeting {meeting}, so there is nothing to record."
    assert f"TrackRecording standup **creating failed** {sentence}\n" in output
    assert extract_diagnostics(output).count(sentence) == 1
    assert (
        f"    {sentence}\n"
        "    Deploy again when somebody is in it, or set on_no_session to 'wait' or 'skip'\n"
    ) in extract_diagnostics(output)
    assert "Traceback" not in output


def test_a_refused_token_is_printed_with_what_to_do(project: Project, control: Control) -> None:
    """In a refresh too, and the token itself never."""
    meeting = control.create_meeting(participants=1).id
    project.configure(standup={"meeting_id": meeting, "layers": {"default": {}}})
    project.up()
    project.environment["CLOUDFLARE_API_TOKEN"] = "CANARY-token"
    outcome = project.try_run("refresh", "--yes", "--skip-preview", "--suppress-progress")
    printed = extract_diagnostics(outcome.output)
    assert outcome.code != 0
    assert "the API refused the token" in printed
    assert "\n    Give a token with the permission 'Realtime Admin'" in printed
    assert "Traceback" not in outcome.output
    assert "CANARY" not in outcome.output


def test_the_programs_parallelism_leaves_no_trace(project: Project, control: Control) -> None:
    """It reaches the provider's process, and no state, plan or later diff."""
    meeting = control.create_meeting(participants=1).id
    project.configure(standup={"meeting_id": meeting, "layers": {"default": {}}})
    plan = project.folder / "plan.json"
    project.environment["PULUMI_EXPERIMENTAL"] = "true"
    project.run("preview", "--save-plan", str(plan), "--parallel", "12")
    project.up("--plan", str(plan), "--parallel", "12")
    stored = json.dumps(project.read_recordings()["standup"])
    assert "parallel" not in stored + plan.read_text(encoding="utf-8")
    project.up("--expect-no-changes", "--parallel", "3")


def test_an_import_names_what_works_instead(project: Project, control: Control) -> None:
    """In a program; ``pulumi import`` runs none, and the SDK fails before it knows our classes."""
    meeting = control.create_meeting(participants=1).id
    recording = control.start_recording(meeting)
    project.write_program(
        "import pulumi\n"
        "from realtimekit_provider import TrackRecording\n"
        f"TrackRecording('standup', meeting_id='{meeting}', layers={{'default': {{}}}},\n"
        f"    opts=pulumi.ResourceOptions(import_='{recording}'))\n"
    )
    output = project.try_up().output
    assert "declare it with adopt_recording_id" in output
    assert "KeyError" not in output
    imported = project.try_run("import", "--yes", TYPE, "standup", recording)
    assert "KeyError: '__provider'" in imported.output


def test_a_program_decides_what_a_change_means(project: Project, control: Control) -> None:
    """``replace_on_changes`` and ``ignore_changes`` know the paths of the diff."""
    meetings = {name: control.create_meeting(participants=1).id for name in ("paused", "ignored")}
    project.write_program(_OPTIONS_PROGRAM.format(meetings=meetings, state="RECORDING", seconds=60))
    project.up()
    changed = _OPTIONS_PROGRAM.format(meetings=meetings, state="PAUSED", seconds=90)
    project.write_program(changed)
    steps = {
        step["urn"].rsplit("::")[-1]: step
        for step in json.loads(project.run("preview", "--json"))["steps"]
    }
    assert steps["paused"]["op"] == "replace"
    assert steps["paused"]["replaceReasons"] == ["desired_state"]
    assert "ignored" not in steps


def test_a_setting_brings_the_plain_sdk_back(project: Project, control: Control) -> None:
    """Previews then compare the inputs, and errors have a traceback below their line."""
    meetings = {name: control.create_meeting(participants=1).id for name in ("one", "two")}
    recordings = {
        name: {"meeting_id": meeting, "layers": {"default": {}}, "max_seconds": 600}
        for name, meeting in meetings.items()
    }
    project.environment["REALTIMEKIT_PLAIN_SDK"] = "1"
    project.configure(one=recordings["one"])
    project.up("--parallel", "9")
    project.configure(one={**recordings["one"], "max_seconds": 900})
    assert re.search(r"~ max_seconds +: 600 => 900", _blocks(project.preview())["one"])
    (step,) = (
        step
        for step in json.loads(project.run("preview", "--json"))["steps"]
        if step["urn"].endswith("::one")
    )
    assert step["detailedDiff"] is None
    control.end_session(meetings["two"])
    project.configure(one=recordings["one"], two=recordings["two"])
    printed = extract_diagnostics(project.try_up().output)
    assert "    error: nobody is in meeting" in printed
    assert "    error: Traceback (most recent call last):" in printed


_OPTIONS_PROGRAM = """
import pulumi
from realtimekit_provider import TrackRecording

meetings = {meetings}
TrackRecording(
    "paused",
    meeting_id=meetings["paused"],
    layers={{"default": {{}}}},
    desired_state="{state}",
    opts=pulumi.ResourceOptions(replace_on_changes=["desired_state"]),
)
TrackRecording(
    "ignored",
    meeting_id=meetings["ignored"],
    layers={{"default": {{}}}},
    max_seconds={seconds},
    opts=pulumi.ResourceOptions(ignore_changes=["maxSeconds", "max_seconds"]),
)
"""


def _declare_before(control: Control) -> dict[str, dict[str, Any]]:
    """Return the recordings as they are deployed first."""
    config = {
        "type": "aws",
        "bucket": "recordings-bucket",
        "region": "eu-west-1",
        "access_key": {"fromConfig": "key"},
        "secret": {"fromConfig": "secret"},
    }
    output = {"type": "STORAGE_CONFIG", "storage_config": config}
    special: Mapping[str, Mapping[str, Any]] = {
        "rotated": {"layers": {"default": {"outputs": [output]}}},
        "longer": {"max_seconds": 600},
        "empty": {"on_no_session": "skip"},
        "ended": {"on_ended": "restart"},
        "restarted": {},
        "resumed": {},
    }
    return {
        name: {
            "meeting_id": control.create_meeting(participants=0 if name == "empty" else 1).id,
            "layers": {"default": {}},
            "desired_state": {"resumed": "PAUSED"}.get(name, "RECORDING"),
            **inputs,
        }
        for name, inputs in special.items()
    }


def _change(recordings: dict[str, dict[str, Any]]) -> None:
    recordings["longer"]["max_seconds"] = 900
    recordings["restarted"]["desired_state"] = "RECORDING"
    recordings["resumed"]["desired_state"] = "RECORDING"


def _blocks(output: str) -> dict[str, str]:
    """Return what ``--diff`` prints of each recording, by its name."""
    found = re.split(rf"\n    \S+ ?{re.escape(TYPE)}: ", output.partition("--outputs:--\n  ~")[0])
    named = ((re.search(r"::(\w+)\]\n", block), block) for block in found[1:])
    return {name.group(1): block for name, block in named if name}
