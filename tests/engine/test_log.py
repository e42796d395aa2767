"""What the engine is sent to show: on which row, from which loggers, at which address."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from realtimekit_provider.engine.log import (
    EngineClient,
    ResourceLog,
    logging_on_row,
    send_logs_to_engine,
)
from tests.fakes import FakeClock
from tests.provider_process.fake_engine import FakeEngine, Line, running_engine

URN = "urn:pulumi:prod::realtimekit::type::name"
LOGGER = logging.getLogger("realtimekit_provider.calls.s3")


@pytest.fixture
def engine() -> Iterator[FakeEngine]:
    """An engine that receives what the package's loggers write."""
    package = logging.getLogger("realtimekit_provider")
    handlers, level = package.handlers, package.level
    package.handlers = []
    with running_engine() as running:
        send_logs_to_engine(EngineClient(["provider", running.address]))
        yield running
    package.handlers, package.level = handlers, level
    logging.getLogger("realtimekit_provider").manager._clear_cache()  # type: ignore[attr-defined]


def test_a_line_of_the_package_is_sent_at_debug_level(engine: FakeEngine) -> None:
    """On the row of the resource whose operation writes it, else on the stack's."""
    LOGGER.debug("before")
    with logging_on_row(URN):
        LOGGER.debug("inside")
    LOGGER.debug("after")
    assert engine.get_lines() == [
        Line("debug", "before", ""),
        Line("debug", "inside", URN),
        Line("debug", "after", ""),
    ]


def test_a_line_is_sent_once_however_many_deployments_there_are(engine: FakeEngine) -> None:
    """A process may serve several stacks; the engine that started it is the same."""
    send_logs_to_engine(EngineClient(["provider", engine.address]))
    LOGGER.debug("once")
    assert engine.get_text() == "once"


@pytest.mark.parametrize("name", ["botocore", "urllib3", "google.auth", "azure", "asyncssh", ""])
def test_loggers_of_the_sdks_stay_silent(name: str, engine: FakeEngine) -> None:
    """They write headers and bodies; neither their levels nor their handlers are touched."""
    logger = logging.getLogger(name)
    assert not logger.isEnabledFor(logging.DEBUG)
    logger.warning("of the SDK")
    assert engine.get_lines() == []


@pytest.mark.parametrize("flags", [[], ["-logtostderr", "-v=7"], ["-tracing", "tcp://h:1"]])
def test_the_engines_address_is_the_last_argument(flags: list[str]) -> None:
    """Under ``--logflow`` the CLI puts its flags before it."""
    with running_engine() as running:
        client = EngineClient(["provider", *flags, running.address])
        assert client.log(0, "here", URN)
        assert running.get_text() == "here"


def _show_waits(*, has_terminal: bool) -> list[Line]:
    """Return what is shown of two waits on two rows, told every ten seconds for a minute."""
    clock = FakeClock()
    with running_engine() as running:
        client = EngineClient(
            ["provider", running.address], clock=clock.now, has_terminal=lambda: has_terminal
        )
        for waited in range(0, 60, 10):
            for urn in (URN, f"{URN}-2"):
                client.log_progress(f"{waited}/300 s: nobody is in meeting m1", urn)
            clock.sleep(10)
        client.log_progress("0/60 s: another reason", URN)
        return running.get_lines()


def test_a_wait_is_reported_all_the_time_on_a_terminal() -> None:
    """The numbers run: each line stands in the place of the one before."""
    assert len(_show_waits(has_terminal=True)) == 13


def test_a_wait_is_reported_every_thirty_seconds_without_a_terminal() -> None:
    """A pipeline's log would be full of it; another reason is told at once."""
    lines = _show_waits(has_terminal=False)
    assert [line.text for line in lines if line.urn == URN] == [
        "0/300 s: nobody is in meeting m1",
        "30/300 s: nobody is in meeting m1",
        "0/60 s: another reason",
    ]
    assert len(lines) == 5


@pytest.mark.parametrize(
    ("severity", "text", "kept"),
    [
        (None, "", "waited 4 s"),
        ("notice", "replaces recording r", "replaces"),
        ("warning", "lost", "lost"),
    ],
)
def test_a_wait_that_is_over_leaves_the_row(
    severity: str | None, text: str, kept: str, engine: FakeEngine
) -> None:
    """What was logged before stands there again, else how long; a row without a wait is left."""
    clock = FakeClock()
    client = EngineClient(["provider", engine.address], clock=clock.now, has_terminal=lambda: True)
    log, other = ResourceLog(client, URN), ResourceLog(client, f"{URN}-2")
    if severity is not None:
        getattr(log, severity)(text)
    log.progress("0/4 s: the API's rate limit is reached, next try after that")
    clock.sleep(4)
    for one in (log, log, other):
        one.end_progress()
    *_, wait, last = engine.get_lines()
    assert wait.text.startswith("0/4 s: ")
    assert last == Line("progress", last.text, URN)
    assert last.text.startswith(kept)


@pytest.mark.parametrize("argument", ["-v=7", "tests/a.py::test_b", "http://h:1", "a:b"])
def test_without_an_address_the_engine_counts_as_alive(argument: str) -> None:
    """As where a test drives the provider by itself."""
    assert EngineClient(["provider", argument])._stub is None
    assert EngineClient(["provider", argument]).log(0, "nowhere", URN)
