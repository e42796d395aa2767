"""What the Pulumi CLI writes to stderr, passed on as it comes, but for a refusal over a lock."""

from __future__ import annotations

import sys
import threading
from typing import IO

from realtimekit_provider.cli.deployments.locks import is_lock_error
from realtimekit_provider.cli.workflow_commands import break_commands, is_in_github_actions

__all__ = ["ErrorOutput"]


class ErrorOutput:
    """A reader of a stream, in a thread of its own.

    Args:
        stream: What the CLI writes to; it is closed with the CLI.
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._lock_error: list[str] = []
        self._thread = threading.Thread(target=self._pass_on, daemon=True)
        self._thread.start()

    def read_lock_error(self, timeout: float) -> str:
        """Return the refusal over a lock, empty without, once the CLI has ended.

        Args:
            timeout: Seconds to wait for a process that the CLI has left with the stream.
        """
        self._thread.join(timeout)
        return "".join(self._lock_error)

    def _pass_on(self) -> None:
        with self._stream:
            for line in self._stream:
                if self._lock_error or is_lock_error(line):
                    self._lock_error.append(line)
                else:
                    # GitHub Actions reads this stream beside stdout, before it or after it.
                    sys.stderr.write(break_commands(line) if is_in_github_actions() else line)
                    sys.stderr.flush()
