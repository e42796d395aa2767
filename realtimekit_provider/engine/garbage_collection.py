"""Loading modules in the provider process, where they stay loaded until it ends."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["import_without_gc"]


@contextmanager
def import_without_gc() -> Iterator[None]:
    """Exclude what is loaded inside from garbage collection, now and later.

    Hardly anything that an import creates is ever garbage, and collecting took a sixth of the
    loading time. Whatever is alive at the end is never looked at again; where nothing was loaded,
    and where the collector was off before, nothing changes.
    """
    was_enabled, loaded = gc.isenabled(), len(sys.modules)
    gc.disable()
    try:
        yield
    finally:
        if len(sys.modules) > loaded:
            gc.freeze()
        if was_enabled:
            gc.enable()
