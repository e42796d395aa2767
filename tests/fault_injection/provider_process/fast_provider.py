"""A provider process in place of ``pulumi.dynamic``, with a faster clock.

A call that may take 120 seconds takes two here, so that thousands of faults can be injected. The
rest is as shipped, unless a mutation is asked for.
"""

from __future__ import annotations

import runpy
import time
from functools import partial

from realtimekit_provider.api.session import ApiSession
from tests.fault_injection.provider_process.replaced_names import (
    API_SESSION,
    apply_mutation,
    replace_name,
)
from tests.fault_injection.provider_process.restart import make_deployment_restartable

__all__ = ["MODULE", "SPEED"]

SPEED = 60
"""How many times as fast the clock of the API client is."""
MODULE = "tests.fault_injection.provider_process.fast_provider"


def _use_fast_clock() -> None:
    fast_session = partial(
        ApiSession,
        clock=lambda: time.monotonic() * SPEED,
        sleep=lambda seconds: time.sleep(seconds / SPEED),
    )
    replace_name(API_SESSION, fast_session)


if __name__ == "__main__":
    make_deployment_restartable()
    _use_fast_clock()
    apply_mutation()
    runpy.run_module("pulumi.dynamic", run_name="__main__")
