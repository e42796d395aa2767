"""The fixtures of the engine's tests of storage."""

from tests.pulumi_cli.conftest import template
from tests.pulumi_cli.storage.conftest import clouds, emulator, project

__all__ = ["clouds", "emulator", "project", "template"]
