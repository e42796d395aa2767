"""The parts of what the CLI prints, without what differs from run to run."""

from __future__ import annotations

import re

__all__ = ["diagnostics_in", "words_in"]

_TRACEBACK = re.compile(
    r"    error: Traceback \(most recent call last\):\n(?:      .*\n)+"
    r"    realtimekit_provider\.errors\.(\w+): (.*)\n"
)
_DIFFERS = {
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}": "<id>",
    r"\d{4}-\d\d-\d\dT[\d:.]+Z": "<time>",
    r"cf-ray \S+-EMU": "cf-ray <ray>",
    r"127\.0\.0\.1:\d+": "<host>",
    r"waiting \d+ of": "waiting <n> of",
}


def diagnostics_in(output: str) -> str:
    """Return the part that says each thing once, after the rows that repeat it."""
    found = output.partition("\nDiagnostics:\n")[2]
    for heading in ("\nOutputs:\n", "\nResources:\n"):
        found = found.partition(heading)[0]
    return found


def words_in(output: str) -> str:
    """Return what a person reads: waits on the rows, then the diagnostics in a stable order.

    A traceback shrinks to its last line, and that to its class where it repeats the sentence.
    """
    waits = sorted(set(re.findall(r"waiting .*", _stable(output))))
    said = sorted(_stable(diagnostics_in(output)).strip("\n").split("\n\n"))
    return "\n\n".join(part for part in ("\n".join(waits), *said) if part) + "\n"


def _stable(text: str) -> str:
    for pattern, name in _DIFFERS.items():
        text = re.sub(pattern, name, text)
    return _TRACEBACK.sub(_last_line, f"{text}\n")


def _last_line(traceback: re.Match[str]) -> str:
    kind, sentence = traceback.groups()
    repeated = sentence in traceback.string[: traceback.start()]
    return f"    error: Traceback … {kind}: {'…' if repeated else sentence}\n"
