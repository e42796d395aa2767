"""The README with the real engine: the demo's transcript, and the commands for an account."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from realtimekit_emulator import EmulatorServer
from tests.docs.pages import ROOT, list_blocks
from tools.environment import environment

pytestmark = pytest.mark.engine
_OMISSION = "⋮"
_VARIABLE_PARTS = (
    (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID"),
    (r"\d\d:\d\d:\d\d\.\d{3}", "TIME"),
    (r"\(\d+(\.\d+)?s\)", "(DURATION)"),
    (r"_\d{13}_[0-9a-f]{8}\.webm", "_START_ID.webm"),
    (r"\b\d{3} bytes", "SIZE bytes"),
    (r"^(foreign +UPLOADED +)\d+[sm] +", r"\1AGE  "),
    (r"^( *port: )\d+", r"\1PORT"),
    (r"rk[0-9a-f]{16}", "MARK"),
    (r"AAAA[\w+/]+", "KEY"),
)


def _split_parts(text: str) -> list[list[str]]:
    """Return the runs of lines between those that were left out, without what varies."""
    for pattern, name in _VARIABLE_PARTS:
        text = re.sub(pattern, name, text, flags=re.MULTILINE)
    return [part.strip("\n").splitlines() for part in text.split(_OMISSION)]


def _find(part: list[str], lines: list[str], start: int) -> int | None:
    """Return where ``part`` ends in ``lines``, line after line, at or after ``start``."""
    for at in range(start, len(lines) - len(part) + 1):
        if lines[at : at + len(part)] == part:
            return at + len(part)
    return None


def test_the_transcript_is_what_the_demo_prints(tmp_path: Path) -> None:
    """Each run of lines is there, in order; ids, times and durations aside."""
    transcript = tmp_path / "transcript.txt"
    command = [sys.executable, "-m", "tools.demo", "--transcript", str(transcript)]
    finished = subprocess.run(  # noqa: PLW1510 - its output says what went wrong
        command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=280
    )
    assert finished.returncode == 0, finished.stderr
    (printed,) = _split_parts(transcript.read_text(encoding="utf-8"))
    (shown,) = (block for block in list_blocks("text") if block.source.startswith("README.md"))
    at = 0
    for part in _split_parts(shown.text):
        end = _find(part, printed, at)
        assert end is not None, "\n".join(part)
        at = end


def test_the_five_commands_to_a_real_account_start_a_recording(tmp_path: Path) -> None:
    """They are run as they stand, with an emulator's ids in the place of one's own."""
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "stacks").mkdir()
    (tmp_path / "state").mkdir()
    (tmp_path / ".venv").symlink_to(sys.prefix)
    with EmulatorServer() as emulator:
        meeting = emulator.control.create_meeting(participants=1).id
        script = _read_commands(
            TOKEN=emulator.token,
            ACCOUNT_ID=emulator.account_id,
            APP_ID=emulator.app_id,
            MEETING_ID=meeting,
        )
        variables = {
            "PULUMI_HOME": str(tmp_path / "home"),
            "PULUMI_BACKEND_URL": (tmp_path / "state").as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "made-up",
            "CLOUDFLARE_BASE_URL": emulator.base_url,
        }
        ran = subprocess.run(  # noqa: PLW1510 - its output says what went wrong
            ["bash", "-euc", f"{script} --yes\npulumi destroy --yes"],
            cwd=tmp_path,
            env={**environment(_remove_accounts()), **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=240,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        (recording,) = emulator.control.recordings(meeting)
        emulator.control.wait_for(recording.id, "UPLOADED")


def _read_commands(**values: str) -> str:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.partition("## With a real account")[2].partition("\n## ")[0]
    lines = re.findall(r"^\$ (.*)$", section, re.MULTILINE)
    assert len(lines) == 5
    for name, value in values.items():
        lines = [re.sub(rf"(?<![A-Z_]){name}\b(?!=)", value, line) for line in lines]
    return "\n".join(lines)


def _remove_accounts() -> dict[str, str]:
    """Return the environment without what it says about the developer's own stacks."""
    prefixes = ("PULUMI_", "CLOUDFLARE_", "REALTIMEKIT_")
    return {name: value for name, value in os.environ.items() if not name.startswith(prefixes)}
