"""A command that is told to stop while the Pulumi CLI hangs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from realtimekit_provider.cli.exit_codes import ExitCode
from realtimekit_provider.cli.pulumi_cli.sessions import is_running
from tests.cli.command_line import COMMAND, write_project
from tests.polling import wait_until

CONFIG = "config:\n  realtimekit:recordings: {}\n"
HANGING = f"""#!{sys.executable}
import os, pathlib, signal, subprocess, sys, time
if not {{"preview", "export"}} & set(sys.argv):
    print('[{{"name": "a"}}, {{"name": "b"}}]' if "ls" in sys.argv else "{{}}")
    sys.exit()
signal.signal(signal.SIGINT, signal.SIG_IGN)
child = subprocess.Popen(["sleep", "600"])
(pathlib.Path(__file__).parent / f"{{os.getpid()}}.pid").write_text(str(child.pid))
time.sleep(600)
"""


def list_ids(folder: Path) -> list[int]:
    """Return the ids of the CLI's processes, and of what they have started."""
    texts = [(one.stem, one.read_text()) for one in folder.glob("*.pid")]
    return [int(one) for pair in texts for one in pair if one]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    "command", [("ci", "preview", "--parallel", "2"), ("ci", "drift", "--parallel", "2"), ("list",)]
)
def test_a_cancelled_command_leaves_no_process(
    command: tuple[str, ...], number: signal.Signals, tmp_path: Path
) -> None:
    """The CLI ignores the signal and has a child; a third stack waits for its turn."""
    project = write_project(tmp_path / "project", a=CONFIG, b=CONFIG, c=CONFIG)
    program = tmp_path / "pulumi"
    program.write_text(HANGING)
    program.chmod(0o755)
    environment = {**os.environ, "PATH": os.pathsep.join([str(tmp_path), os.environ["PATH"]])}
    process = subprocess.Popen(
        [*COMMAND, *command, "--cwd", str(project)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        wait_until(lambda: process.poll() is not None or len(list_ids(tmp_path)) == 4)
        process.send_signal(number)
        try:
            _, errors = process.communicate(timeout=60)
        finally:
            ids = list_ids(tmp_path)
            left = [one for one in ids if is_running(one)]
            for one in left:
                os.kill(one, signal.SIGKILL)
            process.kill()
    assert left == []
    assert len(ids) == 4
    assert process.returncode == ExitCode.CANCELLED
    assert errors.strip() == "realtimekit: cancelled"
