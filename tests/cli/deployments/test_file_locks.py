"""Whether a deployment runs, by the locks beside a state."""

from __future__ import annotations

from pathlib import Path

import pytest

from realtimekit_provider.cli.deployments.file_locks import StackLock, is_deployed_now
from realtimekit_provider.cli.deployments.locks import Lock
from realtimekit_provider.cli.pulumi_cli.backend import StackInfo

HELD = StackLock(Lock("file:///srv/a.json", "alice", "ci-7", 4711, ""), is_stale=False)
STALE = StackLock(HELD.lock, is_stale=True)
UNREADABLE = StackLock(HELD.lock, is_stale=False, unreadable=Path("/srv/a.json"))


@pytest.mark.parametrize(
    ("locks", "expected"),
    [
        (None, None),
        ([], False),
        ([STALE], False),
        ([HELD], True),
        ([UNREADABLE], None),
        ([UNREADABLE, STALE], None),
        ([UNREADABLE, HELD], True),
    ],
)
def test_a_lock_that_cannot_be_read_is_of_nobody_known(
    locks: list[StackLock] | None, expected: bool | None
) -> None:
    """Whoever waited for its deployment to end might wait forever."""
    info = StackInfo("prod", is_updating=False)
    assert is_deployed_now(info, "file:///srv", lambda: locks) is expected
