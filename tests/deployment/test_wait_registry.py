"""Who may wait for somebody to join a meeting."""

from __future__ import annotations

import pytest

from realtimekit_provider.deployment.meeting_registry import WaitRegistry


def _register(waits: WaitRegistry, number: int) -> None:
    for urn in range(number):
        waits.register_pending(str(urn))


@pytest.mark.parametrize(("max_operations", "waits_at_once"), [(1, 0), (2, 1), (4, 3), (16, 9)])
def test_one_operation_is_left_for_what_has_not_started(
    max_operations: int, waits_at_once: int
) -> None:
    """Somebody may be in its meeting; with one operation at a time nobody waits before it."""
    waits = WaitRegistry()
    _register(waits, 10)
    for urn in range(9):
        waits.register_started(str(urn))
    allowed = [waits.may_wait(str(urn), max_operations) for urn in range(9)]
    assert allowed == [True] * waits_at_once + [False] * (9 - waits_at_once)


def test_all_may_wait_once_all_have_started() -> None:
    """The last one of a deployment holds up nobody, with one operation at a time too."""
    waits = WaitRegistry()
    _register(waits, 3)
    for urn in range(3):
        waits.register_started(str(urn))
    assert all(waits.may_wait(str(urn), 1) for urn in range(3))


def test_a_waiting_operation_gives_way_to_what_is_declared_later() -> None:
    """A program may declare a recording when others wait already; the newest waits end."""
    waits = WaitRegistry()
    _register(waits, 2)
    for urn in range(2):
        waits.register_started(str(urn))
    assert waits.may_wait("0", 2)
    assert waits.may_wait("1", 2)
    waits.register_pending("2")
    assert waits.may_wait("0", 2)
    assert not waits.may_wait("1", 2)


def test_a_wait_that_has_ended_lets_another_one_wait() -> None:
    """Another one may wait then."""
    waits = WaitRegistry()
    _register(waits, 3)
    assert waits.may_wait("0", 2)
    assert not waits.may_wait("1", 2)
    waits.end_wait("0")
    waits.end_wait("1")
    assert waits.may_wait("1", 2)
