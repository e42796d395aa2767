"""The list for people: what it says first, and how it fits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from rich.cells import cell_len

from realtimekit_provider.cli.exit_codes import ExitCode
from realtimekit_provider.cli.inventory.filters import parse_age, sort_rows
from realtimekit_provider.cli.inventory.report import Report
from realtimekit_provider.cli.inventory.rows import MEANINGS, Owner, RecordingClass, Row
from realtimekit_provider.cli.inventory.table import format_age, format_report, format_table
from realtimekit_provider.cli.pulumi_cli.backend import BackendInfo
from tests.example_values import ACCOUNT, APP, MEETING, build_recording

NOW = datetime(2026, 3, 1, 13, tzinfo=timezone.utc)
ID = "5d1c1f0e-0a3b-4a59-9a70-3d6a6f0f8f{:02d}"


def make_row(number: int, recording_class: str = "managed", **more: Any) -> Row:
    """Return a row of a recording that was started three hours ago."""
    known = {
        "status": "RECORDING",
        "invoked_time": "2026-03-01T10:00:00Z",
        "meeting_id": MEETING,
        **more.pop("fields", {}),
    }
    recording = build_recording(ID.format(number), **known)
    owners = more.pop("owners", (Owner("prod", "standup"),))
    row_class = RecordingClass(recording_class)
    return Row(row_class, "the reason", recording, (ACCOUNT, APP), owners=owners, **more)


def format_lines(rows: Sequence[Row], width: int) -> list[str]:
    """Return the lines of a table."""
    return [line.plain for line in format_table(rows, NOW, width)]


def test_everything_is_a_column_where_it_fits() -> None:
    """A plain recording has one line, one that is wrong has its reason below."""
    rows = [make_row(1, "missing"), make_row(2)]
    assert format_lines(rows, 130) == [
        "CLASS    STATUS     AGE  ID                                    STACK/NAME    MEETING",
        f"missing  RECORDING  3h   {ID.format(1)}  prod/standup  {MEETING}",
        "    the reason",
        f"managed  RECORDING  3h   {ID.format(2)}  prod/standup  {MEETING}",
    ]


def test_ids_stay_whole_where_little_fits() -> None:
    """The meeting is no column first, then the owner is none: they stand with what is said."""
    rows = [make_row(1, "missing"), make_row(2)]
    assert format_lines(rows, 80)[1:] == [
        f"missing  RECORDING  3h   {ID.format(1)}  prod/standup",
        f"    meeting {MEETING}: the reason",
        f"managed  RECORDING  3h   {ID.format(2)}  prod/standup",
    ]
    assert format_lines(rows, 70) == [
        "CLASS    STATUS     AGE  ID",
        f"missing  RECORDING  3h   {ID.format(1)}",
        f"    prod/standup, meeting {MEETING}: the",
        "    reason",
        f"managed  RECORDING  3h   {ID.format(2)}",
        "    prod/standup",
    ]


def test_a_long_name_is_shortened_before_the_meeting_goes() -> None:
    """It is whole where there is more to say, and where another one would look the same."""
    names = ["weekly-all-hands-eu", "standup", "retro-of-the-team-b", "retro-by-the-team-b"]
    rows = [make_row(number, owners=(Owner("prod", name),)) for number, name in enumerate(names)]
    rows += [make_row(4, "missing", owners=(Owner("prod", "weekly-all-hands-us"),))]
    assert [line.replace(MEETING, "M") for line in format_lines(rows, 115)] == [
        "CLASS    STATUS     AGE  ID                                    STACK/NAME      MEETING",
        f"managed  RECORDING  3h   {ID.format(0)}  prod…-hands-eu  M",
        f"managed  RECORDING  3h   {ID.format(1)}  prod/standup    M",
        f"managed  RECORDING  3h   {ID.format(2)}  prod…he-team-b  M",
        "    prod/retro-of-the-team-b",
        f"managed  RECORDING  3h   {ID.format(3)}  prod…he-team-b  M",
        "    prod/retro-by-the-team-b",
        f"missing  RECORDING  3h   {ID.format(4)}  prod…-hands-us  M",
        "    prod/weekly-all-hands-us: the reason",
    ]
    report = Report(rows, 5, NOW, BackendInfo("s3://x", ""), "acme", (), {})
    hint = "From 113 columns on, and in a file, each row has its meeting."
    for width, is_narrow in ((112, True), (113, False)):
        lines = [one.plain for one in format_report(report, width)]
        assert (lines[-1] == hint, "MEETING" in lines[0]) == (is_narrow, not is_narrow)


def test_a_long_name_takes_the_column_from_no_other() -> None:
    """It stands below its own row."""
    rows = [make_row(1), make_row(2), make_row(3, owners=(Owner("prod", "x" * 70),))]
    lines = format_lines(rows, 80)
    assert lines[0].endswith("STACK/NAME")
    assert lines[1].endswith(f"{ID.format(1)}  prod/standup")
    assert lines[3].endswith(ID.format(3))
    assert lines[4] == f"    prod/{'x' * 70}"


def test_a_meaning_goes_on_below_itself() -> None:
    """Where the terminal is narrow."""
    report = Report([make_row(1, "missing")], 1, NOW, BackendInfo("s3://x", ""), "acme", (), {})
    lines = [one.plain for one in format_report(report, 50)]
    number = lines.index("    1 missing    a state has it as unfinished, and")
    assert lines[number + 1] == " " * 17 + "the API does not know it"


def test_the_file_name_tells_what_no_state_does() -> None:
    """What it has before the mark is of stack and name, where the user has set no other."""
    mark = "rk1d3a7c5e00000000"
    fields = {"output_file_name": f"prod_standup_default_{mark}_1.webm"}
    foreign = make_row(1, "foreign", owners=(), mark=mark, fields=fields)
    orphan = make_row(2, "orphan", owners=(), mark=mark, fields=fields, starter=Owner("prod"))
    shared = make_row(3, "doubled", owners=(Owner("prod", "a"), Owner("dev", "b")))
    lines = format_lines([foreign, orphan, shared], 100)
    assert lines[1].endswith("  (prod_standup_default)")
    assert lines[2].endswith("  prod/(prod_standup_default)")
    assert lines[4].endswith("  prod/a +1")


def test_wrong_rows_come_first_then_expiring_and_unfinished_ones() -> None:
    """Between them what is lost or not as declared; the newest first among equals."""
    expiring = {"expires": NOW + timedelta(hours=3), "fields": {"status": "UPLOADED"}}
    order = [
        make_row(1, "missing"),
        make_row(2, "doubled"),
        make_row(3, "orphan"),
        make_row(4, "past", **expiring),
        make_row(9, fields={"status": "ERRORED"}),
        make_row(10, is_as_declared=False, fields={"status": "UPLOADED"}),
        make_row(5, "unstarted", is_started=False, fields={"status": "NO_SESSION"}),
        make_row(6, "managed", fields={"invoked_time": "2026-03-01T11:00:00Z"}),
        make_row(7, "foreign"),
        make_row(8, "managed", fields={"status": "UPLOADED"}),
    ]
    assert sort_rows(reversed(order), NOW) == order


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    """But for an id's, which stays whole, also where a name has wide or moving characters."""
    hostile = Owner("prod", "会議" * 30 + "\x1b[31m\u202e\r\n$(x)")
    rows = [make_row(1, "orphan", owners=(hostile,)), make_row(2, "managed", owners=())]
    backend = BackendInfo("s3://states", "adam")
    report = Report(rows, 2, NOW, backend, "acme", (), {(ACCOUNT, APP): 2})
    for line in (one.plain for one in format_report(report, width)):
        assert line.isprintable() or not line
        if not any(whole in line for whole in ("5d1c1f0e", "会議", APP, ACCOUNT)):
            assert cell_len(line) <= max(width, 60)


def test_rows_to_look_at_are_counted_apart() -> None:
    """What was never deployed, or is not as declared; one that has ended only has its reason."""
    undeployed = make_row(1, "undeployed", is_started=False, owners=(), starter=Owner("prod", "a"))
    resumed = make_row(2, is_as_declared=False)
    ended = make_row(4, has_new_ending=True, fields={"status": "UPLOADED"})
    rows = [undeployed, resumed, make_row(3, fields={"status": "UPLOADED"}), ended]
    report = Report(rows, 4, NOW, BackendInfo("s3://states", ""), "acme", (), {})
    lines = [one.plain for one in format_report(report, 120)]
    assert lines.count("    the reason") == 3
    assert "3 recordings and 1 not started, 2 of them to look at" in lines
    assert "    3 managed     in the state of a stack" in lines
    explained = [one.plain for one in format_table(rows, NOW, 120, explains_all=True)]
    assert explained.count("    the reason") == 4


def test_an_empty_list_has_few_lines() -> None:
    """The number, and what was seen."""
    backend = BackendInfo("s3://states", "adam")
    report = Report([], 3, NOW, backend, "acme", (), {(ACCOUNT, APP): 3})
    counts, scope = (one.plain for one in format_report(report, 200))
    assert counts == "0 of 3 recordings"
    assert scope == (
        "Stacks of project acme: none. Backend: s3://states, as adam. "
        f"Apps: {APP} of account {ACCOUNT}."
    )


COUNTS: dict[str, tuple[Sequence[str], int, int, ExitCode, str]] = {
    "plain": (["managed"], 1, 0, ExitCode.OK, "1 recording, none of them wrong"),
    "not started": (
        ["managed", "unstarted"],
        2,
        1,
        ExitCode.OK,
        "1 recording and 1 not started, none of them wrong",
    ),
    "filtered": (["managed"], 5, 2, ExitCode.OK, "1 of 3 recordings, none of them wrong"),
    "filtered, and not started": (
        ["undeployed"],
        5,
        2,
        ExitCode.OK,
        "0 of 3 recordings and 1 of 2 not started, 1 of them to look at",
    ),
    "without an answer of the API": (
        ["managed", "unknown"],
        2,
        0,
        ExitCode.ERROR,
        "2 recordings, 1 of them unknown: the API could not be asked",
    ),
    "without a state": ([], 0, 0, ExitCode.ERROR, "0 recordings; not everything could be read"),
}


@pytest.mark.parametrize("case", COUNTS)
def test_recordings_are_counted_apart_from_what_was_not_started(case: str) -> None:
    """What could not be asked is not called right."""
    classes, total, unstarted, code, expected = COUNTS[case]
    rows = [
        make_row(number, one, is_started=one not in {"unstarted", "undeployed"})
        for number, one in enumerate(classes)
    ]
    backend = BackendInfo("s3://states", "")
    report = Report(
        rows, total, NOW, backend, "acme", (), {}, total_unstarted=unstarted, error_code=code
    )
    assert expected in [one.plain for one in format_report(report, 120)]


def test_classes_are_counted_with_their_meaning() -> None:
    """The first line tells how many are wrong, and of how many."""
    rows = [make_row(1, "missing"), make_row(2), make_row(3, expires=NOW + timedelta(hours=3))]
    report = Report(rows, 9, NOW, BackendInfo("s3://states", ""), "acme", (), {})
    lines = [one.plain for one in format_report(report, 120)]
    assert "3 of 9 recordings, 1 of them wrong" in lines
    assert f"    1 missing    {MEANINGS[RecordingClass.MISSING]}" in lines
    assert f"    2 managed    {MEANINGS[RecordingClass.MANAGED]}" in lines
    meaning = "among them: files in Cloudflare's bucket vanish within 48 hours"
    assert f"    1 expiring   {meaning}" in lines
    assert not any("orphan" in line for line in lines)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-5, "0s"), (59, "59s"), (60, "1m"), (7199, "1h"), (7200, "2h"), (86400 * 9, "9d")],
)
def test_ages_have_one_unit(seconds: int, text: str) -> None:
    """The largest that there is a whole one of."""
    assert format_age(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("text", "hours"), [("90s", 0.025), ("15M", 0.25), ("12h", 12), ("2 d", 48), ("1w", 168)]
)
def test_ages_are_read(text: str, hours: float) -> None:
    """A number and a unit."""
    assert parse_age(text) == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["", "12", "h", "-1h", "1.5h", "9999999d"])
def test_other_texts_than_ages_are_refused(text: str) -> None:
    """The text shows what would be one."""
    with pytest.raises(ValueError, match="such as 90s"):
        parse_age(text)
