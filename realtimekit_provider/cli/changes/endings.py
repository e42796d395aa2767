"""The recordings that a refresh found ended since the last deployment: pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from realtimekit_provider.api.models.ending import (
    LONGEST_RECORDING,
    count_seconds,
    is_stopped_by_call,
)
from realtimekit_provider.api.models.status import NOT_STARTED, Phase, get_phase
from realtimekit_provider.engine.property_codec import decode
from realtimekit_provider.schema.urn import TYPES, parse_name

__all__ = ["Ending", "parse_endings"]

_TYPE = f"{TYPES}:TrackRecording"


@dataclass(frozen=True)
class Ending:
    """A recording that was live at the last deployment, and has ended.

    Attributes:
        urn: The URN of its resource.
        status: Its status now.
        stop_reason: Why it ended, in the API's words; ``None`` where it does not say.
        seconds: How long it was, from its start to its end; ``None`` where that is not known.
        max_seconds: How long it may be.
    """

    urn: str
    status: str
    stop_reason: str | None
    seconds: float | None
    max_seconds: float

    @property
    def name(self) -> str:
        """The name that the program gives it."""
        return parse_name(self.urn)

    @property
    def is_stopped_outside(self) -> bool:
        """Whether somebody stopped it who is not this stack."""
        return is_stopped_by_call(self.stop_reason, self.seconds, self.max_seconds)


def parse_endings(events: Sequence[Mapping[str, Any]]) -> tuple[Ending, ...]:
    """Return the recordings that the refresh of a preview found ended, by URN."""
    steps = [event["resourcePreEvent"]["metadata"] for event in events if _is_recording(event)]
    deployed = {one["urn"]: _get_state(one) for one in steps if one["op"] == "refresh"}
    current = {one["urn"]: _get_state(one) for one in steps if one["op"] != "refresh"}
    return tuple(
        ending
        for urn, outputs in sorted(deployed.items())
        for ending in _compare(urn, outputs, current.get(urn, {}))
    )


def _is_recording(event: Mapping[str, Any]) -> bool:
    metadata = event.get("resourcePreEvent", {}).get("metadata", {})
    return metadata.get("type") == _TYPE and not (metadata.get("old") or {}).get("delete")


def _get_state(step: Mapping[str, Any]) -> Mapping[str, Any]:
    outputs: Mapping[str, Any] = decode((step.get("old") or {}).get("outputs") or {})
    return outputs


def _compare(urn: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Ending]:
    status = str(after.get("status") or NOT_STARTED)
    was_live = get_phase(str(before.get("status") or NOT_STARTED)).is_live
    if was_live and get_phase(status) is Phase.ENDED:
        reason = after.get("stop_reason")
        longest = after.get("max_seconds")
        yield Ending(
            urn,
            status,
            reason if isinstance(reason, str) else None,
            count_seconds(
                after.get("started_time") or after.get("invoked_time"), after.get("stopped_time")
            ),
            float(longest) if isinstance(longest, (int, float)) else LONGEST_RECORDING,
        )
