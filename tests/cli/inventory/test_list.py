"""``realtimekit list`` with an emulated API, and states that an engine has written."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from realtimekit_emulator import EmulatorServer
from realtimekit_provider.cli.exit_codes import ExitCode
from tests.cli.command_line import Ended, run_command
from tests.cli.inventory.api_recordings import DAY, ApiRecordings
from tests.cli.inventory.classified_recordings import FOREIGN, ClassifiedRecordings
from tests.cli.inventory.stacks import FakePulumi, StackBuilder
from tests.cli.pulumi_cloud import describe_stacks
from tests.example_values import CANARY


@dataclass
class Listing:
    """The command, and everything that it sees.

    Attributes:
        folder: The project.
        emulator: The API.
        api: Its recordings.
        stacks: The stacks of the backend, by name.
        pulumi: The CLI.
    """

    folder: Path
    emulator: EmulatorServer
    api: ApiRecordings
    stacks: dict[str, StackBuilder]
    pulumi: FakePulumi
    capsys: pytest.CaptureFixture[str]

    def run(self, *options: str) -> Ended:
        """Run ``realtimekit list``."""
        return run_command(self.capsys, "list", "--cwd", self.folder, *options)

    def list_rows(self, *options: str) -> list[dict[str, Any]]:
        """Return the rows of the JSON document."""
        rows: list[dict[str, Any]] = self.run("--json", *options).document["recordings"]
        return rows

    def declare(self, stack: str, **meetings: str) -> None:
        """Write a stack's file, which declares a recording of each meeting."""
        declared = [f"    {name}: {{meeting_id: {one}}}" for name, one in meetings.items()]
        lines = ["config:", "  realtimekit:recordings:", *declared, ""]
        path = self.folder / "stacks" / f"Pulumi.{stack}.yaml"
        path.write_text("\n".join(lines), encoding="utf-8")

    def create_meeting(self) -> str:
        """Return the id of a meeting that somebody is in."""
        return self.emulator.control.create_meeting(participants=1).id

    def hold(
        self, stack: str, name: str, status: str = "RECORDING", meeting_id: str | None = None
    ) -> str:
        """Start a recording that a stack's state has; return its id."""
        builder, meeting_id = self.stacks[stack], meeting_id or self.create_meeting()
        recording_id = self.api.start(builder.get_mark(name), status, meeting_id=meeting_id)
        builder.add(name, recording_id, status, inputs={"meeting_id": meeting_id})
        return recording_id


@pytest.fixture
def listing(  # noqa: PLR0917  # what a listing sees
    folder: Path,
    emulator: EmulatorServer,
    api: ApiRecordings,
    stacks: dict[str, StackBuilder],
    pulumi: FakePulumi,
    capsys: pytest.CaptureFixture[str],
) -> Listing:
    """The command over three stacks without recordings."""
    return Listing(folder, emulator, api, stacks, pulumi, capsys)


def test_five_hundred_recordings_have_their_classes(listing: Listing) -> None:
    """Exactly, at the price of the list's pages and three calls, and two processes a stack."""
    recordings = ClassifiedRecordings(listing.api, listing.stacks)
    recordings.add_all(listing.emulator)
    before = listing.emulator.control.requests()[-1].number
    ended = listing.run("--json", "--expect-clean")
    document, found = ended.document, defaultdict(set)
    for row in document["recordings"]:
        found[row["class"]].add(row["id"])
    assert found == recordings.expected
    assert {
        row["id"] for row in document["recordings"] if row["is_expiring"]
    } == recordings.expiring
    assert document["counts"] == {
        **{name: len(ids) for name, ids in recordings.expected.items()},
        "unstarted": 3,
        "expiring": 10,
    }
    assert sum(app["recordings"] for app in document["apps"]) == 500
    assert ended.code == ExitCode.CHANGES
    calls = [one.route for one in listing.emulator.control.requests(after=before)]
    assert len(calls) <= 5 + 3, calls
    assert len(listing.pulumi.calls) <= 2 * len(listing.stacks), listing.pulumi.calls


def test_rows_are_filtered_by_stack_status_class_and_meeting(listing: Listing) -> None:
    """What they hide is nothing that ``--expect-clean`` fails for."""
    meeting_id = listing.create_meeting()
    prod = listing.hold("prod", "a", "PAUSED", meeting_id=meeting_id)
    staging = listing.hold("staging", "b")
    orphan = listing.api.start(listing.stacks["prod"].get_mark("c"))
    foreign = listing.api.start(FOREIGN.format(1))
    for options, expected in (
        ((), {prod, staging, orphan, foreign}),
        (("--stack", "prod"), {prod, orphan}),
        (("--status", "paused"), {prod}),
        (("--class", "orphan", "--class", "foreign"), {orphan, foreign}),
        (("--meeting", meeting_id), {prod}),
        (("--meeting", "no-such-meeting"), set()),
    ):
        assert {row["id"] for row in listing.list_rows(*options)} == expected, options
    assert listing.run("--class", "managed", "--expect-clean").code == ExitCode.OK
    assert listing.run("--stack", "staging", "--expect-clean").code == ExitCode.OK
    assert listing.run("--stack", "prod", "--expect-clean").code == ExitCode.CHANGES


def test_a_stack_is_listed_with_what_other_stacks_have(listing: Listing) -> None:
    """One that was handed over is no orphan of it, and no app of other stacks alone is asked."""
    handed_over = listing.api.start(listing.stacks["prod"].get_mark("a"))
    shared = listing.hold("prod", "b")
    listing.hold("staging", "c")
    listing.stacks["staging"].add("x", handed_over).add("y", shared)
    listing.stacks["dev"].app_id = "no-such-app"
    listing.stacks["dev"].add("z", "rec-1")
    ended = listing.run("--stack", "prod", "--json")
    rows = {row["id"]: row["class"] for row in ended.document["recordings"]}
    assert rows == {shared: "doubled", handed_over: "adopted"}
    assert ended.code == ExitCode.OK


def test_a_meeting_that_was_empty_has_its_row(listing: Listing) -> None:
    """A state has it, although nothing was started; other filters hide it without a note."""
    room = listing.create_meeting()
    listing.stacks["prod"].add("a", None, "NO_SESSION", inputs={"meeting_id": room})
    listing.hold("prod", "b")
    (row,) = listing.list_rows("--meeting", room)
    assert (row["class"], row["meeting_id"], row["id"]) == ("unstarted", room, None)
    ended = listing.run("--meeting", room, "--status", "PAUSED")
    assert ended.output.startswith("0 of 1 recordings\nStacks of project acme")


def test_a_meeting_without_a_row_is_described(listing: Listing) -> None:
    """By what is declared, by an id that is nearly the same, or by how many others there are."""
    room, declared = listing.create_meeting(), listing.create_meeting()
    listing.hold("prod", "a", meeting_id=room)
    listing.declare("prod", a=declared)
    for meeting_id, expected in (
        (f"{room[:-1]}x", f"Is it {room}, the meeting of 'a' of stack prod?"),
        (declared, "The file of stack prod declares one, 'a': run 'pulumi up --stack prod'"),
        ("elsewhere", "The stacks here declare 2 other meetings, none of them with a similar id"),
    ):
        ended = listing.run("--meeting", meeting_id, "--json")
        assert ended.document["recordings"] == []
        assert ended.document["note"] == (
            f"Neither the API nor a state has a recording of meeting {meeting_id}. {expected}"
        )
    assert "Neither the API nor a state has" in listing.run("--meeting", "elsewhere").output


def test_everything_declared_and_not_deployed_has_a_row(listing: Listing) -> None:
    """Of a stack that was destroyed, and of one that has only a file, whose app is not asked."""
    rooms = [listing.create_meeting() for _ in range(3)]
    listing.hold("prod", "a")
    listing.stacks["dev"].is_deployed = False
    listing.declare("dev", b=rooms[0])
    listing.declare("new", c=rooms[1])
    listing.declare("staging", d=rooms[2])
    listing.pulumi.broken = ["staging"]
    rows = listing.list_rows("--class", "undeployed")
    found = {(one["started_for"]["stack"], one["meeting_id"]) for one in rows}
    assert found == {("dev", rooms[0]), ("new", rooms[1])}
    assert len(listing.list_rows("--stack", "dev")) == 1
    assert len(listing.list_rows("--meeting", rooms[1])) == 1


def test_a_meeting_is_not_called_unknown_where_something_was_not_read(listing: Listing) -> None:
    """Neither where a state cannot be read, nor where --stack leaves its app out."""
    room = listing.hold("prod", "a")
    listing.stacks["staging"].app_id = "another-app"
    listing.stacks["staging"].add("b", "rec-1", inputs={"meeting_id": "far-away"})
    note = listing.run("--stack", "prod", "--meeting", "far-away", "--json").document["note"]
    assert note == (
        "Meeting far-away is that of 'b' of stack staging, whose app was not asked: "
        "list without --stack"
    )
    listing.pulumi.broken = ["staging"]
    assert listing.run("--meeting", room, "--json").document["note"] == ""


def test_lost_files_are_something_to_look_at(listing: Listing) -> None:
    """They come first among what is not wrong, and fail nothing: no deployment brings them back."""
    listing.hold("prod", "a")
    lost = listing.hold("prod", "b", "ERRORED")
    listing.stacks["dev"].add("c", "gone", "GONE")
    listing.api.start(FOREIGN.format(1), "ERRORED")
    ended = listing.run("--expect-clean")
    assert ended.code == ExitCode.OK
    assert "4 recordings, 3 of them to look at" in ended.output
    assert "    2 lost       among them: in a state, and ended ERRORED" in ended.output
    assert "It ended with an error, and its files may be lost" in ended.output
    rows = listing.list_rows()
    assert [row["is_lost"] for row in rows] == [True, True, False, False]
    assert {row["id"] for row in listing.list_rows("--class", "lost")} == {lost, "gone"}


def test_apps_of_stacks_that_were_never_deployed_are_not_asked(listing: Listing) -> None:
    """An example's made-up account would be refused; named with --stack it is asked."""
    listing.hold("prod", "a")
    (listing.folder / "stacks" / "Pulumi.example.yaml").write_text(
        "config:\n  realtimekit:recordings:\n    lobby: {app_id: made-up, meeting_id: m}\n"
    )
    ended = listing.run()
    assert ended.code == ExitCode.OK
    assert "undeployed" in ended.output
    assert "never deployed: example" in ended.output
    assert "made-up" not in ended.output + ended.messages
    assert "made-up" in listing.run("--stack", "example").messages


def test_rows_are_whole_in_a_file(listing: Listing, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a name is, so that a search for a meeting finds it; COLUMNS still counts."""
    monkeypatch.delenv("COLUMNS", raising=False)
    room, name = listing.create_meeting(), "a" * 60
    one = listing.hold("prod", name, "PAUSED", meeting_id=room)
    lines = listing.run().output.splitlines()
    assert lines[1].split()[3:] == [one, f"prod/{name}", room]
    assert lines[2].startswith("    It is PAUSED, and declared RECORDING: ")
    monkeypatch.setenv("COLUMNS", "80")
    assert max(map(len, listing.run().output.splitlines())) <= 80


def test_a_backend_without_stacks_is_named(
    listing: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the API has is listed all the same; without an app there is nothing to ask."""
    room = listing.create_meeting()
    lost = listing.api.start(listing.stacks["prod"].get_mark("a"), meeting_id=room)
    listing.declare("prod", a=room)
    listing.pulumi.stacks = []
    warning = "the backend has no stack of the project (only files: dev, prod, staging)"
    for options in ((), ("--meeting", room)):
        ended = listing.run(*options)
        assert ended.code == ExitCode.OK
        assert f"warning: {warning}" in ended.messages
        assert lost in ended.output
        assert "Started for 'a' of stack prod by another state" in " ".join(ended.output.split())
    assert listing.run("--expect-clean").code == ExitCode.CHANGES
    monkeypatch.delenv("REALTIMEKIT_APP_ID")
    refused = listing.run()
    assert refused.code == ExitCode.CONFIGURATION
    assert f"there is no app to ask: {warning}" in refused.messages


def test_rows_are_filtered_by_age(listing: Listing) -> None:
    """What is older is not read, but for what is live: it may be the second one of its meeting."""
    listing.emulator.control.set(second_start="accept")
    meeting_id = listing.create_meeting()
    old = listing.hold("prod", "a", meeting_id=meeting_id)
    for _ in range(120):
        listing.api.start(None, "UPLOADED")
    listing.emulator.control.advance(0.5 * DAY)
    new = listing.api.start(None, meeting_id=meeting_id)
    before = listing.emulator.control.requests()[-1].number
    (row,) = listing.list_rows("--newer-than", "2h")
    calls = listing.emulator.control.requests(after=before)
    assert (row["id"], row["class"]) == (new, "doubled")
    assert [sorted({"status", "start_time"} & dict(one.query).keys()) for one in calls] == [
        ["status"],
        ["start_time"],
    ]
    rows = listing.list_rows("--older-than", "2h", "--status", "RECORDING")
    assert [one["id"] for one in rows] == [old]
    wrong = listing.run("--older-than", "yesterday")
    assert (wrong.code, "90s, 15m, 12h or 7d" in wrong.messages) == (ExitCode.CONFIGURATION, True)


def test_a_late_list_makes_nothing_missing(listing: Listing) -> None:
    """What a state has and the list does not is asked for, all of it where the list is late."""
    held = {listing.hold("prod", name) for name in "abcde"}
    listing.emulator.control.add_fault("lag", route="list_recordings", seconds=3600)
    rows = listing.list_rows()
    assert {(row["id"], row["class"]) for row in rows} == {(one, "managed") for one in held}


def test_many_missing_recordings_cost_two_calls(listing: Listing) -> None:
    """Where the API does not know the first two, its list is believed."""
    for number in range(9):
        listing.stacks["prod"].add(f"room-{number}", f"gone-{number}")
    assert {row["class"] for row in listing.list_rows()} == {"missing"}
    assert listing.emulator.control.counts().routes == {"list_recordings": 1, "get_recording": 2}


def test_a_row_says_whether_somebody_is_in_its_meeting(listing: Listing) -> None:
    """By one call for all meetings of an app; a recording tells that there is such a meeting."""
    control = listing.emulator.control
    empty, live = control.create_meeting().id, listing.create_meeting()
    left = listing.create_meeting()
    listing.api.start(None, "UPLOADED", meeting_id=left)
    control.end_session(left)
    listing.declare("dev", a=empty, b="no-such-meeting", c=live, d=left)
    before = control.requests()[-1].number
    rows = listing.list_rows("--stack", "dev")
    reasons = {one["started_for"]["name"]: one["reason"].partition(": ")[0] for one in rows}
    assert reasons == {
        **dict.fromkeys("ab", "Nobody is in its meeting, or the app has no such meeting"),
        "c": "Somebody is in its meeting",
        "d": "Nobody is in its meeting",
    }
    assert len(control.requests(after=before)) == 2
    control.add_fault("status", status=403, route="list_sessions")
    (row, *_) = listing.list_rows("--stack", "dev")
    assert "'realtimekit doctor --stack dev' looks whether somebody is in" in row["reason"]


def test_a_deployment_that_runs_is_no_interrupted_one(listing: Listing) -> None:
    """By the lock beside the states, where they are in a folder; otherwise it may be either."""
    listing.declare("dev", a=listing.create_meeting())
    listing.stacks["dev"].interrupt("a")
    (unknown,) = listing.list_rows("--stack", "dev")
    assert "was interrupted, or a deployment runs at this moment" in unknown["reason"]
    listing.pulumi.url = listing.folder.as_uri()
    (interrupted,) = listing.list_rows("--stack", "dev")
    assert interrupted["reason"].startswith("Its start was interrupted: run 'pulumi up")
    locks = listing.folder / ".pulumi" / "locks" / "organization" / "acme" / "dev"
    locks.mkdir(parents=True)
    (locks / "1.json").write_text('{"pid": 1, "username": "ada", "hostname": "runner-7"}')
    (deployed,) = listing.list_rows("--stack", "dev")
    assert deployed["reason"] == "A deployment of stack dev runs: look again when it has ended"


def test_a_token_is_decrypted_where_the_environment_has_none(
    listing: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By one process for all stacks of an app, which is said; otherwise, what would do is said."""
    file = listing.folder / "stacks" / "Pulumi.staging.yaml"
    file.write_text(file.read_text() + "  cloudflare:apiToken:\n    secure: v1:AAAA:BBBB\n")
    monkeypatch.delenv("CLOUDFLARE_API_TOKEN")
    listing.hold("staging", "a")
    refused = listing.run()
    assert refused.code == ExitCode.CONFIGURATION
    assert "passphrase must be set" in refused.messages
    assert "or set CLOUDFLARE_API_TOKEN" in refused.messages
    listing.pulumi.token = listing.emulator.token
    listing.pulumi.calls.clear()
    ended = listing.run()
    assert ended.code == ExitCode.OK
    assert "decrypting cloudflare:apiToken of stack staging" in ended.messages
    assert listing.emulator.token not in ended.output + ended.messages
    assert len(listing.pulumi.calls) == 2 + 3 + 1


def test_an_encrypted_token_wins_over_the_environment(listing: Listing) -> None:
    """As in a deployment; where it cannot be decrypted, the other one is used, which is said."""
    file = listing.folder / "stacks" / "Pulumi.staging.yaml"
    file.write_text(file.read_text() + "  cloudflare:apiToken:\n    secure: v1:AAAA:BBBB\n")
    listing.hold("staging", "a")
    undecrypted = listing.run("--stack", "staging")
    assert undecrypted.code == ExitCode.OK
    assert "passphrase must be set. CLOUDFLARE_API_TOKEN is used" in undecrypted.messages
    listing.pulumi.token = f"{CANARY}-revoked"
    assert listing.run("--stack", "staging").code == ExitCode.AUTHENTICATION
    assert listing.run("--stack", "prod").code == ExitCode.OK


def test_a_state_that_cannot_be_read_is_an_error(listing: Listing) -> None:
    """The other stacks are shown, and what is wrong among them changes nothing about it."""
    listing.hold("prod", "a")
    listing.stacks["prod"].add("b", "gone")
    listing.pulumi.broken = ["staging"]
    ended = listing.run("--json", "--expect-clean")
    assert ended.code == ExitCode.ERROR
    assert ended.document["counts"] == {"managed": 1, "missing": 1}
    assert "the state of stack staging cannot be read" in ended.messages


def test_a_damaged_state_hides_no_other_one(listing: Listing) -> None:
    """The CLI lists no stack because of it, so those that have a file are read by themselves."""
    listing.hold("prod", "a")
    listing.pulumi.broken = ["staging"]
    listing.pulumi.lists_stacks = False
    ended = listing.run("--json")
    assert ended.code == ExitCode.ERROR
    assert ended.document["counts"] == {"managed": 1}
    assert [text.partition(":")[0] for text in ended.document["warnings"]] == [
        "the backend's stacks cannot be listed, so those with a file are tried",
        "the state of stack staging cannot be read",
    ]


def test_an_app_that_cannot_be_read_is_an_error(listing: Listing) -> None:
    """The other apps are shown; of its recordings none counts as missing."""
    listing.hold("prod", "a")
    listing.stacks["staging"].app_id = "no-such-app"
    listing.stacks["staging"].add("b", "rec-1")
    ended = listing.run("--json")
    assert ended.code == ExitCode.ERROR
    assert ended.document["counts"] == {"managed": 1, "unknown": 1}
    assert "the recordings of app no-such-app are not shown" in ended.messages
    assert "): set realtimekit:appId to the id that the dashboard shows" in ended.messages


def test_a_rejected_token_has_an_exit_code_of_its_own(listing: Listing) -> None:
    """It is no reason to say that recordings are missing: what the states have is not known."""
    listing.hold("prod", "a")
    listing.emulator.control.set_token(listing.emulator.token, "revoked")
    ended = listing.run("--expect-clean", "--json")
    assert ended.code == ExitCode.AUTHENTICATION
    assert ended.document["counts"] == {"unknown": 1}
    assert "are not shown" in ended.document["warnings"][0]


def test_the_backend_the_stacks_and_the_apps_are_named(listing: Listing) -> None:
    """The backend without its password, the stacks, the apps, and that there may be others."""
    listing.hold("prod", "a")
    (listing.folder / "stacks" / "Pulumi.new.yaml").write_text("config: [", encoding="utf-8")
    ended = listing.run()
    output = " ".join(ended.output.split())
    assert "Backend: postgres://adam:[secret]@db/states, as adam" in output
    assert "Stacks of project acme: dev, prod, staging; never deployed: new." in output
    assert listing.emulator.app_id in output
    assert "Other projects and backends" not in output
    listing.api.start(FOREIGN.format(1))
    output = " ".join(listing.run().output.split())
    assert "Other projects and backends are not known here" in output
    assert "Pulumi.new.yaml:2: is not valid YAML" in ended.messages
    assert CANARY not in ended.output + ended.messages + listing.run("--json").output


def test_an_unknown_stack_is_named_with_those_that_there_are(listing: Listing) -> None:
    """Exit code 6."""
    ended = listing.run("--stack", "pord")
    assert ended.code == ExitCode.NO_STACK
    assert "(there: dev, prod, staging)" in ended.messages


def test_no_app_at_all_is_a_mistake_of_the_configuration(
    listing: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text names what would say which app it is."""
    monkeypatch.delenv("REALTIMEKIT_APP_ID")
    ended = listing.run()
    assert ended.code == ExitCode.CONFIGURATION
    assert "there is no app to ask" in ended.messages


def test_stacks_of_two_organizations_are_distinguished(listing: Listing) -> None:
    """In Pulumi Cloud: each has its own state, and both have one file."""
    prod = listing.stacks["prod"]
    own, other = listing.hold("prod", "a"), StackBuilder("prod", "77777777")
    other.account_id, other.app_id = prod.account_id, prod.app_id
    orphan = listing.api.start(other.get_mark("b"), meeting_id=listing.create_meeting())
    file = listing.folder / "stacks" / "Pulumi.prod.yaml"
    file.write_text("config:\n  realtimekit:recordings:\n    b: {meeting_id: m}\n")
    listing.emulator.control.advance(600)
    names = ("acme-corp/acme/prod", "ada/acme/prod", "ada/acme/staging")
    listing.pulumi.listed = describe_stacks("acme-corp", *names)
    staging = listing.stacks["staging"]
    listing.pulumi.stacks = [
        replace(prod, name="acme-corp/prod"),
        replace(other, name="ada/prod"),
        replace(staging, name="ada/staging"),
    ]
    document = listing.run("--json").document
    rows = {one["id"]: one for one in document["recordings"]}
    assert rows[own]["owners"] == [{"stack": "acme-corp/prod", "name": "a"}]
    assert rows[orphan]["class"] == "orphan"
    assert rows[orphan]["started_for"] == {"stack": "ada/prod", "name": "b"}
    assert "'pulumi up --stack ada/prod'" in rows[orphan]["reason"]
    shown = [one["name"] for one in document["stacks"]]
    assert shown == ["acme-corp/prod", "ada/prod", "ada/staging", "dev"]
    for name in ("prod", "acme-corp/prod", "acme-corp/acme/prod"):
        rows_of_stack = [(one["id"], one["class"]) for one in listing.list_rows("--stack", name)]
        assert rows_of_stack == [(None, "undeployed"), (own, "managed")]
    for name in ("ada/prod", "ada/acme/prod"):
        assert [one["id"] for one in listing.list_rows("--stack", name)] == [orphan]
    assert "(there: acme-corp/prod, ada/prod, ada/staging, dev)" in (
        listing.run("--stack", "acme-corp/other/prod").messages
    )


def test_a_stack_of_another_project_is_left_out_and_named(listing: Listing) -> None:
    """A backend in Pulumi's old layout lists the stacks of all projects, by their short names."""
    listing.stacks["staging"].project = "other"
    listing.hold("prod", "a")
    held = listing.hold("staging", "b")
    ended = listing.run("--json")
    rows = {one["id"]: one["class"] for one in ended.document["recordings"]}
    assert rows[held] == "foreign"
    assert [one["name"] for one in ended.document["stacks"]] == ["dev", "prod"]
    assert "stack staging of the backend is of project other, and is left out" in ended.messages
    assert ended.code == ExitCode.OK
