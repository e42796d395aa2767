"""A copy of a stack's file, for a command of the Pulumi CLI that is not to change the checkout."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from realtimekit_provider.cli.exit_codes import CommandError, ExitCode
from realtimekit_provider.cli.stack_files.project import Project, get_stack_file_path

__all__ = ["open_config_copy"]


@contextmanager
def open_config_copy(project: Project, stack: str) -> Iterator[Path]:
    """Yield a copy of the file of a stack, which is gone after the block.

    Whatever reads a stack's config writes to its file what its secrets are encrypted with, unless
    that stands there, and so makes the file of a stack that has none. Such a stack gets a path at
    which nothing is.

    Args:
        project: The project.
        stack: The stack's name, in any form that the Pulumi CLI takes.

    Raises:
        CommandError: The file cannot be read.

    Source: ``getAndSaveSecretsManager`` of the Pulumi CLI.
    """
    file = get_stack_file_path(project, stack)
    with TemporaryDirectory(prefix="realtimekit-") as folder:
        copy = Path(folder, file.name)
        try:
            shutil.copyfile(file, copy)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise CommandError(
                f"{file} cannot be read: {error.strerror}", ExitCode.CONFIGURATION
            ) from None
        yield copy
