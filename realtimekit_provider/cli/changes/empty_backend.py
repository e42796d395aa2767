"""A backend with one empty stack, for the preview of a stack that does not exist yet."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from realtimekit_provider.cli.stack_files.project import Project, StackFile

__all__ = ["open_empty_backend"]

_PASSPHRASE_VARIABLES = ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE")


@contextmanager
def open_empty_backend(project: Project, file: StackFile) -> Iterator[dict[str, str]]:
    """Yield the variables of the environment by which the Pulumi CLI uses an empty backend.

    It is in a folder that is gone at the end of the block. The stack has the names that it will
    have, so its resources have the URNs, and what it declares the digest, of its first deployment.

    Args:
        project: The project.
        file: The stack's file.
    """
    with TemporaryDirectory(prefix="realtimekit-") as temporary:
        folder = Path(temporary)
        stacks = folder / ".pulumi" / "stacks" / project.name
        stacks.mkdir(parents=True)
        (folder / ".pulumi" / "meta.yaml").write_text("version: 1\n", encoding="utf-8")
        name = f"organization/{project.name}/{file.stack}"
        state = {"version": 3, "checkpoint": {"stack": name, "latest": None}}
        (stacks / f"{file.stack}.json").write_text(json.dumps(state), encoding="utf-8")
        environment = {"PULUMI_BACKEND_URL": folder.as_uri()}
        if not any(name in os.environ for name in _PASSPHRASE_VARIABLES):
            # A stack without secrets needs none; with another one, nothing can be decrypted.
            environment["PULUMI_CONFIG_PASSPHRASE"] = ""
        yield environment
