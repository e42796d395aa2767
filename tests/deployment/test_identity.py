"""Why a resource cannot have the mark that it has, or has none."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_provider.deployment.identity import compute_identity_urn, find_mark_failures
from realtimekit_provider.deployment.mark_registry import MarkRegistry
from realtimekit_provider.schema.unknown import UNKNOWN
from tests.example_values import FOREIGN_MARK, MARK, URN

NESTED = URN.replace("pulumi-python", "acme:rooms:Room$pulumi-python")
IDENTITY_URN = (
    "urn:pulumi:prod::realtimekit::pulumi-python:dynamic/realtimekit:StackIdentity::identity"
)


def find_failures(*resources: tuple[str, Any]) -> list[str]:
    """Return what is wrong with resources, each a URN and a mark, that are checked in order."""
    marks = MarkRegistry()
    return [
        failure.reason
        for urn, mark in resources
        for failure in find_mark_failures({"resource_urn": urn, "mark": mark}, marks)
    ]


@pytest.mark.parametrize("urn", [URN, NESTED])
def test_the_identity_is_one_of_the_stack(urn: str) -> None:
    """Whichever resource asks, also one below a component."""
    assert compute_identity_urn(urn) == IDENTITY_URN


def test_a_missing_mark_names_the_target_to_add() -> None:
    """So that the command can be repeated with it."""
    (reason,) = find_failures((URN, None))
    assert "leaves out the resource 'identity'" in reason
    assert f"add --target '{IDENTITY_URN}'" in reason


@pytest.mark.parametrize("mark", [MARK, UNKNOWN])
def test_a_mark_may_be_checked_again_and_be_unknown(mark: Any) -> None:
    """A replacement checks twice; a first preview does not know it."""
    assert find_failures((URN, mark), (URN, mark), (NESTED, FOREIGN_MARK)) == []


def test_two_resources_never_have_one_mark() -> None:
    """A resource that was renamed keeps its mark, and a new one has its old name."""
    renamed = URN.replace("standup", "daily")
    for first, second in ((renamed, URN), (URN, renamed)):
        (reason,) = find_failures((first, MARK), (second, MARK))
        assert f"has the same mark, {MARK}, as '{first.rsplit('::', 1)[-1]}'" in reason
        assert "Give the new one a name" in reason
