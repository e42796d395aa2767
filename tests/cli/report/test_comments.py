"""The comment of a pull request: what a reviewer reads in ten seconds, and its limits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from realtimekit_provider.cli.changes.effects import format_plain
from realtimekit_provider.cli.changes.messages import find_error
from realtimekit_provider.cli.changes.stack_preview import Change, Message, StackPreview
from realtimekit_provider.cli.ci.changed_stacks import describe_leftovers
from realtimekit_provider.cli.report.advice import find_advice
from realtimekit_provider.cli.report.document import report_to_document
from realtimekit_provider.cli.report.limits import COMMENT_LIMIT, SUMMARY_LIMIT, Limit
from realtimekit_provider.cli.report.markdown import render_report
from realtimekit_provider.cli.report.stack_report import create_report
from realtimekit_provider.cli.stack_files.selection import Selection
from tests.cli.changes.recorded import read_preview
from tests.cli.report.cases import (
    CASES,
    COMMENTS,
    LINK,
    WARNINGS,
    list_many_stacks,
    render_comment,
)
from tests.cli.report.rendered_page import render_page

OWN_ELEMENTS = {
    *("h3", "p", "blockquote", "strong", "code", "pre", "ul", "li", "sub", "span"),
    *("table", "thead", "tbody", "tr", "th", "td", "details", "summary"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_comment_reads_as_it_was_approved(name: str) -> None:
    """``tests.cli.report.cases`` writes the files; a person has read them."""
    comment = render_comment(CASES[name], WARNINGS.get(name, ()))
    assert comment == (COMMENTS / f"{name}.md").read_text(encoding="utf-8")


def test_storages_that_delete_files_later_are_marked_and_counted() -> None:
    """Each in its own line of the details, and of the document; twelve of them on top."""
    (preview,) = CASES["storage-settings"]
    (change,) = preview.changes
    before = {**(change.before or {}), "on_delete": "keep"}
    after = {**before, "on_delete": "force"}
    forced = [
        replace(change, urn=f"{change.urn}{one}", name=f"{one}", before=before, after=after)
        for one in range(14)
    ]
    many = replace(preview, changes=tuple(forced))
    comment = render_comment([many])
    assert "> - … and 2 more such changes" in comment
    assert comment.count("\n- ⚠️ **`") == 14
    (stack,) = report_to_document(create_report([many]))["stacks"]
    assert all("a later destroy" in one["later_deletions"][0] for one in stack["effects"])


def test_new_stacks_are_named_by_their_environments() -> None:
    """Twelve of them, and none whose preview failed; an environment has the short name."""
    (preview,) = CASES["new-stack"]
    many = [replace(preview, stack=f"acme-corp/s{number}") for number in range(14)]
    comment = render_comment([*many, replace(preview, stack="failed", error="x", exit_code=1)])
    assert "its environment `s0` in the repository" in comment
    assert "> - … and 2 more new stacks" in comment
    assert "pulumi stack init failed" not in comment


def test_every_approved_comment_has_a_case() -> None:
    """No file is left behind."""
    assert {file.stem for file in COMMENTS.iterdir()} == {*CASES}


def test_a_comment_of_300_stacks_has_its_whole_table() -> None:
    """And whole details of the first ones, a link to the others, and every digest."""
    comment = render_comment(list_many_stacks())
    assert len(comment) <= 65_000
    page = render_page(comment)
    assert page.elements.count("tr") == 301
    assert len({one for one in page.code if re.fullmatch("[0-9a-f]{32}", one)}) == 301
    assert page.elements.count("details") >= 1
    assert f"more changes are not shown here.** [The whole report]({LINK})" in comment


@pytest.mark.parametrize("reasons", [1, 300])
def test_300_failed_stacks_have_their_reasons_and_a_whole_table(reasons: int) -> None:
    """One program fails for all of them, or each for a reason of its own."""
    error = "the program failed: " + "x" * 3000
    failed = [
        StackPreview(f"{number:03}-{'x' * 96}", error=f"{number % reasons} {error}", exit_code=1)
        for number in range(300)
    ]
    comment = render_comment(failed)
    assert len(comment) <= 65_000
    assert render_page(comment).elements.count("tr") == 301
    assert ("and 288 more cannot be deployed**" in comment) == (reasons == 1)
    assert ("295 more stacks cannot be deployed" in comment) == (reasons == 300)


def test_300_warnings_are_counted() -> None:
    """The first ones are shown, and the table is whole."""
    names = [f"{number:03}-{'x' * 96}" for number in range(300)]
    leftovers = Selection([], "", names, [(name, name) for name in names])
    comment = render_comment(list_many_stacks(), [*describe_leftovers(leftovers)])
    assert len(comment) <= 65_000
    assert "… and 588 more warnings: the job's log has all of them." in comment
    assert render_page(comment).elements.count("tr") == 301


def test_a_comment_of_wide_characters_has_its_table() -> None:
    """GitHub counts each as two; a program chooses what its errors and recordings are called."""
    (preview,) = CASES["replacement"]
    wide = "\U0001f600" * 300
    losses = [
        replace(preview.changes[0], urn=f"{one.urn}{number}", name=f"{number}{wide}")
        for number in range(200)
        for one in preview.changes[:1]
    ]
    failed = [
        StackPreview(f"s{one}", error="\n".join(f"{one}{line}{wide}" for line in range(30)))
        for one in range(6)
    ]
    comment = render_comment([*failed, replace(preview, changes=tuple(losses))])
    assert len(comment.encode("utf-16-le")) // 2 <= 65_000
    assert "> **200 live recordings end:** " in comment
    assert " in `production` and 188 more\n" in comment
    assert "> - `… and 22 more lines`\n" in comment
    assert render_page(comment).elements.count("tr") == 8


def test_a_comment_is_written_of_more_stacks_than_any_comment_holds() -> None:
    """Those without changes are left out first, and it is said how many."""
    many = [StackPreview(f"{number:04}-{'x' * 95}") for number in range(1000)]
    comment = render_comment([*CASES["replacement"], *many])
    assert len(comment) <= 65_000
    assert comment.index("|`production`|") < comment.index("|`0000-")
    missing = 1001 - sum(line.startswith("|`") for line in comment.splitlines())
    assert f"**{missing} more stacks than fit here: [the whole report]({LINK})" in comment


def test_a_name_of_any_length_fits() -> None:
    """It is cut where it is shown."""
    (preview,) = CASES["replacement"]
    longest = replace(preview.changes[0], name="x" * 100_000)
    assert len(render_comment([replace(preview, changes=(longest,))])) < 5_000


def test_a_summary_of_300_stacks_has_all_details() -> None:
    """It may be 1 MiB long."""
    report = create_report(list_many_stacks())
    summary = render_report(report, SUMMARY_LIMIT)
    assert render_page(summary).elements.count("details") == 200
    assert "not shown here" not in summary


@pytest.mark.parametrize("size", range(950, 1800, 50))
def test_details_are_cut_by_whole_resources(size: int) -> None:
    """A line is there as it is, or it is not there; what is left out is counted."""
    report = create_report([*CASES["start"], *CASES["storage"], *CASES["replacement"]])
    whole = render_report(report, Limit(100_000))
    comment = render_report(report, Limit(size))
    assert len(comment) <= size
    lines = [line for line in whole.splitlines() if line.startswith("- ")]
    missing = [line for line in lines if line not in comment.splitlines()]
    assert missing
    assert f"**{len(missing)} more change" in comment
    assert "](None)" not in comment
    assert comment.count("<details>") == comment.count("</details>")


def test_hostile_remarks_are_text_alone() -> None:
    """Of a stack, of a resource that stays as it is, and of one that changes."""
    (preview,) = CASES["replacement"]
    text = "<img src=x> @everyone ![](https://evil.example) **x**"
    remarks = [Message("warning", urn, text) for urn in ("", f"{preview.changes[0].urn}-other")]
    change = replace(preview.changes[0], remarks=(Message("warning", "", text),))
    changed = replace(preview, changes=(change,), messages=tuple(remarks))
    unchanged = StackPreview("a|b", messages=tuple(remarks[:1]))
    page = render_page(render_comment([changed, unchanged]))
    assert {*page.elements} <= OWN_ELEMENTS
    assert re.findall("@everyone|://", page.prose) == []
    assert [line.partition("<")[0] for line in page.prose.splitlines() if "<img" in line] == [
        "",
        "⚠️ ",
        "⚠️ longer-other: ",
        "⚠️ ",
    ]
    assert page.code.count("a|b") == 2


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        ("the stack's config has 1 mistake:\na", "realtimekit check prod"),
        ("stacks/Pulumi.prod.yaml:1: a", "realtimekit check prod"),
        ("no stack named 'prod' found", "pulumi stack init prod"),
        ("incorrect passphrase", "PULUMI_CONFIG_PASSPHRASE"),
        ("failed to decrypt the value", "PULUMI_CONFIG_PASSPHRASE"),
        ("the secrets provider does not answer", "PULUMI_CONFIG_PASSPHRASE"),
        ("there is no stack's file in conf", "stackConfigDir"),
        ("there is no Pulumi.yaml in conf", "--cwd"),
        ("resource 'a' has a problem: b", "Correct the input that is named"),
        ("resource 'a' has 2 problems:\nb", "Correct the inputs that are named"),
        (
            "a has a problem: the config declares neither recordings nor storage any more",
            "set realtimekit:allowEmpty to true",
        ),
        ("whatever else", "pulumi preview --stack prod"),
    ],
)
def test_a_failure_has_its_advice(error: str, advice: str) -> None:
    """By a part of the error."""
    assert advice in format_plain(find_advice(StackPreview("prod", error=error, exit_code=1)))


def test_hostile_names_are_text_alone() -> None:
    """Each is in a code span; the comment has no element but its own."""
    page = render_page(render_comment(CASES["hostile"]))
    assert {*page.elements} <= OWN_ELEMENTS
    assert "evil.example" not in page.prose
    assert "@everyone" not in page.prose
    assert "<img src=x onerror=alert(1)>" in page.code
    assert "txt.\\u202eexe\\u200b" in page.code
    assert {"a | b `c` ``d", "a::b", "two lines"} <= {*page.code}


def test_a_comment_says_where_it_knows_from_what_is_live() -> None:
    """The state of the last deployment may be a day old, an answer of the API is not."""
    texts = [
        render_report(create_report(CASES["start"], is_refreshed=one), COMMENT_LIMIT)
        for one in (False, True)
    ]
    assert ["what each stack's state says" in one for one in texts] == [True, False]
    assert ["what the API said" in one for one in texts] == [False, True]


@pytest.mark.parametrize(
    ("old", "new", "is_warned"),
    [
        ({}, {}, True),
        ({"on_delete": "leave"}, {"on_conflict": "adopt"}, True),
        ({}, {"meeting_id": "another"}, False),
        ({}, {"app_id": "another"}, False),
        ({}, {"on_conflict": "stop"}, False),
        ({}, {"desired_state": "STOPPED"}, False),
        ({"status": "UPLOADED"}, {}, False),
    ],
)
def test_a_recording_with_another_name_is_warned_of(
    old: Mapping[str, Any], new: Mapping[str, Any], is_warned: bool
) -> None:
    """Without an alias its start is refused, because the one with the old name is live."""
    inputs = {"account_id": "a", "app_id": "b", "meeting_id": "c"}
    urn = "urn:pulumi:production::acme::pulumi-python:dynamic/realtimekit:TrackRecording::"
    status = old.get("status", "RECORDING")
    removed = Change(
        f"{urn}old", "TrackRecording", "old", "delete", before={**inputs, **old}, status=status
    )
    started = Change(f"{urn}new", "TrackRecording", "new", "create", after={**inputs, **new})
    report = create_report([StackPreview("production", (started, removed))])
    has_alias = ['aliases: ["old"]' in format_plain(one) for one in report.warnings]
    assert has_alias == [True] * is_warned


def test_a_failed_preview_hides_no_loss() -> None:
    """What the engine said before it failed is told, as a part."""
    comment = render_comment(CASES["failed-refusal"])
    assert "> **1 live recording ends:** `standup` in `production`" in comment
    assert "|`production` **failed**|1||||⚠️&nbsp;**1**||||" in comment
    assert "production</code>, as far as it is known, since the preview failed: 1 rec" in comment
    assert "- ⚠️ **`standup`** ends the live recording of meeting" in comment
    assert "**2 recordings start, 1 is replaced, as far as it is known**" in comment


def test_a_failed_preview_names_the_resource() -> None:
    """Unless its error does, or it is the stack's as a whole; each error is there once."""
    urn = read_preview("failed-refusal").changes[0].urn.rpartition("::")[0]
    stack = "urn:pulumi:test::acme::pulumi:pulumi:Stack::acme-test"
    messages = [
        Message("error", f"{urn}::a", "is refused"),
        Message("error", f"{urn}::b", "resource 'b' is refused"),
        Message("error", stack, "the program failed"),
        Message("error", "", "an unhandled error occurred: 1"),
    ]
    preview = StackPreview(
        "prod", messages=tuple(messages), error=find_error(messages), exit_code=1
    )
    (found,) = create_report([preview]).stacks
    assert found.errors == ("a: is refused", "resource 'b' is refused", "the program failed")


def test_a_failed_preview_stands_on_top_with_what_to_do() -> None:
    """Before anything that is known of other stacks; it has no digest."""
    comment = render_comment(CASES["pull-request"])
    failure = comment.index("> **`staging` cannot be deployed**")
    advice = comment.index("`realtimekit check staging` shows each mistake at its line")
    assert failure < advice < comment.index("live recording ends") < comment.index("| stack |")
    assert "|`staging` **failed**||||||||" in comment
    assert "Digest of all stacks" not in comment
