"""What a person reads when a deployment does not do what was declared.

The texts in ``words`` are what somebody looked at in a terminal and was content with. Ids, times
and rays are named instead of shown.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from realtimekit_emulator import Access, EmulatorServer
from tests.pulumi_cli.app_control import ControlOfApp
from tests.pulumi_cli.printed_output import words_in
from tests.pulumi_cli.project import Project

pytestmark = [pytest.mark.engine, pytest.mark.timeout(240)]

WORDS = Path(__file__).parent / "words"
NOBODY_KNOWS = "9c5b3e84-7d1a-4f29-8e6b-2a0d4c7f1e04"

POLICIES: Mapping[str, Mapping[str, Any]] = {
    "nobody-fail": {},
    "nobody-wait": {"on_no_session": "wait", "session_timeout": 1},
    "nobody-skip": {"on_no_session": "skip"},
    "recorded-fail": {},
    "recorded-adopt": {"on_conflict": "adopt"},
    "recorded-stop": {"on_conflict": "stop", "wait_for_upload": 30},
    "unknown-adopted": {"adopt_recording_id": NOBODY_KNOWS},
    "unknown-meeting": {"meeting_id": NOBODY_KNOWS},
    "fault-body": {},
    "fault-limit": {},
    "fault-server": {},
    "fault-token": {},
}
"""Recordings of one stack; the first word says what their meeting is like, or the API."""

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


def test_one_deployment_says_of_each_recording_what_to_do(
    project: Project, emulator: EmulatorServer
) -> None:
    """Every policy and the API's refusals, side by side, and the wait of a stop at the end."""
    recordings = {name: _meeting(emulator, name) for name in POLICIES}
    project.configure(**{name: {**given, **POLICIES[name]} for name, given in recordings.items()})
    read = {"policies": words_in(project.try_up("--continue-on-error").output)}
    emulator.control.clear_faults()
    read["upload"] = words_in(project.destroy())
    assert read == _expected(*read)


def test_what_is_wrong_with_a_whole_stack_is_said_once(
    project: Project, emulator: EmulatorServer
) -> None:
    """No token, a wrong one, an API that is down, fields that do not exist."""
    standup = {"standup": _meeting(emulator, "standup")}
    wrong = {**standup["standup"], "layers": {"default": {"prefix": "s"}}, "on_conflict": "retry"}
    with _closed_port() as nobody:
        stacks = {
            "no-token": _stack(project, "no-token", standup, CLOUDFLARE_API_TOKEN=""),
            "wrong-token": _stack(project, "wrong-token", standup, CLOUDFLARE_API_TOKEN="wrong"),
            "api-down": _stack(project, "api-down", standup, CLOUDFLARE_BASE_URL=nobody),
            "unknown-field": _stack(project, "unknown-field", {"standup": wrong}),
        }
        with ThreadPoolExecutor(len(stacks)) as pool:
            outcomes = pool.map(Project.try_up, stacks.values())
    read = {name: words_in(one.output) for name, one in zip(stacks, outcomes, strict=True)}
    assert read == _expected(*read)


def _meeting(emulator: EmulatorServer, name: str) -> dict[str, Any]:
    """Make the meeting of a recording as its name says, and return the recording's inputs."""
    control = ControlOfApp(emulator.control, APPS[name])
    meeting_id = control.create_meeting(participants=0 if "nobody" in name else 1).id
    if "recorded" in name:
        control.wait_for(control.start_recording(meeting_id), "RECORDING")
    if name in FAULTS:
        route = "start_track" if name == "fault-body" else "*"
        control.add_fault("status", route=route, **FAULTS[name])
    return {"app_id": APPS[name], "meeting_id": meeting_id, "layers": {"default": {}}}


def _stack(
    project: Project, name: str, recordings: Mapping[str, Any], **environment: str
) -> Project:
    stack = project.another(name)
    stack.configure(**recordings)
    stack.environment.update(environment)
    return stack


@contextmanager
def _closed_port() -> Iterator[str]:
    """Hold a port at which nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}/client/v4"


def _expected(*names: str) -> dict[str, str]:
    return {name: (WORDS / f"{name}.txt").read_text(encoding="utf-8") for name in names}
