"""Parts of what the CLI prints, without what differs from run to run."""

from __future__ import annotations

import re

__all__ = ["extract_diagnostics", "normalize_output", "replace_variable_parts"]

_VARIABLE_PARTS = {
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}": "<id>",
    r"\d{4}-\d\d-\d\dT[\d:.]+Z": "<time>",
    r"cf-ray \S+-EMU": "cf-ray <ray>",
    r"127\.0\.0\.1:\d+": "<host>",
    r"\b\d+/(\d+) s: ": r"<n>/\1 s: ",
    r"\brk[0-9a-f]{10,}\b": "<mark>",
}


def extract_diagnostics(output: str) -> str:
    """Return the section 'Diagnostics' of what the CLI printed."""
    found = output.partition("\nDiagnostics:\n")[2]
    for heading in ("\nOutputs:\n", "\nResources:\n"):
        found = found.partition(heading)[0]
    return found


def normalize_output(output: str) -> str:
    """Return the messages of an output: waits first, then the diagnostics in a stable order.

    How long a pause before another try is, or whether there is one to be seen, is chance.
    """
    waits = re.findall(r"<n>/\d+ s: .*", replace_variable_parts(output))
    wait_until_polling = sorted({wait for wait in waits if "next try after that" not in wait})
    diagnostics = sorted(
        replace_variable_parts(extract_diagnostics(output)).strip("\n").split("\n\n")
    )
    return (
        "\n\n".join(part for part in ("\n".join(wait_until_polling), *diagnostics) if part) + "\n"
    )


def replace_variable_parts(text: str) -> str:
    """Return a text with names in the place of ids, times, marks and ports, ended by a line."""
    for pattern, name in _VARIABLE_PARTS.items():
        text = re.sub(pattern, name, text)
    return f"{text}\n"
