"""Keys of a stack's config that are nearly the name of a setting."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from realtimekit_provider.program.references import NAMESPACE, StackConfig
from realtimekit_provider.schema.input_failures import InputFailure
from realtimekit_provider.schema.suggestions import closest_match

__all__ = ["find_misspelled_keys"]


def find_misspelled_keys(config: StackConfig, known: Collection[str]) -> Iterator[InputFailure]:
    """Yield each key that is nearly one of ``known``, which is ignored as it stands.

    Other keys are left alone. They may be credentials, or settings of the user's own program.
    """
    for key in sorted(config.keys()):
        namespace, _, name = key.partition(":")
        if namespace != NAMESPACE or name in known or config.is_secret(key):
            continue
        meant = closest_match(name, known)
        if meant is not None:
            yield InputFailure(key, f"is not a setting: did you mean {NAMESPACE}:{meant}?")
