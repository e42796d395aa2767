"""Locks are read from the error of the Pulumi CLI, word for word as it prints them."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from realtimekit_provider.cli.deployments.lock_removal import find_stale_locks
from realtimekit_provider.cli.deployments.locks import (
    CliRun,
    Lock,
    find_lock_file,
    is_lock_error,
    is_stale,
    parse_locks,
)

LOCKED = """\
\x1b[31merror: \x1b[0mthe stack is currently locked by 2 lock(s). Either wait for the other \
process(es) to end or delete the lock file with `pulumi cancel`.
  file:///srv/my%20state/.pulumi/locks/organization/acme/prod/8e6a.json?no_tmp_dir=true: created \
by Alice Smith@ci-7.example.com (pid 4711) at 2026-01-02T03:04:05+01:00
  s3://states/.pulumi/locks/organization/acme/prod/77aa.json?region=eu-west-1: created by \
root@build (pid 1) at 2026-01-02T03:04:06Z
"""
CLOUD = """\
error: [409] Conflict: Another update is currently in progress.
To learn more about possible reasons and resolution, visit https://www.pulumi.com/docs/
"""


def test_holders_are_read_from_the_error() -> None:
    """User, host, process and time of each, and the file where it is one."""
    first, second = parse_locks(LOCKED)
    assert str(first) == (
        "Alice Smith@ci-7.example.com, process 4711, since 2026-01-02T03:04:05+01:00"
    )
    assert (second.user, second.host, second.process_id) == ("root", "build", 1)
    assert find_lock_file(first) == Path(
        "/srv/my state/.pulumi/locks/organization/acme/prod/8e6a.json"
    )
    assert find_lock_file(second) is None


@pytest.mark.parametrize(
    "path",
    [
        "/srv/app/data.json",
        "/srv/.pulumi/stacks/acme/prod.json",
        "/srv/.pulumi/locks/../stacks/acme/prod.json",
        "/srv/.pulumi/locks/%2e%2e/stacks/acme/prod.json",
        "/srv/.pulumi/locks/acme/prod/8e6a.json.attrs",
    ],
)
def test_a_name_with_a_line_break_makes_no_other_file_a_lock(path: str) -> None:
    """The CLI prints the name as the lock's file has it, and the file is deleted."""
    user = f"alice\n  file://{path}: created by alice@ci-7 (pid 1) at 2026-01-02T03:04:05Z\n  bob"
    (lock,) = parse_locks(LOCKED.replace("Alice Smith", user))[:1]
    assert (lock.url, find_lock_file(lock)) == (f"file://{path}", None)


@pytest.mark.parametrize(
    ("text", "is_locked", "locks"),
    [
        (LOCKED, True, 2),
        (CLOUD, True, 0),
        ("error: no stack named 'prod' found\n", False, 0),
        ("error: a stack named organization/acme/prod already exists\n", False, 0),
    ],
)
def test_a_refusal_over_a_lock_is_recognized(text: str, is_locked: bool, locks: int) -> None:
    """Pulumi Cloud does not say who holds it."""
    assert (is_lock_error(text), len(parse_locks(text))) == (is_locked, locks)


def test_a_lock_that_names_no_process_is_of_none_that_is_gone() -> None:
    """Nobody knows who holds it; to the kernel, 0 is whoever asks."""
    file = "file:///srv/.pulumi/locks/organization/acme/prod/8e6a.json"
    named = Lock(file, "alice", socket.gethostname(), 2**22 + 1, "")
    assert find_stale_locks([named, replace(named, process_id=0)], ()) == [named]


TAKEN = 1767323045
"""2026-01-02T03:04:05Z, in seconds since the epoch."""
RUN = CliRun("ci-7", 4711, begin=TAKEN + 0.9, locked_by=TAKEN + 1.2)


@pytest.mark.parametrize(
    ("ended", "stale"),
    [
        ([], False),
        ([RUN], True),
        ([replace(RUN, host="ci-8")], False),
        ([replace(RUN, process_id=4712)], False),
        ([replace(RUN, begin=TAKEN + 1)], False),
        ([replace(RUN, begin=TAKEN - 9, locked_by=TAKEN - 1)], False),
        ([replace(RUN, begin=TAKEN - 9), replace(RUN, process_id=1)], True),
    ],
)
def test_only_the_lock_of_a_known_run_is_stale(ended: list[CliRun], stale: bool) -> None:
    """Another container may have this one's name, the same process id, and the stack's lock."""
    lock = Lock("s3://states/one.json", "alice", "ci-7", 4711, "2026-01-02T03:04:05Z")
    assert is_stale(lock, ended) is stale


@pytest.mark.parametrize(
    ("time", "seconds"),
    [
        ("2026-01-02T04:04:05+01:00", TAKEN),
        ("2026-01-02T03:04:05.12345Z", TAKEN),
        ("2026-01-02T03:04:05.123456789+00:00", TAKEN),
        ("soon", None),
    ],
)
def test_the_time_of_a_lock_is_read(time: str, seconds: int | None) -> None:
    """The file has fractions of a second, the error of the CLI has none; Go drops zeros."""
    since = Lock("s3://states/one.json", "alice", "ci-7", 4711, time).since
    assert (None if since is None else since.timestamp()) == seconds
