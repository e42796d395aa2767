"""What is known of a meeting that no row is of: pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from realtimekit_provider.cli.inventory.rows import Owner, Row
from realtimekit_provider.cli.inventory.stacks import KnownStack
from realtimekit_provider.cli.pulumi_cli.commands import format_command
from realtimekit_provider.schema.suggestions import closest_match

__all__ = ["explain_unknown_meeting"]


def explain_unknown_meeting(
    meeting_id: str | None, rows: Iterable[Row], stacks: Sequence[KnownStack]
) -> str:
    """Return why nothing is listed of a meeting, empty where something is or none was asked for.

    Args:
        meeting_id: The meeting that was asked for.
        rows: Every row that there is, before any is filtered out.
        stacks: The stacks of the project.
    """
    if meeting_id is None or any(row.recording.meeting_id == meeting_id for row in rows):
        return ""
    held, declared = dict(_list_held(stacks)), dict(_list_declared(stacks))
    if meeting_id in held:
        owner = held[meeting_id]
        return (
            f"Meeting {meeting_id} is that of {owner.describe()}, whose app was not asked: "
            "list without --stack"
        )
    begin = f"Neither the API nor a state has a recording of meeting {meeting_id}. "
    if meeting_id in declared:
        owner = declared[meeting_id]
        return (
            f"{begin}The file of stack {owner.stack} declares one, '{owner.name}': run "
            f"'{format_command('up', owner.stack)}'"
        )
    known = {**declared, **held}
    near = closest_match(meeting_id, known)
    if near is not None:
        return f"{begin}Is it {near}, the meeting of {known[near].describe()}?"
    if not known:
        return f"{begin}No stack here declares any meeting"
    number = f"{len(known)} other meeting" + ("" if len(known) == 1 else "s")
    return f"{begin}The stacks here declare {number}, none of them with a similar id"


def _list_held(stacks: Iterable[KnownStack]) -> Iterator[tuple[str, Owner]]:
    for stack in stacks:
        for held in stack.recordings:
            if held.stored.inputs.meeting_id:
                yield held.stored.inputs.meeting_id, Owner(stack.name, held.name)


def _list_declared(stacks: Iterable[KnownStack]) -> Iterator[tuple[str, Owner]]:
    for stack in stacks:
        for name, given in stack.declared.items():
            meeting_id = given.get("meeting_id") if isinstance(given, Mapping) else None
            if isinstance(meeting_id, str):
                yield meeting_id, Owner(stack.name, name)
