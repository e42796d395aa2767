"""A resource that tells what the provider process has loaded."""

from __future__ import annotations

import sys
from typing import Any

from pulumi.dynamic import CreateResult, ResourceProvider

__all__ = ["Spy"]


class Spy(ResourceProvider):
    """Its only output is ``modules``."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> CreateResult:
        return CreateResult("modules", {"modules": sorted(sys.modules)})
