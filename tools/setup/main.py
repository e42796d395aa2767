"""The two things a checkout needs, in order, and how a failure is reported."""

import signal
import sys
import time

from tools.environment import ROOT
from tools.setup import pulumi_cli, virtualenv
from tools.setup.steps import SetupError, format_duration, lock, say


def main() -> int:
    """Set up the checkout; a failure is one sentence, without a traceback."""
    # SIGTERM unwinds like Ctrl-C, so that a running build is stopped and its folder removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    started = time.monotonic()
    try:
        # One set-up a checkout at a time; the CLI's cache, shared by checkouts, has its own lock.
        with lock(ROOT):
            virtualenv.ensure()
            pulumi_cli.ensure()
    except SetupError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("interrupted; the next run starts the unfinished step again")
        return 130
    say(f"ready ({format_duration(time.monotonic() - started)})")
    return 0
