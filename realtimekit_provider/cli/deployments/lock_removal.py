"""Removing the lock of a process that has ended, and no other one."""

from __future__ import annotations

import socket

from realtimekit_provider.cli.deployments.locks import Lock, find_lock_file, parse_locks
from realtimekit_provider.cli.pulumi_cli.process import PulumiCli
from realtimekit_provider.cli.pulumi_cli.sessions import is_running
from realtimekit_provider.cli.stack_files.names import parse_stack_name

__all__ = ["is_gone", "read_locks", "remove_lock"]


def is_gone(lock: Lock) -> bool:
    """Whether a lock in a folder names this machine, and a process that is not there.

    The folder is on this machine, so its name is believed; a bucket belongs to many machines, of
    which two may have one name.
    """
    is_here = find_lock_file(lock) is not None and lock.host == socket.gethostname()
    return is_here and lock.process_id > 0 and not is_running(lock.process_id)


def read_locks(cli: PulumiCli, stack: str) -> tuple[Lock, ...]:
    """Return the locks of a stack.

    No command of the CLI lists them. One that needs the lock names them where it cannot have it:
    a stack cannot be renamed to its own name, so nothing happens where there is none.
    """
    name = parse_stack_name(stack).short
    return parse_locks(cli.run("stack", "rename", name, "--stack", stack).stderr)


def remove_lock(cli: PulumiCli, stack: str, lock: Lock) -> bool:
    """Remove the lock of a run that has ended; return whether it is gone.

    In a folder its file is deleted. Elsewhere ``pulumi cancel`` deletes *all* locks of the stack,
    so it is called only where this is the only one. While a lock is there nobody takes another,
    and who calls this holds the run's file, so nobody else of this machine removes it meanwhile.
    """
    file = find_lock_file(lock)
    if file is not None:
        file.unlink(missing_ok=True)
        return True
    if read_locks(cli, stack) != (lock,):
        return False
    return cli.run("cancel", "--yes", "--stack", stack).returncode == 0
