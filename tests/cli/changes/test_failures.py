"""The exit code says what kind of failure it was, where all errors are of one kind."""

from __future__ import annotations

import pytest

from realtimekit_provider.cli.changes.failures import get_failure_code
from realtimekit_provider.cli.changes.stack_preview import Message
from realtimekit_provider.cli.exit_codes import ExitCode
from tests.cli.changes.recorded import read_preview

TOKEN = "asking for the meeting failed: the API refused the token: Authentication error."
QUOTED_TOKEN = "reading the app failed: the API says that the token is not in the right form."
NO_TOKEN = "there is no API token: set CLOUDFLARE_API_TOKEN"
TWO_FAILURES = "TrackRecording resource 'standup' has 2 problems:\n    1. a\n    2. b"
DOWN = "asking for the meeting failed: 127.0.0.1: the connection was refused."
CONFIG = "the stack's config has 1 mistake:\nrealtimekit:appId"
POLICY = "policy no-public-buckets: a bucket is public"


@pytest.mark.parametrize(
    ("errors", "exit_code", "code"),
    [
        ([TOKEN, "update failed"], 1, ExitCode.AUTHENTICATION),
        ([TOKEN, DOWN, "update failed"], 1, ExitCode.ERROR),
        ([DOWN], 1, ExitCode.ERROR),
        ([QUOTED_TOKEN], 1, ExitCode.AUTHENTICATION),
        ([CONFIG], 1, ExitCode.CONFIGURATION),
        ([NO_TOKEN], 1, ExitCode.CONFIGURATION),
        ([TWO_FAILURES], 1, ExitCode.CONFIGURATION),
        ([TOKEN, POLICY], 1, ExitCode.POLICY),
        ([], 1, ExitCode.ERROR),
        ([TOKEN], 6, ExitCode.NO_STACK),
        ([TOKEN], -9, -9),
    ],
)
def test_errors_of_one_kind_have_its_code(errors: list[str], exit_code: int, code: int) -> None:
    """A policy wins, and what the CLI itself tells apart stays."""
    messages = [Message("error", "", text) for text in errors]
    warning = Message("warning", "", TOKEN)
    assert get_failure_code([warning, *messages], exit_code) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("failed-check", ExitCode.CONFIGURATION),
        ("failed-config", ExitCode.CONFIGURATION),
        ("failed-program", ExitCode.ERROR),
        ("failed-stack", ExitCode.NO_STACK),
        ("nothing", ExitCode.OK),
    ],
)
def test_the_previews_of_the_engine_have_their_codes(name: str, code: ExitCode) -> None:
    """As recorded: a mistake in the config, in the program, and a stack that is not there."""
    assert read_preview(name).exit_code == code
