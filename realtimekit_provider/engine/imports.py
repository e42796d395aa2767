"""Loading modules in the provider process, where they stay until its end."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["import_without_gc"]


@contextmanager
def import_without_gc() -> Iterator[None]:
    """Keep the garbage collector away from what is loaded inside, now and later.

    Hardly anything that an import makes is ever garbage, and the collector's rounds took a sixth
    of the time that loading took. Whatever is alive at the end is never looked at again; where
    nothing was loaded, and where the collector was off before, everything stays as it was.
    """
    was_on, loaded = gc.isenabled(), len(sys.modules)
    gc.disable()
    try:
        yield
    finally:
        if len(sys.modules) > loaded:
            gc.freeze()
        if was_on:
            gc.enable()
