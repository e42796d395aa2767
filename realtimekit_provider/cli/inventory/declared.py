"""What a stack's file declares of its recordings, beside what its state has: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from realtimekit_provider.api.models.status import DesiredState
from realtimekit_provider.cli.pulumi_cli.states import StateRecording

__all__ = ["find_undeployed", "get_desired_state"]

_STATES: tuple[DesiredState, ...] = get_args(DesiredState)
_DEFAULT: DesiredState = "RECORDING"


def find_undeployed(
    declared: Mapping[str, Any], recordings: Iterable[StateRecording]
) -> dict[str, Mapping[str, Any]]:
    """Return the declared recordings that no resource of the state is, by their name.

    Args:
        declared: The recordings that the stack's file declares, by name.
        recordings: Those that the stack's state has.
    """
    deployed = {one.name for one in recordings}
    return {
        name: given
        for name, given in declared.items()
        if isinstance(given, Mapping) and deployed.isdisjoint({name, *_list_aliases(given)})
    }


def get_desired_state(declared: Mapping[str, Any], held: StateRecording) -> DesiredState:
    """Return the ``desired_state`` that the file declares of a recording.

    A refresh writes what it finds into the state, so that counts only where the file does not
    declare the recording, or a program of its own does.
    """
    given = declared.get(held.name)
    written = given.get("desired_state", _DEFAULT) if isinstance(given, Mapping) else None
    known = (one for one in _STATES if one == written)
    return next(known, held.stored.inputs.desired_state)


def _list_aliases(given: Mapping[str, Any]) -> list[str]:
    aliases = given.get("aliases")
    return [one for one in aliases if isinstance(one, str)] if isinstance(aliases, list) else []
