"""The demo from beginning to end, and what its exit code says."""

import sys
import time
from pathlib import Path

from tools.demo import assertions as verdict
from tools.demo import files
from tools.demo.commands import Commands, DemoError, InterruptedDemoError, Interruptions
from tools.demo.sandbox import forget_accounts, stage
from tools.demo.script import Story
from tools.demo.transcript import Transcript

_FAILED = 1
_SIGNALLED = 128


def main(file: Path | None = None) -> int:
    """Play the demo; 0 means that recording and files are as the stack's config said."""
    began = time.monotonic()
    forget_accounts()
    try:
        with Transcript(file) as transcript:
            _play(transcript)
            took = time.monotonic() - began
            transcript.aside(f"That took {took:.0f} seconds, and nothing of it is left.")
    except InterruptedDemoError as interrupted:
        _complain(f"{interrupted}: the recording is stopped, and nothing of the demo is left")
        return _SIGNALLED + interrupted.number
    except DemoError as error:
        _complain(str(error))
        return _FAILED
    return 0


def _play(transcript: Transcript) -> None:
    with Interruptions() as interruptions, stage() as place:
        commands = Commands(place.folder, place.environment, transcript, interruptions)
        Story(place, commands, transcript).tell()
        verdict.show(place.control, transcript)
        landed = files.landed(place)
        files.show(landed, transcript)
        verdict.check(place.control, place.meeting_id)
        files.check(landed, place)


def _complain(text: str) -> None:
    print(f"demo: {text}", file=sys.stderr, flush=True)
