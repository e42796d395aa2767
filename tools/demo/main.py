"""The demo from beginning to end, and its exit code."""

import sys
import time
from pathlib import Path

from tools.demo import assertions, files
from tools.demo.commands import Commands, DemoError, InterruptedDemoError, Interruptions
from tools.demo.sandbox import clear_accounts, create_sandbox
from tools.demo.script import Script
from tools.demo.transcript import Transcript

_EXIT_FAILED = 1
_EXIT_SIGNALLED = 128


def main(file: Path | None = None) -> int:
    """Run the demo; the exit code 0 means that recording and files are as declared."""
    started = time.monotonic()
    clear_accounts()
    try:
        with Transcript(file) as transcript:
            _run_demo(transcript)
            seconds = time.monotonic() - started
            transcript.print_note(
                f"That took {seconds:.0f} seconds. Everything that was made is removed."
            )
    except InterruptedDemoError as interrupted:
        _print_error(f"{interrupted}: the recording is stopped, and everything is removed again")
        return _EXIT_SIGNALLED + interrupted.number
    except DemoError as error:
        _print_error(str(error))
        return _EXIT_FAILED
    return 0


def _run_demo(transcript: Transcript) -> None:
    with Interruptions() as interruptions, create_sandbox() as sandbox:
        commands = Commands(sandbox.folder, sandbox.environment, transcript, interruptions)
        Script(sandbox, commands, transcript).run()
        assertions.show_requests(sandbox.control, transcript)
        uploaded = files.list_files(sandbox)
        files.show_files(uploaded, transcript)
        assertions.check_recording(sandbox.control, sandbox.meeting_id)
        files.check_files(uploaded, sandbox)


def _print_error(text: str) -> None:
    print(f"demo: {text}", file=sys.stderr, flush=True)
