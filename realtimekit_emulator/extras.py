"""What has to be installed for a part of the emulator, and how."""

from __future__ import annotations

INSTALL_COMMAND = "pip install 'realtimekit-provider[{extra}] @ SOURCE'"
"""How to install the package with an extra. No package index has it yet, so ``SOURCE`` is the
address of its wheel, ``file:///…``, or of its repository, ``git+https://…``."""


def describe_missing_module(module: str, extra: str) -> str:
    """Say that a module is missing, and how to install it."""
    return f"{module.partition('.')[0]} is missing: {INSTALL_COMMAND.format(extra=extra)}"
