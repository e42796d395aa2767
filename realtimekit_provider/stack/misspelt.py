"""Keys of a stack's config that nothing reads, and that look like one that something reads."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from realtimekit_provider.lifecycle.problems import Problem
from realtimekit_provider.stack.references import NAMESPACE, StackConfig

__all__ = ["misspelt_keys"]

_ALIKE = 0.8


def misspelt_keys(config: StackConfig, known: Collection[str]) -> Iterator[Problem]:
    """Yield each key that is nearly one of ``known``: a policy by another name is none.

    Other keys are left alone. They may be credentials, or settings of the user's own program.
    """
    by_sound = {name.lower(): name for name in known}
    for key in sorted(config.keys()):
        namespace, _, name = key.partition(":")
        if namespace != NAMESPACE or name in known or config.is_secret(key):
            continue
        for sound in get_close_matches(name.lower(), by_sound, n=1, cutoff=_ALIKE):
            meant = f"{NAMESPACE}:{by_sound[sound]}"
            yield Problem(key, f"is no setting that exists: did you mean {meant}?")
