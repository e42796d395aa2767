"""What a person reads when a deployment does not do what was declared.

The texts in ``expected_output`` were read by a person in a terminal and approved. In the place of
ids, times and rays they have names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from realtimekit_emulator import Access, EmulatorServer
from tests.closed_port import reserve_closed_port
from tests.pulumi_cli.support.app_control import AppControl
from tests.pulumi_cli.support.printed_output import normalize_output
from tests.pulumi_cli.support.project import Project

pytestmark = pytest.mark.engine

EXPECTED_OUTPUT = Path(__file__).parent / "expected_output"
UNKNOWN_ID = "9c5b3e84-7d1a-4f29-8e6b-2a0d4c7f1e04"

POLICIES: Mapping[str, Mapping[str, Any]] = {
    "nobody-fail": {},
    "nobody-wait": {"on_no_session": "wait", "session_timeout": 1},
    "nobody-skip": {"on_no_session": "skip"},
    "recorded-fail": {},
    "recorded-adopt": {"on_conflict": "adopt"},
    "recorded-stop": {"on_conflict": "stop", "wait_for_upload": 30},
    "unknown-adopted": {"adopt_recording_id": UNKNOWN_ID},
    "unknown-meeting": {"meeting_id": UNKNOWN_ID},
    "fault-body": {},
    "fault-limit": {},
    "fault-server": {},
    "fault-token": {},
}
"""Recordings of one stack; the first word says in which state their meeting or the API is."""

FAULTS: Mapping[str, Mapping[str, Any]] = {
    "fault-body": {"status": 422, "message": "layers.default.outputs is not allowed"},
    "fault-limit": {"status": 429, "message": "Too many requests", "retry_after": 3600},
    "fault-server": {"status": 503, "message": "Service unavailable", "retry_after": 400},
    "fault-token": {"status": 403, "message": "Authentication error"},
}
APPS = {
    name: f"5ca1ab1e-0000-4000-8000-{number:012d}"
    for number, name in enumerate(["standup", *POLICIES])
}


@pytest.fixture
def emulator() -> Iterator[EmulatorServer]:
    """An emulator with an app for each recording, whose uploads take long enough to be seen."""
    with EmulatorServer(access=Access(apps=tuple(APPS.values())), upload_seconds=1) as server:
        yield server


def test_the_output_says_for_each_recording_what_to_do(
    project: Project, emulator: EmulatorServer
) -> None:
    """Every policy and the API's refusals, side by side, and the wait of a stop at the end."""
    recordings = {name: _create_meeting(emulator, name) for name in POLICIES}
    project.configure(**{name: {**inputs, **POLICIES[name]} for name, inputs in recordings.items()})
    actual = {"policies": normalize_output(project.try_up("--continue-on-error").output)}
    emulator.control.clear_faults()
    actual["upload"] = normalize_output(project.destroy())
    assert actual == _read_expected(*actual)


def test_a_failure_of_the_whole_stack_is_printed_once(
    project: Project, emulator: EmulatorServer
) -> None:
    """No token, a wrong one, an API that is down, fields that do not exist."""
    standup = {"standup": _create_meeting(emulator, "standup")}
    wrong = {**standup["standup"], "layers": {"default": {"prefix": "s"}}, "on_conflict": "retry"}
    with reserve_closed_port() as port:
        closed_url = f"http://127.0.0.1:{port}/client/v4"
        stacks = {
            "no-token": _create_stack(project, "no-token", standup, CLOUDFLARE_API_TOKEN=""),
            "wrong-token": _create_stack(
                project, "wrong-token", standup, CLOUDFLARE_API_TOKEN="wrong"
            ),
            "api-down": _create_stack(project, "api-down", standup, CLOUDFLARE_BASE_URL=closed_url),
            "unknown-field": _create_stack(project, "unknown-field", {"standup": wrong}),
        }
        with ThreadPoolExecutor(len(stacks)) as pool:
            outcomes = pool.map(Project.try_up, stacks.values())
    actual = {
        name: normalize_output(one.output) for name, one in zip(stacks, outcomes, strict=True)
    }
    assert actual == _read_expected(*actual)


_REFUSED_PROGRAM = """
import pulumi
from realtimekit_provider import TrackRecording

storage = {"type": "aws", "bucket": "b", "secret": pulumi.Output.secret("CANARY")}
output = {"type": "STORAGE_CONFIG", "storage_config": storage}
TrackRecording("standup", meeting_id="M", layers=[{"outputs": [output]}])
"""


def test_a_failed_check_says_what_is_wrong_and_shows_no_value(project: Project) -> None:
    """A list in the place of a mapping, with a secret in it."""
    project.write_program(_REFUSED_PROGRAM)
    outcome = project.try_up()
    assert "CANARY" not in outcome.output
    assert normalize_output(outcome.output) == _read_expected("failed-check")["failed-check"]


def _create_meeting(emulator: EmulatorServer, name: str) -> dict[str, Any]:
    """Create the meeting that a recording's name describes, and return the recording's inputs."""
    control = AppControl(emulator.control, APPS[name])
    meeting_id = control.create_meeting(participants=0 if "nobody" in name else 1).id
    if "recorded" in name:
        control.wait_for(control.start_recording(meeting_id), "RECORDING")
    if name in FAULTS:
        route = "start_track" if name == "fault-body" else "*"
        control.add_fault("status", route=route, **FAULTS[name])
    return {"app_id": APPS[name], "meeting_id": meeting_id, "layers": {"default": {}}}


def _create_stack(
    project: Project, name: str, recordings: Mapping[str, Any], **environment: str
) -> Project:
    stack = project.add_stack(name)
    stack.configure(**recordings)
    stack.environment.update(environment)
    return stack


def _read_expected(*names: str) -> dict[str, str]:
    return {name: (EXPECTED_OUTPUT / f"{name}.txt").read_text(encoding="utf-8") for name in names}
