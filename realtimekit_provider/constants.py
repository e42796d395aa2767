"""Names and numbers that several packages share; loaded everywhere, so it imports nothing."""

from __future__ import annotations

from typing import Final

__all__ = [
    "COMPUTED_OUTPUTS",
    "IDENTITY_NAME",
    "INSTALL_COMMAND",
    "MARK_KEY",
    "MARK_WORD",
    "MAX_WORKERS",
    "MIN_WORKERS",
    "NOT_DEPLOYED",
    "PUBLIC_BASE_URL",
    "SECRET_KEYS",
]

SECRET_KEYS = frozenset({"access_key", "secret", "password", "private_key"})
"""The keys of a ``storage_config`` whose values are credentials (API reference)."""

INSTALL_COMMAND: Final = "pip install 'realtimekit-provider[{extra}] @ SOURCE'"
"""How to install the package with an extra. No package index has it yet, so ``SOURCE`` is the
address of its wheel, ``file:///…``, or of its repository, ``git+https://…``."""

MARK_WORD = "{mark}"
"""The word in a user's file name prefix that stands for the resource's mark."""

IDENTITY_NAME: Final = "identity"
"""The name of the one ``StackIdentity`` of a stack."""

NOT_DEPLOYED: Final = "not deployed: "
"""What a value begins with, before a resource's name, where a deployment of selected targets left
out the resource that makes it; alone it stands for a value whose resource failed."""

COMPUTED_OUTPUTS = (
    "status",
    "session_id",
    "output_file_name",
    "invoked_time",
    "started_time",
    "stopped_time",
    "recording_duration",
    "start_reason",
    "stop_reason",
    "storage_applied",
    "warning",
    "previous",
)
"""The outputs of a ``TrackRecording`` that are not among its inputs."""

MARK_KEY: Final = "realtimekit-mark"
"""The key of the tag or label that says whose a bucket or an IAM user is."""

MIN_WORKERS: Final = 4
"""How many operations Pulumi's SDK does at once, where nobody asks for more."""

MAX_WORKERS: Final = 16
"""How many operations the provider's process does at once, at most."""

PUBLIC_BASE_URL: Final = "https://api.cloudflare.com/client/v4"
"""Cloudflare's public API."""
