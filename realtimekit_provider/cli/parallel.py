"""Work in threads that does not outlast a cancelled command."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

__all__ = ["map_parallel"]

_GRACE = 2.0

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def map_parallel(
    function: Callable[[_Item], _Result], items: Iterable[_Item], threads: int
) -> list[_Result]:
    """Return what a function makes of each item, in their order.

    Cancelled by a signal, nothing more begins, and what runs has two seconds to clean up.

    Args:
        function: Is called in a thread.
        items: Its arguments.
        threads: How many calls there are at a time.
    """
    pool = ThreadPoolExecutor(threads)
    futures = [pool.submit(function, item) for item in items]
    try:
        results = [future.result() for future in futures]
    except KeyboardInterrupt:
        pool.shutdown(wait=False, cancel_futures=True)
        wait([one for one in futures if not one.cancelled()], _GRACE)
        raise
    except BaseException:
        pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()
    return results
