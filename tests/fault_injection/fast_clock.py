"""A provider process whose pauses and limits pass many times as fast, broken where asked to be.

It takes the place of ``pulumi.dynamic``: a call that may take 120 seconds takes two here, so that
thousands of faults can be lived through. The rest is as shipped, unless :data:`WITHOUT` names a
rule that is to be taken out.
"""

from __future__ import annotations

import os
import runpy
import time
from functools import partial

from realtimekit_provider.api.session import ApiSession
from realtimekit_provider.engine import api_client as calls
from realtimekit_provider.recordings import create as start
from realtimekit_provider.storage.gate import controller as storage_gate_provider
from tests.fault_injection.deployments import begin_anew_when_told

__all__ = ["HASTE", "MODULE", "MUTANTS", "WITHOUT"]

HASTE = 60
MODULE = "tests.fault_injection.fast_clock"
WITHOUT = "CAMPAIGN_WITHOUT"
MUTANTS = {
    "active-recording-question": (start, "active_recording"),
    "after-post-rule": (start, "find_after_lost_response"),
    "gate-wait": (storage_gate_provider, "drain_uploads"),
}
"""Rules that can be taken out of the provider, so that a campaign can be seen to need them."""


def _hasten() -> None:
    # The name that the provider looks up is replaced, and nothing of the client itself.
    hastened = partial(
        ApiSession,
        clock=lambda: time.monotonic() * HASTE,
        sleep=lambda seconds: time.sleep(seconds / HASTE),
    )
    setattr(calls, "ApiSession", hastened)  # noqa: B010 - a type checker knows it as a class


def _break() -> None:
    broken = os.environ.get(WITHOUT)
    if broken is not None:
        module, name = MUTANTS[broken]
        setattr(module, name, lambda *_arguments: None)


if __name__ == "__main__":
    begin_anew_when_told()
    _hasten()
    _break()
    runpy.run_module("pulumi.dynamic", run_name="__main__")
