"""Files of this machine that say which run of the Pulumi CLI has the lock of which stack.

The processes of a run hold the kernel's lock of its file. It is free once the last of them has
ended, however that was, and it knows no process ids, which are used again and which containers
count from one. The file goes with the run: one that is there and free is of a run that was killed.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from realtimekit_provider.cli.deployments.locks import CliRun
from realtimekit_provider.cli.stack_files.names import parse_stack_name
from realtimekit_provider.cli.stack_files.project import Project

__all__ = ["PidFile", "hold_ended_runs", "identify_stack", "open_pid_file"]

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_FOR_OTHERS = 0o077


class PidFile:
    """The file of one run, empty until the run has the lock.

    Attributes:
        descriptors: What the run's processes inherit: they hold the file as long as they run.
    """

    def __init__(self, path: Path, descriptor: int | None, report: Callable[[str], None]) -> None:
        self._path = path
        self._report = report
        self.descriptors = () if descriptor is None else (descriptor,)
        self._is_empty = True

    def write(self, run: CliRun) -> None:
        """Write who has the stack's lock, once; no earlier run's lock is there any more then."""
        if self.descriptors and self._is_empty:
            self._is_empty = False
            content = {**asdict(run), "boot_id": _read_boot_id()}
            try:
                os.write(self.descriptors[0], json.dumps(content).encode())
            except OSError as error:
                self._report(_describe_unusable_folder(error))
            _delete_ended_files(self._path.name.partition(".")[0])


@contextmanager
def open_pid_file(stack_key: str, report: Callable[[str], None]) -> Iterator[PidFile]:
    """Create the file of a run, which is there until the block ends.

    Where that is not possible the run has no file, and a person is told what follows.

    Args:
        stack_key: The stack's key.
        report: Tells a person what is done.
    """
    try:
        folder = _find_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{stack_key}.{uuid.uuid4().hex}.json"
        folder.chmod(0o700)
        descriptor = _create_locked_file(path)
    except (OSError, RuntimeError) as error:
        report(_describe_unusable_folder(error))
        yield PidFile(Path(), None, report)
        return
    try:
        yield PidFile(path, descriptor, report)
    finally:
        with suppress(OSError):
            path.unlink()
        os.close(descriptor)


@contextmanager
def hold_ended_runs(stack_key: str) -> Iterator[list[CliRun]]:
    """Yield the runs of this machine for a stack of which no process is left.

    Inside the block nobody else gets them.
    """
    runs: list[CliRun] = []
    with ExitStack() as held:
        for path in _list_files(stack_key):
            with ExitStack() as opened, suppress(OSError):
                run = _parse_run(opened.enter_context(_open_ended_file(path)).read())
                if run is not None:
                    held.enter_context(opened.pop_all())
                    runs.append(run)
        yield runs


def identify_stack(project: Project, stack: str) -> str:
    """Return a key that tells a stack from any other one: of its backend, project and name."""
    where = (
        os.environ.get("PULUMI_BACKEND_URL", ""),
        _read_login(),
        project.backend_url,
        str(project.folder),
        project.name,
        parse_stack_name(stack).short,
    )
    return hashlib.sha256(json.dumps(where).encode()).hexdigest()[:32]


def _find_folder() -> Path:
    configured = Path(os.environ.get("XDG_STATE_HOME", ""))
    state = configured if configured.is_absolute() else Path.home() / ".local" / "state"
    return state / "realtimekit" / "deployments"


def _read_login() -> str:
    with suppress(OSError, RuntimeError, ValueError):
        home = os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi"
        file = Path(os.environ.get("PULUMI_CREDENTIALS_PATH") or home) / "credentials.json"
        content = json.loads(file.read_text(encoding="utf-8"))
        return str(content.get("current")) if isinstance(content, dict) else ""
    return ""


def _read_boot_id() -> str:
    with suppress(OSError):
        return _BOOT_ID.read_text(encoding="ascii").strip()
    return ""


def _create_locked_file(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError:
        os.close(descriptor)
        path.unlink()
        raise
    return descriptor


def _open_ended_file(path: Path) -> TextIO:
    file = path.open("r+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise
    return file


def _delete_ended_files(stack_key: str) -> None:
    for path in _list_files(stack_key):
        with suppress(OSError), _open_ended_file(path):
            path.unlink()


def _list_files(stack_key: str) -> list[Path]:
    with suppress(OSError, RuntimeError):
        folder = _find_folder()
        status = folder.stat()
        if status.st_uid == os.geteuid() and not status.st_mode & _FOR_OTHERS:
            return sorted(folder.glob(f"{stack_key}.*.json"))
    return []


def _parse_run(text: str) -> CliRun | None:
    """Return the run of a file of this boot: no kernel knows the locks of another one."""
    with suppress(ValueError, TypeError, KeyError):
        content: dict[str, Any] = json.loads(text)
        if content.pop("boot_id") == _read_boot_id():
            return CliRun(**content)
    return None


def _describe_unusable_folder(error: Exception) -> str:
    reason = error.strerror if isinstance(error, OSError) else "there is no home folder"
    return (
        f"no file in XDG_STATE_HOME or ~/.local/state says that this deployment runs ({reason}): "
        "if it is killed, the next one does not remove its lock"
    )
