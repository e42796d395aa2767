"""The parts of what the CLI prints."""

from __future__ import annotations

__all__ = ["diagnostics_in"]


def diagnostics_in(output: str) -> str:
    """Return the part that says each thing once, after the rows that repeat it."""
    found = output.partition("\nDiagnostics:\n")[2]
    for heading in ("\nOutputs:\n", "\nResources:\n"):
        found = found.partition(heading)[0]
    return found
