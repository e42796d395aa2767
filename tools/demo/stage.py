"""Where the demo plays: an emulator with a meeting, and a copy of the program with its own state.

Nothing of it is in the checkout, and nothing of it is left when the demo is over.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from realtimekit_emulator import Control, ControlError, EmulatorServer
from tools.environment import ROOT, environment

STACK = "demo"
_PROGRAM = ("Pulumi.yaml", "__main__.py")
_STACK_FILE = Path("stacks", f"Pulumi.{STACK}.yaml")
_NOT_FROM_OUTSIDE = ("PULUMI_", "CLOUDFLARE_", "REALTIMEKIT_")
_SALT = "encryptionsalt:"


@dataclass(frozen=True)
class Stage:
    """What the demo plays on.

    Attributes:
        folder: The copy of the program.
        settings: The environment variables that make the difference to a real account.
        environment: All environment variables for the commands.
        control: What the API has seen, and who is in the meeting.
        meeting_id: The meeting, with two people in it.
    """

    folder: Path
    settings: Mapping[str, str]
    environment: Mapping[str, str]
    control: Control
    meeting_id: str


@contextmanager
def stage() -> Iterator[Stage]:
    """Set the stage, and clear it afterwards, whatever happened on it."""
    with (
        tempfile.TemporaryDirectory(prefix="realtimekit-demo-") as temporary,
        EmulatorServer(invoked_seconds=0.5, upload_seconds=0.5) as emulator,
    ):
        folder = Path(temporary)
        copy_program(folder)
        settings = {
            "PULUMI_BACKEND_URL": (folder / "state").as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "demo",
            "CLOUDFLARE_BASE_URL": emulator.base_url,
            "CLOUDFLARE_API_TOKEN": emulator.token,
        }
        meeting = emulator.control.create_meeting(participants=2, title="Standup")
        try:
            yield Stage(
                folder=folder,
                settings=settings,
                environment={**_surroundings(folder), **settings},
                control=emulator.control,
                meeting_id=meeting.id,
            )
        finally:
            _everybody_leaves(emulator.control, meeting.id)


def copy_program(folder: Path) -> None:
    """Copy what makes up the program and its stack, and give it the virtual environment."""
    for name in _PROGRAM:
        shutil.copyfile(ROOT / name, folder / name)
    (folder / _STACK_FILE).parent.mkdir()
    lines = (ROOT / _STACK_FILE).read_text(encoding="utf-8").splitlines(keepends=True)
    # A salt is there when somebody made the stack in the checkout, with a passphrase of their own.
    kept = [line for line in lines if not line.startswith(_SALT)]
    (folder / _STACK_FILE).write_text("".join(kept), encoding="utf-8")
    (folder / "state").mkdir()
    (folder / ".venv").symlink_to(sys.prefix, target_is_directory=True)


def _surroundings(folder: Path) -> dict[str, str]:
    """Return this process's environment without what it says about other accounts and states."""
    outside = {
        name: value for name, value in os.environ.items() if not name.startswith(_NOT_FROM_OUTSIDE)
    }
    return {**environment(outside), "PULUMI_HOME": str(folder / "home")}


def _everybody_leaves(control: Control, meeting_id: str) -> None:
    """End the meeting, and with it a recording that an interrupted demo has left running."""
    with suppress(ControlError):
        control.end_session(meeting_id)
