"""Where the demo runs: an emulator with a meeting, storage, and a copy of the program.

All of it is outside the checkout, and removed when the demo ends.
"""

import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from realtimekit_emulator import Control, ControlError, EmulatorServer, real_uploaders
from tools.environment import ROOT, environment
from tools.test_servers.moto_server import ISOLATED, MotoServer, running_moto
from tools.test_servers.sftp_server import SftpServer, sftp_server

STACK = "demo"
PASSWORD_FILE = "archive-password"  # noqa: S105 - where it is
_PROGRAM = ("Pulumi.yaml", "__main__.py")
_STACK_FILE = Path("stacks", f"Pulumi.{STACK}.yaml")
_ACCOUNT_PREFIXES = ("AWS_", "CLOUDFLARE_", "PULUMI_", "REALTIMEKIT_")
_S3_VARIABLES = ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
_SALT = "encryptionsalt:"


@dataclass(frozen=True)
class Sandbox:
    """Everything that the demo uses.

    Attributes:
        folder: The copy of the program.
        settings: The environment variables that point to the servers of the demo.
        environment: All environment variables for the commands.
        control: The control client of the emulated API.
        meeting_id: The meeting, with two people in it.
        s3: Where the bucket will be; every call needs a key that may make it.
        sftp: The server on which the folder will be.
    """

    folder: Path
    settings: Mapping[str, str]
    environment: Mapping[str, str]
    control: Control
    meeting_id: str
    s3: MotoServer
    sftp: SftpServer


@contextmanager
def create_sandbox() -> Iterator[Sandbox]:
    """Start the servers, and remove everything afterwards, also after a failure."""
    with (
        tempfile.TemporaryDirectory(prefix="realtimekit-demo-") as temporary,
        running_moto() as s3,
        _sftp(Path(temporary, "sftp")) as sftp,
        _emulator(s3) as emulator,
    ):
        folder = Path(temporary)
        copy_program(folder)
        (folder / PASSWORD_FILE).write_text(sftp.password, encoding="utf-8")
        settings = _settings(folder, emulator, s3)
        meeting = emulator.control.create_meeting(participants=2, title="Standup")
        try:
            yield Sandbox(
                folder=folder,
                settings=settings,
                environment={
                    **environment(),
                    "PULUMI_HOME": str(folder / "home"),
                    "COLUMNS": "80",
                    **settings,
                },
                control=emulator.control,
                meeting_id=meeting.id,
                s3=s3,
                sftp=sftp,
            )
        finally:
            _end_meeting(emulator.control, meeting.id)


@contextmanager
def _sftp(root: Path) -> Iterator[SftpServer]:
    root.mkdir()
    with sftp_server(root, username="demo", password=secrets.token_urlsafe()) as server:
        yield server


def _emulator(s3: MotoServer) -> EmulatorServer:
    uploaders = real_uploaders(aws_endpoint=s3.url)
    return EmulatorServer(uploaders=uploaders, invoked_seconds=0.5, upload_seconds=0.5)


def _settings(folder: Path, emulator: EmulatorServer, s3: MotoServer) -> dict[str, str]:
    return {
        "PULUMI_BACKEND_URL": (folder / "state").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "demo",
        "CLOUDFLARE_BASE_URL": emulator.base_url,
        "CLOUDFLARE_API_TOKEN": emulator.token,
        **{name: s3.environment[name] for name in _S3_VARIABLES},
    }


def copy_program(folder: Path) -> None:
    """Copy what makes up the program and its stack, and give it the virtual environment."""
    for name in _PROGRAM:
        shutil.copyfile(ROOT / name, folder / name)
    (folder / _STACK_FILE).parent.mkdir()
    lines = (ROOT / _STACK_FILE).read_text(encoding="utf-8").splitlines(keepends=True)
    # A salt is there when somebody made the stack in the checkout, with a passphrase of their own.
    stored = [line for line in lines if not line.startswith(_SALT)]
    (folder / _STACK_FILE).write_text("".join(stored), encoding="utf-8")
    (folder / "state").mkdir()
    (folder / ".venv").symlink_to(sys.prefix, target_is_directory=True)


def clear_accounts() -> None:
    """Remove from this process's environment what it says about real accounts, states, proxies."""
    for name in [name for name in os.environ if name.startswith(_ACCOUNT_PREFIXES)]:
        del os.environ[name]
    os.environ.update({**ISOLATED, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"})


def _end_meeting(control: Control, meeting_id: str) -> None:
    """End the meeting, and with it a recording that an interrupted demo has not stopped."""
    with suppress(ControlError):
        control.end_session(meeting_id)
