"""The runner of the workflows evaluates expressions as GitHub's documentation says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.pipelines.actions_runner.expressions import fill_in
from tests.pipelines.actions_runner.job_files import JobFiles
from tests.pipelines.actions_runner.workflow_commands import find_commands

CONTEXTS = {
    "github": {"ref": "refs/heads/main", "event": {"number": 3, "title": "it's"}},
    "needs": {"a": {"outputs": {"list": '["x","y"]', "none": ""}}},
    "cancelled": lambda: False,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("${{ github.event.number }}", 3),
        ("no ${{ github.event.number }} of ${{ github.event.missing }}.", "no 3 of ."),
        ("${{ fromJSON(needs.a.outputs.list)[1] }}", "y"),
        ("${{ github.event.title == 'IT''S' }}", True),
        ("${{ needs.a.outputs.none != '' || github.ref == 'x' }}", False),
        ("${{ !cancelled() && needs.a.outputs.missing != '' }}", False),
        ("${{ needs.b.outputs.list || '[]' }}", "[]"),
        ("${{ format('AWS_{0}_ROLE', 'DRIFT') }}", "AWS_DRIFT_ROLE"),
        ("${{ (github.event.number == 3) && 'yes' }}", "yes"),
        ("${{ github.event.missing == null }}", True),
    ],
)
def test_an_expression_has_its_value(text: str, value: Any) -> None:
    """A text that is one expression has its type, and any other text is a text."""
    assert fill_in(text, CONTEXTS) == value


def test_a_step_leaves_outputs_and_variables(tmp_path: Path) -> None:
    """On a line each, or between delimiters."""
    files = JobFiles(tmp_path)
    output = Path(files.environment["GITHUB_OUTPUT"])
    output.write_text("one=1=1\nmany<<END\na\nb=c\nEND\n", encoding="utf-8")
    assert files.take("OUTPUT") == {"one": "1=1", "many": "a\nb=c"}
    assert files.take("OUTPUT") == {}


def test_a_step_gives_commands_until_it_stops_them() -> None:
    """In either form, behind blanks; the word that stopped them lets them begin again."""
    lines = ["  ::error file=a.yaml,line=1::a", "a ::error::b", "::unknown::c", "a ##[debug]d"]
    stopped = ["::stop-commands::x1", "::error::e", "##[error]f", "::stop-commands::g", "a ::x1::"]
    found = find_commands([*lines, *stopped, "::error::h", "::x1::", "::add-mask::i"])
    assert list(found) == [("error", "a"), ("debug", "d"), ("add-mask", "i")]
