"""The recordings that a refresh found ended since the last deployment: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from realtimekit_provider.api.models.ending import (
    count_seconds,
    get_max_seconds,
    is_stopped_by_call,
)
from realtimekit_provider.api.models.status import NOT_STARTED, Phase, get_phase
from realtimekit_provider.engine.property_codec import decode
from realtimekit_provider.schema.urn import TYPES, parse_name

__all__ = ["Ending", "find_ending", "parse_endings"]

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
    found = (
        find_ending(urn, str(outputs.get("status") or NOT_STARTED), current.get(urn, {}))
        for urn, outputs in sorted(deployed.items())
    )
    return tuple(filter(None, found))


def find_ending(urn: str, deployed_status: str, current: Mapping[str, Any]) -> Ending | None:
    """Return that a recording has ended since the last deployment, ``None`` where it has not.

    Args:
        urn: The URN of its resource.
        deployed_status: Its status after the last deployment.
        current: ``status``, ``stop_reason``, ``started_time``, ``invoked_time`` and
            ``stopped_time`` as the API has them now, and the declared ``max_seconds``.
    """
    status = str(current.get("status") or NOT_STARTED)
    if not get_phase(deployed_status).is_live or get_phase(status) is not Phase.ENDED:
        return None
    reason = current.get("stop_reason")
    return Ending(
        urn,
        status,
        reason if isinstance(reason, str) else None,
        count_seconds(
            current.get("started_time") or current.get("invoked_time"), current.get("stopped_time")
        ),
        get_max_seconds(current.get("max_seconds")),
    )


def _is_recording(event: Mapping[str, Any]) -> bool:
    metadata = event.get("resourcePreEvent", {}).get("metadata", {})
    return metadata.get("type") == _TYPE and not (metadata.get("old") or {}).get("delete")


def _get_state(step: Mapping[str, Any]) -> Mapping[str, Any]:
    outputs: Mapping[str, Any] = decode((step.get("old") or {}).get("outputs") or {})
    return outputs
