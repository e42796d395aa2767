"""Settings of the property-based tests: the same examples in every run, and no stopwatch.

The environment variable ``EXAMPLES`` multiplies how many examples each test tries.
"""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, Phase, settings

__all__ = ["examples"]

_TIMES = int(os.environ.get("EXAMPLES", "1"))


def examples(number: int, **others: Any) -> settings:
    """Try so many examples, times ``EXAMPLES``."""
    return settings(
        max_examples=number * _TIMES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        **others,
    )
