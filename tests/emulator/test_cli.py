"""The command."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from dataclasses import fields
from typing import TYPE_CHECKING

import pytest
import requests

from realtimekit_emulator import DEFAULT_ACCOUNT, DEFAULT_APP, Control, Settings
from realtimekit_emulator.cli import main
from realtimekit_emulator.loopback import NotLoopbackError
from realtimekit_emulator.server.listener import Listener

if TYPE_CHECKING:
    from collections.abc import Iterator

Process = subprocess.Popen[str]
KIT = f"accounts/{DEFAULT_ACCOUNT}/realtime/kit/{DEFAULT_APP}"


def launch(*options: str) -> Process:
    """Start the command on a free port."""
    return subprocess.Popen(
        [sys.executable, "-m", "realtimekit_emulator", "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ready(process: Process) -> str:
    """Wait for the first line, and return the base URL in it."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("ready on http://127.0.0.1:"), line
    return line.removeprefix("ready on ").strip()


def ended(process: Process, number: signal.Signals) -> tuple[int, str]:
    """End a process; return its status and the rest of its output."""
    process.send_signal(number)
    output, _ = process.communicate(timeout=10)
    return process.returncode, output


@pytest.fixture
def verbose() -> Iterator[Process]:
    """Return a running command that reports its requests."""
    process = launch("--verbose", "--token", "canary-token", "--upload-seconds", "9")
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_the_command_serves_until_it_is_told_to_stop(verbose: Process) -> None:
    """Options reach it, requests are reported by method, path and status only, SIGTERM ends it."""
    base = ready(verbose)
    headers = {"Authorization": "Bearer canary-token"}
    body = {"meeting_id": "canary-meeting", "layers": {}}
    url = f"{base}/{KIT}/recordings/track"
    assert requests.post(url, json=body, headers=headers, timeout=5).status_code == 422
    assert requests.post(url, json=body, timeout=5).status_code == 401
    control = Control(base.removesuffix("/client/v4"))
    assert control.settings()["upload_seconds"] == 9
    status, output = ended(verbose, signal.SIGTERM)
    path = f"/client/v4/{KIT}/recordings/track"
    assert output.splitlines() == [f"POST {path} 422", f"POST {path} 401"]
    assert "canary" not in output
    assert status == 0


def test_the_command_is_quiet_by_default_and_ends_on_interrupt() -> None:
    """One line when it is ready, even while somebody waits for an answer that never ends."""
    process = launch("--control-port", "0")
    base = ready(process)
    assert process.stdout is not None
    line = process.stdout.readline()
    origin = line.removeprefix("control on ").strip().removesuffix("/_emulator")
    control = Control(origin)
    control.add_fault("drip", seconds=0.01)
    headers = {"Authorization": "Bearer emulator-token"}
    with requests.get(
        f"{base}/{KIT}/recordings", headers=headers, stream=True, timeout=5
    ) as dripping:
        assert dripping.status_code == 200
        status, output = ended(process, signal.SIGINT)
    assert (status, output) == (0, "")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.invalid", ""])  # noqa: S104
def test_nothing_but_loopback_is_served(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Other addresses are refused before anything listens."""
    assert main(["--host", host, "--port", "0"]) == 2
    assert "loopback" in capsys.readouterr().err


def test_a_port_that_is_taken_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """As one line, without a traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["--port", str(taken.getsockname()[1])]) == 2
    assert capsys.readouterr().err.startswith("realtimekit_emulator: ")


def test_help_explains_every_setting(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is an option, with its default."""
    monkeypatch.setenv("COLUMNS", "500")
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    for one in fields(Settings):
        assert f"--{one.name.replace('_', '-')}" in text
    assert "(default: emulator-token)" in text


def test_a_wrong_setting_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything listens."""
    assert main(["--upload-seconds", "-1"]) == 2
    assert "upload_seconds must not be negative" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "localhost"])
def test_any_loopback_address_will_do(host: str) -> None:
    """A door takes its port as soon as it is made."""
    door = Listener(None, host, 0)  # type: ignore[arg-type]
    assert door.port > 0
    door.close()


def test_a_door_knows_loopback_from_the_rest() -> None:
    """An address that only looks like it is not."""
    with pytest.raises(NotLoopbackError):
        Listener(None, "127.0.0.1.example.invalid", 0)  # type: ignore[arg-type]
