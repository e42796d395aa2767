"""The command."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests

from realtimekit_emulator import DEFAULT_ACCOUNT, DEFAULT_APP, Control, Settings
from realtimekit_emulator.cli import main

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


def wait_until_ready(process: Process) -> str:
    """Wait for the first line, and return the base URL in it."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("ready on http://127.0.0.1:"), line
    return line.removeprefix("ready on ").strip()


def stop(process: Process, number: signal.Signals) -> tuple[int, str]:
    """Send a signal to a process; return its status and the rest of its output."""
    process.send_signal(number)
    output, _ = process.communicate(timeout=60)
    return process.returncode, output


@pytest.fixture
def verbose() -> Iterator[Process]:
    """Return a running command that reports its requests."""
    process = launch("--verbose", "--token", "canary-token", "--upload-seconds", "9")
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_the_command_serves_until_a_signal(verbose: Process) -> None:
    """Options apply, --verbose prints method, path and status only, SIGTERM ends it."""
    base = wait_until_ready(verbose)
    headers = {"Authorization": "Bearer canary-token"}
    body = {"meeting_id": "canary-meeting", "layers": {}}
    url = f"{base}/{KIT}/recordings/track"
    assert requests.post(url, json=body, headers=headers, timeout=5).status_code == 422
    assert requests.post(url, json=body, timeout=5).status_code == 401
    control = Control(base.removesuffix("/client/v4"))
    assert control.settings()["upload_seconds"] == 9
    status, output = stop(verbose, signal.SIGTERM)
    path = f"/client/v4/{KIT}/recordings/track"
    assert output.splitlines() == [f"POST {path} 422", f"POST {path} 401"]
    assert "canary" not in output
    assert status == 0


def test_the_command_is_quiet_by_default_and_ends_on_interrupt() -> None:
    """It prints when it is ready, and ends even while a response never ends."""
    process = launch("--control-port", "0")
    base = wait_until_ready(process)
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
        status, output = stop(process, signal.SIGINT)
    assert (status, output) == (0, "")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.invalid", ""])  # noqa: S104
def test_an_address_that_is_not_loopback_is_refused(
    host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before the emulator listens."""
    assert main(["--host", host, "--port", "0"]) == 2
    assert "loopback" in capsys.readouterr().err


def test_a_port_that_is_taken_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
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
    for name in Settings.model_fields:
        assert f"--{name.replace('_', '-')}" in text
    assert "(default: emulator-token)" in text


def test_an_invalid_setting_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    """Before the emulator listens."""
    assert main(["--upload-seconds", "-1"]) == 2
    assert "upload_seconds: Input should be greater than or equal to 0" in capsys.readouterr().err
