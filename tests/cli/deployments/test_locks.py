"""Locks are read from the error of the Pulumi CLI, word for word as it prints them."""

from __future__ import annotations

from pathlib import Path

import pytest

from realtimekit_provider.cli.deployments.locks import (
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


@pytest.mark.parametrize(
    ("host", "runs", "stale"),
    [("ci-7", False, True), ("ci-7", True, False), ("ci-8", False, False)],
)
def test_only_a_process_of_this_machine_is_known_to_be_dead(
    host: str, runs: bool, stale: bool
) -> None:
    """Of another machine's nobody here can know."""
    lock = Lock("s3://states/one.json", "alice", "ci-7", 4711, "2026-01-02T03:04:05Z")
    assert is_stale(lock, host, lambda _process_id: runs) is stale
