"""Whose a recording is, by what the API lists and what the states have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.cli.inventory.join import find_unlisted, join_recordings
from realtimekit_provider.cli.inventory.rows import Row
from realtimekit_provider.cli.inventory.stacks import KnownStack
from tests.cli.inventory.stacks import OWN_BUCKET, StackBuilder, make_storage
from tests.example_values import ACCOUNT, APP, MEETING, build_recording

NOW = datetime(2026, 3, 1, 13, tzinfo=timezone.utc)
ID = "rec-1"
PROD = StackBuilder("prod", "1d3a7c5e")
MARK = PROD.get_mark("standup")
FOREIGN = "rkfeedfeed00000000"


def start(mark: str | None = MARK, status: str = "RECORDING", **fields: Any) -> Recording:
    """Return a recording that was started an hour ago, with a mark in its file's name."""
    name = f"standup_{mark}_1_2.webm" if mark else "standup.webm"
    known = {"invoked_time": "2026-03-01T12:00:00Z", "output_file_name": name, **fields}
    return build_recording(known.pop("recording_id", ID), status, **known)


def stop(minutes: int) -> Recording:
    """Return a recording that a call or ``max_seconds`` has stopped after some minutes."""
    times = {
        "started_time": "2026-03-01T12:00:00Z",
        "stopped_time": f"2026-03-01T12:{minutes:02}:00Z",
    }
    return start(status="UPLOADED", stop_reason="API_CALL", storage_config={"type": "aws"}, **times)


def prod() -> StackBuilder:
    """Return a stack without recordings."""
    return StackBuilder("prod", PROD.identity)


def staging() -> StackBuilder:
    """Return another stack without recordings."""
    return StackBuilder("staging", "77777777")


def join(listed: Sequence[Recording], *stacks: KnownStack) -> list[Row]:
    """Return the rows of one app."""
    return join_recordings({(ACCOUNT, APP): listed}, stacks, NOW)


def make_leftover(stack: StackBuilder) -> StackBuilder:
    """Return the stack with its last recording waiting to be deleted."""
    stack.resources[-1]["delete"] = True
    return stack


Case = tuple[Sequence[Recording], Sequence[KnownStack], str, str]
CASES: dict[str, Case] = {
    "in a state": (
        [start()],
        [prod().add("standup", ID).build()],
        "managed",
        "A state has it",
    ),
    "in a state, its name without a mark": (
        [start(None)],
        [prod().add("standup", ID).build()],
        "managed",
        "A state has it",
    ),
    "started by a deployment that was killed": (
        [start()],
        [prod().interrupt("standup").build()],
        "orphan",
        "Run 'pulumi up --stack prod', which takes it over",
    ),
    "declared, and in no state": (
        [start()],
        [prod().build(declared=["standup"])],
        "orphan",
        "No state has it. Run 'pulumi up --stack prod', which takes it over",
    ),
    "declared no more": (
        [start()],
        [prod().build()],
        "orphan",
        "adopt_recording_id 'rec-1'",
    ),
    "declared no more, and of another name than its file": (
        [start(output_file_name=f"file_{MARK}_1_2.webm")],
        [prod().build()],
        "orphan",
        "adopt_recording_id 'rec-1'",
    ),
    "taken over from a former name": (
        [start()],
        [prod().add("review", ID, inputs={"adopt_recording_id": ID}).build()],
        "adopted",
        "Taken over: it was started for 'standup' of stack prod",
    ),
    "taken over from a former name that its file does not have": (
        [start(output_file_name=f"file_{MARK}_1_2.webm")],
        [prod().add("review", ID, inputs={"adopt_recording_id": ID}).build()],
        "adopted",
        "Taken over: it was started for another resource of this stack",
    ),
    "its resource has another one": (
        [start()],
        [prod().add("standup", "rec-2", "UPLOADED").build(declared=["standup"])],
        "orphan",
        "adopt_recording_id 'rec-1'",
    ),
    "started a moment ago": (
        [start(invoked_time="2026-03-01T12:58:00Z")],
        [prod().build(declared=["standup"])],
        "orphan",
        "may be being deployed at this moment",
    ),
    "left running": (
        [start()],
        [prod().build(on_delete="leave")],
        "left",
        "since its on_delete was 'leave'",
    ),
    "not left, since it is still declared": (
        [start()],
        [prod().build(on_delete="leave", declared=["standup"])],
        "orphan",
        "which takes it over",
    ),
    "uploading after a destroy": (
        [start(status="UPLOADING")],
        [prod().build()],
        "past",
        "It has ended, and no state has it any more",
    ),
    "replaced": (
        [start(status="UPLOADED", storage_config={"type": "aws"})],
        [
            prod()
            .add("standup", None, "NO_SESSION", outputs={"previous": {"id": ID, "status": "X"}})
            .build()
        ],
        "past",
        "was replaced by the present one of 'standup' of stack prod",
    ),
    "handed over to another stack": (
        [start()],
        [
            prod().build(declared=["standup"]),
            staging().add("daily", ID, inputs={"adopt_recording_id": ID}).build(),
        ],
        "adopted",
        "Taken over: it was started for 'standup' of stack prod",
    ),
    "handed over by a stack that is unknown": (
        [start(FOREIGN)],
        [prod().add("standup", ID).build()],
        "adopted",
        "it was started by a stack that is not known here",
    ),
    "taken over from the dashboard": (
        [start(None)],
        [prod().add("standup", ID, inputs={"adopt_recording_id": ID}).build()],
        "adopted",
        "its file name does not say who started it",
    ),
    "its own, named by adopt_recording_id": (
        [start()],
        [prod().add("standup", ID, inputs={"adopt_recording_id": ID}).build()],
        "managed",
        "A state has it",
    ),
    "moved to another stack with its mark": (
        [start()],
        [prod().build(), staging().add("standup", ID, inputs={"mark": MARK}).build()],
        "managed",
        "A state has it",
    ),
    "in two states": (
        [start()],
        [prod().add("standup", ID).build(), staging().add("daily", ID).build()],
        "doubled",
        "2 resources have it, 'standup' of stack prod and 'daily' of stack staging",
    ),
    "in two states, and over": (
        [start(status="UPLOADED", storage_config={"type": "aws"})],
        [
            prod().add("standup", ID, "UPLOADED", inputs={"layers": make_storage()}).build(),
            staging().add("daily", ID, "UPLOADED").build(),
        ],
        "managed",
        "It has ended. on_ended is 'keep': set it to 'restart', then 'pulumi up --refresh",
    ),
    "its replacement was interrupted": (
        [start()],
        [make_leftover(prod().add("standup", ID)).build()],
        "managed",
        "the next deployment stops it",
    ),
    "of another project": (
        [start(FOREIGN)],
        [prod().build()],
        "foreign",
        "Started by a stack that is not known here",
    ),
    "of a state that was lost": (
        [start(StackBuilder("prod", "feedfeed").get_mark("standup"))],
        [prod().build(declared=["standup"])],
        "foreign",
        "Started for 'standup' of stack prod by another state than the present one",
    ),
    "composite": (
        [start(None, kind="COMPOSITE")],
        [prod().build()],
        "unmanaged",
        "A composite recording",
    ),
    "without a name": (
        [start(None, output_file_name=None)],
        [prod().build()],
        "unmanaged",
        "Its file name has no mark",
    ),
    "not at the API": (
        [],
        [prod().add("standup", ID, "PAUSED").build()],
        "missing",
        "--stack prod', which takes it out of the state and starts another one, whatever on_ended",
    ),
    "not at the API, and known to be gone": (
        [],
        [prod().add("standup", ID, "GONE").build()],
        "managed",
        "a deployment has found that already",
    ),
    "not listed any more": (
        [],
        [prod().add("standup", ID, "UPLOADED").build()],
        "managed",
        "the API does not list it any more",
    ),
    "nobody was in the meeting": (
        [],
        [prod().add("standup", None, "NO_SESSION").build()],
        "unstarted",
        "Nobody was in the meeting at the last deployment",
    ),
    "declared as stopped": (
        [],
        [prod().add("standup", None, "NOT_STARTED").build()],
        "unstarted",
        "Its desired_state is STOPPED",
    ),
    "paused, and declared to record": (
        [start(status="PAUSED")],
        [prod().add("standup", ID).build(declared=["standup"])],
        "managed",
        "was paused outside of this stack, and is declared RECORDING: 'pulumi up --refresh --stack",
    ),
    "paused, and a refresh has written that down": (
        [start(status="PAUSED")],
        [
            prod()
            .add("standup", ID, "PAUSED", inputs={"desired_state": "PAUSED"})
            .build(declared=["standup"])
        ],
        "managed",
        "It is PAUSED, and declared RECORDING",
    ),
    "paused, as declared": (
        [start(status="PAUSED")],
        [prod().add("standup", ID, inputs={"desired_state": "PAUSED"}).build()],
        "managed",
        "Paused, as declared",
    ),
    "ended by itself, to be started again": (
        [start(status="UPLOADED", stop_reason="ALL_PEERS_LEFT")],
        [prod().add("standup", ID, inputs={"on_ended": "restart"}).build()],
        "managed",
        (
            "since everybody had left the meeting (ALL_PEERS_LEFT), and the state still has it as "
            "RECORDING. on_ended is 'restart': 'pulumi up --refresh --stack prod' starts another"
        ),
    ),
    "stopped outside, in the dashboard": (
        [stop(minutes=5)],
        [prod().add("standup", ID, inputs={"max_seconds": 600}).build(declared=["standup"])],
        "managed",
        (
            "It was stopped outside of this stack (API_CALL), and the state still has it as "
            "RECORDING. on_ended is 'keep': set it to 'restart', then 'pulumi up --refresh --stack"
        ),
    ),
    "stopped outside, and a failure of deployments": (
        [stop(minutes=5)],
        [prod().add("standup", ID, "PAUSED", inputs={"on_ended": "fail"}).build()],
        "managed",
        "as PAUSED. on_ended is 'fail', so deployments fail over it: set it to 'restart', then",
    ),
    "as long as it may be": (
        [stop(minutes=10)],
        [prod().add("standup", ID, inputs={"max_seconds": 600}).build()],
        "managed",
        "It has ended after its max_seconds, 600, and the state still has it as RECORDING. ",
    ),
    "stopped, as a deployment has seen": (
        [stop(minutes=5)],
        [prod().add("standup", ID, "UPLOADED").build()],
        "managed",
        "It has ended (API_CALL). on_ended is 'keep'",
    ),
    "stopped by a deployment that was interrupted": (
        [stop(minutes=5)],
        [prod().add("standup", ID).interrupt("standup", "replacing").build()],
        "managed",
        "It has ended (API_CALL), and the state still has it as RECORDING. on_ended",
    ),
    "stopped for a replacement that was interrupted": (
        [stop(minutes=5)],
        [make_leftover(prod().add("standup", ID)).build()],
        "managed",
        "Its replacement was interrupted",
    ),
    "paused by a deployment that was interrupted": (
        [start(status="PAUSED")],
        [prod().add("standup", ID).interrupt("standup", "updating").build()],
        "managed",
        "It is PAUSED, and declared RECORDING",
    ),
    "stopped, as is declared": (
        [stop(minutes=5)],
        [prod().add("standup", ID, inputs={"desired_state": "STOPPED"}).build()],
        "managed",
        "A state has it",
    ),
    "resumed outside": (
        [start()],
        [prod().add("standup", ID, "PAUSED", inputs={"desired_state": "PAUSED"}).build()],
        "managed",
        "was resumed outside of this stack, and is declared PAUSED: 'pulumi up --refresh --stack",
    ),
    "to be stopped by the next deployment": (
        [start()],
        [prod().add("standup", ID, inputs={"desired_state": "STOPPED"}).build()],
        "managed",
        "It is RECORDING, and declared STOPPED: 'pulumi up --refresh --stack prod' stops it",
    ),
    "taken over, and paused outside": (
        [start(FOREIGN, "PAUSED")],
        [prod().add("standup", ID).build()],
        "adopted",
        "--stack prod' resumes it. Taken over: it was started by a stack that is not known here",
    ),
    "lost, and in no state": (
        [start(status="ERRORED")],
        [prod().build()],
        "past",
        "no state has it any more. It ended with an error, and its files may be lost",
    ),
    "never deployed": (
        [],
        [prod().build(declared=["standup"])],
        "undeployed",
        "Run 'pulumi up --stack prod', and read why if it does not start",
    ),
    "in a stack that has nothing deployed": (
        [],
        [StackBuilder("fresh", "", is_deployed=False).build(declared=["standup"])],
        "undeployed",
        "The stack has nothing deployed: to record it, run 'pulumi up --stack fresh'",
    ),
    "in a file alone": (
        [],
        [replace(prod().build(declared=["standup"]), state=None, info=None)],
        "undeployed",
        "to record it, run 'pulumi stack init prod', then 'pulumi up --stack prod'",
    ),
    "never deployed, since its creation was interrupted": (
        [],
        [prod().interrupt("standup").build(declared=["standup"])],
        "undeployed",
        "Its start was interrupted",
    ),
    "interrupted, or of a deployment that runs": (
        [],
        [prod().interrupt("standup").build(declared=["standup"], is_deployed_now=None)],
        "undeployed",
        "or a deployment runs at this moment: see that none does, then run 'pulumi up",
    ),
    "lost": (
        [start(status="ERRORED")],
        [prod().add("standup", ID).build()],
        "managed",
        "its files may be lost: Cloudflare's support can tell why",
    ),
    "lost on the way to storage of one's own": (
        [start(status="ERRORED")],
        [prod().add("standup", ID, inputs={"layers": make_storage()}).build()],
        "managed",
        "its files may be lost: 'realtimekit doctor --write --stack prod' tries its storage.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_recording_has_a_class_and_a_reason(case: str) -> None:
    """The reason says what to do where somebody has to do something."""
    listed, stacks, recording_class, reason = CASES[case]
    row = join(listed, *stacks)[0]
    assert row.recording_class.value == recording_class
    assert reason in row.reason


@pytest.mark.parametrize(
    ("case", "is_notable", "has_new_ending"),
    [
        ("stopped outside, in the dashboard", True, True),
        ("as long as it may be", False, True),
        ("ended by itself, to be started again", False, True),
        ("stopped, as a deployment has seen", False, False),
        ("stopped by a deployment that was interrupted", False, True),
        ("stopped for a replacement that was interrupted", False, True),
        ("stopped, as is declared", False, True),
        ("taken over, and paused outside", True, False),
        ("lost, and in no state", True, False),
        ("lost", True, True),
        ("in a state", False, False),
    ],
)
def test_a_stop_outside_is_something_to_look_at(
    case: str, is_notable: bool, has_new_ending: bool
) -> None:
    """Meetings end by themselves; a stop that the state knows was accepted by a deployment."""
    listed, stacks, *_ = CASES[case]
    row = join(listed, *stacks)[0]
    assert (row.is_notable, row.has_new_ending) == (is_notable, has_new_ending)
    assert row.reason.count("files may be lost") == (row.status == "ERRORED")


def test_a_start_that_another_recording_is_in_the_way_of_says_so() -> None:
    """Another stack's has its meeting; one of its own is taken over, and has the only row."""
    declaring = prod().build(declared=["standup"])
    taken = join([start(FOREIGN, meeting_id=MEETING)], declaring)
    assert [row.recording_class.value for row in taken] == ["foreign", "undeployed"]
    assert taken[1].reason.startswith(f"Its meeting is recorded by {ID} already")
    renamed = prod().add('the "old" one', ID).build(declared=["standup"])
    former = join([start(FOREIGN, meeting_id=MEETING)], renamed)[1].reason
    assert f"recorded by {ID} already, which the state has as 'the \"old\" one'" in former
    assert '\'aliases: ["the \\"old\\" one"]\'. Otherwise a deployment refuses' in former
    (own,) = join([start(meeting_id=MEETING)], declaring)
    assert own.recording_class.value == "orphan"


OWNERS = {
    "in a state": (["prod/standup"], "prod/standup"),
    "handed over to another stack": (["staging/daily"], "prod/standup"),
    "handed over by a stack that is unknown": (["prod/standup"], None),
    "moved to another stack with its mark": (["staging/standup"], "staging/standup"),
    "in two states": (["prod/standup", "staging/daily"], "prod/standup"),
    "declared, and in no state": ([], "prod/standup"),
    "declared no more": ([], "prod/standup"),
    "declared no more, and of another name than its file": ([], "prod/?"),
    "taken over from a former name": (["prod/review"], "prod/standup"),
    "of another project": ([], None),
    "of a state that was lost": ([], "prod/standup"),
    "not at the API": (["prod/standup"], None),
}


@pytest.mark.parametrize("case", OWNERS)
def test_a_row_names_its_owner_and_its_starter(case: str) -> None:
    """The name is known where a state or a file has the resource whose mark it is."""
    owners, starter = OWNERS[case]
    listed, stacks, *_ = CASES[case]
    row = join(listed, *stacks)[0]
    assert [str(owner) for owner in row.owners] == owners
    assert (None if row.starter is None else str(row.starter)) == starter


@pytest.mark.parametrize(
    "fields",
    [
        ({"meeting_id": MEETING}, {"meeting_id": MEETING}),
        ({"session_id": "s"}, {"session_id": "s"}),
        ({"session_id": "s", "meeting_id": MEETING}, {"session_id": "s"}),
    ],
)
def test_two_live_recordings_of_a_meeting_are_doubled(fields: tuple[dict[str, Any], ...]) -> None:
    """Each names the other one, and says where no state has it."""
    one, two = start(**fields[0]), start(None, recording_id="rec-2", **fields[1])
    first, second = join([one, two], prod().add("standup", ID, inputs={"meeting_id": ""}).build())
    assert {first.recording_class.value, second.recording_class.value} == {"doubled"}
    assert "also by rec-2. Stop the one" in first.reason
    assert "also by rec-1. No state has this one. Stop the one" in second.reason


@pytest.mark.parametrize(
    "other",
    [{"status": "UPLOADING"}, {"kind": "COMPOSITE"}, {"meeting_id": "another", "session_id": "t"}],
)
def test_one_that_cannot_be_the_second_one_doubles_nothing(other: dict[str, Any]) -> None:
    """It has ended, is of the other kind, or of another meeting."""
    first = start(meeting_id=MEETING, session_id="s")
    second = start(**{"recording_id": "rec-2", "meeting_id": MEETING, **other})
    rows = join([first, second], prod().add("standup", ID).build())
    assert "doubled" not in {row.recording_class.value for row in rows}


EXPIRIES: dict[str, tuple[dict[str, Any], dict[str, Any] | None, int | None]] = {
    "in Cloudflare's bucket": ({}, None, 24),
    "the API says when": ({"download_url_expiry": "2026-03-01T15:00:00Z"}, None, 2),
    "in storage of one's own, as the API says": ({"storage_config": {"type": "aws"}}, None, None),
    "in storage of one's own, as the state says": ({}, make_storage(), None),
    "in both": ({"storage_config": {"type": "aws"}}, OWN_BUCKET, 24),
    "not uploaded yet": ({"status": "UPLOADING"}, None, None),
    "in three days": ({"stopped_time": "2026-02-25T13:00:00Z"}, None, None),
    "vanished": ({"stopped_time": "2026-02-20T13:00:00Z"}, None, None),
}


@pytest.mark.parametrize("case", EXPIRIES)
def test_files_in_cloudflares_bucket_expire(case: str) -> None:
    """Seven days after the end, or when the API says that they can no longer be fetched."""
    fields, layers, hours = EXPIRIES[case]
    listed = start(**{"status": "UPLOADED", "stopped_time": "2026-02-23T13:00:00Z", **fields})
    stacks = [prod().add("standup", ID, inputs={"layers": layers}).build()] if layers else []
    (row,) = join([listed], *stacks)
    assert row.expires_soon(NOW) is (hours is not None)
    if hours is not None:
        assert row.expires == NOW + timedelta(hours=hours)
        assert f"vanish in {hours} h" in row.reason
    assert ("no longer in Cloudflare's bucket" in row.reason) is (case == "vanished")


def test_storage_that_was_not_applied_leaves_files_in_cloudflares_bucket() -> None:
    """As the state says it: ``storage_applied`` is no."""
    listed = start(status="UPLOADED", stopped_time="2026-02-23T13:00:00Z")
    stack = prod().add(
        "standup", ID, inputs={"layers": make_storage()}, outputs={"storage_applied": "no"}
    )
    (row,) = join([listed], stack.build())
    assert row.expires_soon(NOW)


@pytest.mark.parametrize(
    ("listed", "stack"),
    [
        ([start()], prod()),
        ([], prod()),
        ([], prod().interrupt("standup")),
        ([], prod().add("standup", ID)),
        ([start(status="PAUSED")], prod().add("standup", ID)),
        ([start()], make_leftover(prod().add("standup", ID))),
        ([stop(minutes=5)], prod().add("standup", ID)),
    ],
)
def test_a_stack_that_is_being_deployed_is_given_time(
    listed: Sequence[Recording], stack: StackBuilder
) -> None:
    """Its state has not yet what the deployment does, and another one would find it locked."""
    (row,) = join(listed, stack.build(declared=["standup"], is_deployed_now=True))
    assert row.reason.endswith("A deployment of stack prod runs: look again when it has ended")


def test_only_unfinished_recordings_of_apps_that_were_read_are_looked_for() -> None:
    """A list that is not there says nothing, and one that has ended can do without an answer."""
    stack = prod().add("a", "rec-1").add("b", "rec-2", "UPLOADED").add("c", None, "NO_SESSION")
    stack.add("d", "rec-3", inputs={"app_id": "another"})
    found = find_unlisted({(ACCOUNT, APP): []}, [stack.build()])
    assert [held.stored.id for _, held in found] == ["rec-1"]
    assert "rec-3" not in {row.recording.id for row in join([], stack.build())}
