"""Which locks are of processes that have ended, and how they are removed: no other one is."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Sequence

from realtimekit_provider.cli.deployments.locks import (
    CliRun,
    Lock,
    find_lock_file,
    is_stale,
    parse_locks,
)
from realtimekit_provider.cli.pulumi_cli.process import PulumiCli
from realtimekit_provider.cli.pulumi_cli.sessions import is_running
from realtimekit_provider.cli.stack_files.names import parse_stack_name

__all__ = ["find_stale_locks", "read_locks", "remove_locks"]


def find_stale_locks(locks: Iterable[Lock], ended: Iterable[CliRun]) -> list[Lock]:
    """Return the locks whose process is known to have ended.

    Args:
        locks: The locks of a stack.
        ended: The runs of this machine for the same stack of which no process is left.
    """
    known = tuple(ended)
    return [one for one in locks if is_stale(one, known) or _is_gone(one)]


def read_locks(cli: PulumiCli, stack: str) -> tuple[Lock, ...]:
    """Return the locks of a stack.

    No command of the CLI lists them. One that needs the lock names them where it cannot have it:
    a stack cannot be renamed to its own name, so nothing happens where there is none.
    """
    name = parse_stack_name(stack).short
    return parse_locks(cli.run("stack", "rename", name, "--stack", stack).stderr)


def remove_locks(cli: PulumiCli, stack: str, locks: Sequence[Lock]) -> bool:
    """Remove the locks of runs that have ended; return whether they are gone.

    In a folder their files are deleted. Elsewhere ``pulumi cancel`` deletes *all* locks of the
    stack, so it is called only where there are no others. While a lock is there nobody takes
    another, and who calls this holds the runs' files, so nobody else of this machine removes them
    meanwhile.
    """
    files = [find_lock_file(one) for one in locks]
    if None not in files:
        for file in filter(None, files):
            file.unlink(missing_ok=True)
        return True
    if {*read_locks(cli, stack)} != {*locks}:
        return False
    return cli.run("cancel", "--yes", "--stack", stack).returncode == 0


def _is_gone(lock: Lock) -> bool:
    """Whether a lock in a folder names this machine, and a process that is not there.

    The folder is on this machine, so its name is believed; a bucket belongs to many machines, of
    which two may have one name.
    """
    is_here = find_lock_file(lock) is not None and lock.host == socket.gethostname()
    return is_here and lock.process_id > 0 and not is_running(lock.process_id)
