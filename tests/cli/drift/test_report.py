"""The issue of a stack: foreign text is shown, nothing more, and it is never too long."""

from __future__ import annotations

from realtimekit_provider.cli.changes.effects import quote
from realtimekit_provider.cli.changes.stack_preview import StackPreview
from realtimekit_provider.cli.ci.drift import get_drift_code
from realtimekit_provider.cli.drift.findings import DriftFinding
from realtimekit_provider.cli.drift.report import format_drift, render_issue
from realtimekit_provider.cli.exit_codes import ExitCode

MARKER = "<!-- realtimekit-drift 12ab -->"
PAUSED = DriftFinding("paused", "TrackRecording", "standup", ("was paused ", quote("RECORDING")))
OUTSIDE = (
    "**Changed outside of this stack.** A deployment brings back what is declared. Where the "
    "change was meant, declare it."
)
FOOTER = (
    "Written by `realtimekit ci drift`, which updates this issue at each run and closes it when "
    "the stack is as declared."
)
UNDEPLOYED = DriftFinding("undeployed", "TrackRecording", "townhall", ("is new",))


def test_an_issue_says_what_to_do_about_either_kind() -> None:
    """What was changed outside, and what was not deployed."""
    text = render_issue("prod", [PAUSED, UNDEPLOYED], marker=MARKER, link="https://run.example/1")
    assert text.splitlines() == [
        MARKER,
        "Stack `prod` is not as declared.",
        "",
        OUTSIDE,
        "",
        "- TrackRecording `standup` was paused `RECORDING`",
        "",
        "**Declared, and not deployed.** Deploy the stack, or take the change back.",
        "",
        "- TrackRecording `townhall` is new",
        "",
        "",
        "[The run that found it](https://run.example/1)",
        "",
        FOOTER,
    ]


def test_a_name_does_nothing_in_an_issue() -> None:
    """It is code, on one line, whatever it holds."""
    hostile = "`a` @everyone\n--> ![](https://evil.example) #1"
    finding = DriftFinding("undeployed", "TrackRecording", hostile, ("is new",))
    line = render_issue(hostile, [finding], marker=MARKER, link=None).splitlines()[1]
    assert line == (
        "Stack `` `a` @everyone --> ![](https://evil.example) #1 `` is not as declared."
    )


def test_a_long_issue_is_cut_by_whole_lines() -> None:
    """GitHub takes 65,536 characters."""
    many = [DriftFinding("undeployed", "TrackRecording", "x" * 100, ("is new",))] * 1000
    text = render_issue("prod", many, marker=MARKER, link=None)
    assert 64_000 < len(text) < 65_000
    shown = text.count("\n- ")
    assert f"… and {1001 - shown} more lines: the run has them all." in text
    assert text.endswith(f"{FOOTER}\n")


def test_a_terminal_shows_stack_by_stack() -> None:
    """One that is as declared is one line."""
    assert list(format_drift("prod", [])) == ["prod: as declared"]
    assert list(format_drift("prod", [PAUSED])) == [
        "prod: changed outside of this stack",
        "  TrackRecording 'standup' was paused RECORDING",
    ]


def test_an_error_wins_over_drift() -> None:
    """Of a stack that cannot be previewed nothing is known."""
    clean, failed = StackPreview("clean"), StackPreview("failed", error="down", exit_code=1)
    assert get_drift_code({"clean": (clean, ())}) == ExitCode.OK
    assert get_drift_code({"clean": (clean, (PAUSED,))}) == ExitCode.CHANGES
    both = {"clean": (clean, (PAUSED,)), "failed": (failed, ())}
    assert get_drift_code(both) == ExitCode.ERROR


def test_an_issue_of_wide_characters_is_not_too_long() -> None:
    """GitHub counts each as two."""
    findings = [
        DriftFinding("paused", "TrackRecording", f"{number}{chr(0x1F600) * 290}", ("is paused",))
        for number in range(300)
    ]
    issue = render_issue("prod", findings, marker="<!-- m -->", link=None)
    assert len(issue.encode("utf-16-le")) // 2 <= 65_000
    assert "more lines: the run has them all" in issue
