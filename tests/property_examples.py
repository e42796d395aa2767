"""Settings of the property-based tests: the same examples in every run, and no time limit.

The environment variable ``EXAMPLES_FACTOR`` multiplies how many examples each test tries.
"""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, Phase, settings

__all__ = ["run_examples"]

_FACTOR = int(os.environ.get("EXAMPLES_FACTOR", "1"))


def run_examples(number: int, **others: Any) -> settings:
    """Return settings that try ``number`` times ``EXAMPLES_FACTOR`` examples.

    ``others`` are further settings of Hypothesis.
    """
    return settings(
        max_examples=number * _FACTOR,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        **others,
    )
