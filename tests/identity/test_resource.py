"""The identity as a program declares it, against a mocked engine."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from realtimekit_provider import TrackRecording
from realtimekit_provider.deployment.mark import compute_mark
from realtimekit_provider.identity.resource import declare_identity, mark_for_urn
from realtimekit_provider.storage import AwsRecordingBucket
from tests.example_values import MEETING, URN
from tests.programs import IDENTITY, Program


def _declare_all() -> None:
    AwsRecordingBucket("archive", bucket="acme-recordings", region="eu-west-1")
    for name in ("standup", "retro"):
        TrackRecording(name, meeting_id=MEETING, layers={"default": {}})


def test_a_run_declares_one_identity() -> None:
    """With the first resource that has a mark, whatever kind it is."""
    program = Program()
    program.run(_declare_all)
    assert [one["declares"] for one in program.identities] == [True]


def test_another_run_declares_another_identity() -> None:
    """Also where several programs run in one process."""
    program = Program()
    for _ in range(2):
        program.run(_declare_all)
    assert len(program.identities) == 2


def test_the_first_call_says_whether_anything_is_declared() -> None:
    """The program that reads a config calls it before it declares a resource."""
    program = Program()

    def declare() -> None:
        declare_identity(declares=False)
        declare_identity()

    program.run(declare)
    assert [one["declares"] for one in program.identities] == [False]


def test_every_mark_is_made_of_the_identity() -> None:
    """The second half is the resource's own."""
    program = Program()
    program.run(_declare_all)
    marks = {name: sent["mark"] for name, sent in program.registered.items() if "mark" in sent}
    assert marks.keys() == {"archive-location", "archive-writer", "standup", "retro"}
    assert {mark[:10] for mark in marks.values()} == {f"rk{IDENTITY}"}
    assert len(set(marks.values())) == 4


def test_a_mark_depends_on_no_resource() -> None:
    """It would be replaced with the identity, and the identity could not be destroyed alone."""

    def read() -> Any:
        return pulumi.Output.from_input(_read_resources(mark_for_urn(URN)))

    assert Program().run(read) == 0


async def _read_resources(mark: pulumi.Output[str | None]) -> int:
    return len(await mark.resources())


@pytest.mark.parametrize("value", [None, IDENTITY])
def test_without_an_identity_there_is_no_mark(
    value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deployment of other targets does not create it: the check says so."""
    program = Program()
    identity = {"value": value}
    monkeypatch.setattr(Program, "new_resource", lambda *_: ("id", identity))
    assert program.run(lambda: mark_for_urn(URN)) == (value and compute_mark(value, URN))
