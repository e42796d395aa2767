"""Loading modules in the provider process, where they stay until its end."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["loading_for_good"]


@contextmanager
def loading_for_good() -> Iterator[None]:
    """Keep the garbage collector away from what is loaded inside, now and later.

    Nothing of a module ever is garbage, and the collector's rounds through what is loaded take a
    sixth of the time that loading takes; it would go on with them for as long as the process runs.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
