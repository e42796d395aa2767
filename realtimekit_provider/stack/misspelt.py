"""Keys of a stack's config that nothing reads, and that look like one that something reads."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from realtimekit_provider.lifecycle.problems import Problem
from realtimekit_provider.lifecycle.spelling import nearest
from realtimekit_provider.stack.references import NAMESPACE, StackConfig

__all__ = ["misspelt_keys"]


def misspelt_keys(config: StackConfig, known: Collection[str]) -> Iterator[Problem]:
    """Yield each key that is nearly one of ``known``: a policy by another name is none.

    Other keys are left alone. They may be credentials, or settings of the user's own program.
    """
    for key in sorted(config.keys()):
        namespace, _, name = key.partition(":")
        if namespace != NAMESPACE or name in known or config.is_secret(key):
            continue
        meant = nearest(name, known)
        if meant is not None:
            yield Problem(key, f"is no setting that exists: did you mean {NAMESPACE}:{meant}?")
