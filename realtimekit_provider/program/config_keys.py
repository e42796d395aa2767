"""Keys of a stack's config that are nearly the name of a setting."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from realtimekit_provider.program.references import NAMESPACE, StackConfig
from realtimekit_provider.schema.input_failures import InputFailure
from realtimekit_provider.schema.suggestions import closest_match

__all__ = ["find_misspelled_keys"]


def find_misspelled_keys(config: StackConfig, known: Collection[str]) -> Iterator[InputFailure]:
    """Yield each key that is nearly one of ``known``, or a path in one: as it stands it is ignored.

    Other keys are left alone. They may be credentials, or settings of the user's own program.
    """
    for key in sorted(config.keys()):
        namespace, _, name = key.partition(":")
        if namespace != NAMESPACE or name in known or config.is_secret(key):
            continue
        setting = re.split(r"[.\[]", name, maxsplit=1)[0]
        if setting != name and setting in known:
            reason = (
                f"is a key of its own, and no part of {NAMESPACE}:{setting}: write it below that, "
                "or set it with 'pulumi config set --path'"
            )
            yield InputFailure(key, reason)
        elif (meant := closest_match(name, known)) is not None:
            yield InputFailure(key, f"is not a setting: did you mean {NAMESPACE}:{meant}?")
