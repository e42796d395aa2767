"""Each way in which a recording ends: what the row, the outputs and the next preview say."""

from __future__ import annotations

import re

import pytest

from tests.docs.pages import read_table
from tests.provider_process.life.declared_recording import DeclaredRecording
from tests.provider_process.life.endings import ENDINGS, Ending
from tests.provider_process.process import OperationError
from tests.provider_process.stack import ProviderStack
from tests.scenarios.steps import EmulatedApi, Step

PAGE = "docs/endings.md"


def test_the_page_has_every_ending() -> None:
    """The table of the page is the table that is tested."""
    rows = [list(row.values()) for row in read_table(PAGE, "how it ends")]
    assert rows == [ending.cells for ending in ENDINGS]


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: ending.how)
def test_an_ending_is_reported(
    ending: Ending, stack: ProviderStack, emulated_api: EmulatedApi
) -> None:
    """On the row, in the outputs, by the exit code, and in the next preview."""
    emulated_api.control.set(**ending.emulator)
    recording = DeclaredRecording(stack, emulated_api)
    for inputs in ending.before:
        _run(recording, Step("up", inputs))
    for event in ending.events:
        event(emulated_api)
    failure, row = _run(recording, Step(ending.found_by, ending.declared))
    outputs = recording.state.outputs if recording.state is not None else {"status": ""}
    assert (1 if failure else 0) == ending.exit_code, failure
    _check_row(ending, failure.partition("\n")[0] or row)
    assert outputs["status"] == ending.status
    assert bool(outputs.get("warning")) == ending.warns
    assert outputs.get("warning", "") in row
    _run(recording, Step("preview", ending.declared))
    assert recording.plan == ending.preview


def _check_row(ending: Ending, text: str) -> None:
    if not ending.row:
        assert text == ""
    pattern = re.escape(ending.row).replace("…", ".*")
    assert re.search(pattern, text, re.DOTALL), text


def _run(recording: DeclaredRecording, step: Step) -> tuple[str, str]:
    """Do what a step says; return the error, and what was logged on the row."""
    failure = ""
    with recording.stack.deploy() as deployment:
        try:
            recording.do(deployment, step)
        except OperationError as error:
            failure = str(error)
    return failure, deployment.engine.get_text("notice", "warning")
