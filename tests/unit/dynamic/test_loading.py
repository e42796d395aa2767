"""What the provider process loads is no work for the garbage collector."""

from __future__ import annotations

import gc
from contextlib import suppress

from realtimekit_provider.dynamic.loading import loading_for_good


def test_what_is_loaded_for_good_is_never_looked_at_again() -> None:
    """The collector stands still meanwhile, and passes over it afterwards; also after an error."""
    frozen = gc.get_freeze_count()
    with suppress(ImportError), loading_for_good():
        stood_still = not gc.isenabled()
        raise ImportError
    try:
        assert stood_still
        assert gc.isenabled()
        assert gc.get_freeze_count() > frozen
    finally:
        gc.unfreeze()
