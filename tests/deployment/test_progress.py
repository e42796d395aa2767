"""What a long operation waits for, on the row of its resource."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from realtimekit_provider.deployment.progress import report_wait, reporting_progress
from tests.fakes import FakeReporter


def test_a_wait_is_reported_with_its_numbers_first() -> None:
    """A terminal cuts the end of a row."""
    reporter = FakeReporter()
    with reporting_progress(reporter):
        report_wait(12.4, 60, "Google does not know the service account yet")
    assert reporter.waits == ["12/60 s: Google does not know the service account yet"]


def test_a_wait_outside_of_an_operation_is_silent() -> None:
    """Before it, and after it failed."""
    reporter = FakeReporter()
    with pytest.raises(ZeroDivisionError), reporting_progress(reporter):
        _ = 1 / 0
    report_wait(1, 2, "it is late")
    assert reporter.text == ""


def test_operations_that_run_at_once_have_rows_of_their_own() -> None:
    """The threads of a deployment's process do not see each other's."""
    together = Barrier(3)

    def wait(number: int) -> list[str]:
        reporter = FakeReporter()
        with reporting_progress(reporter):
            together.wait(10)
            report_wait(number, 9, "it is late")
            together.wait(10)
        return reporter.waits

    with ThreadPoolExecutor(3) as threads:
        lines = list(threads.map(wait, range(3)))
    assert lines == [[f"{number}/9 s: it is late"] for number in range(3)]
