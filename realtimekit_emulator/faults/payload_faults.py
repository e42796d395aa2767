"""Faults that do what was asked for and then tell it wrongly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from realtimekit_emulator.faults.behavior import FaultBehavior
from realtimekit_emulator.options import names, number, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from realtimekit_emulator.model.state import EmulatorState
    from realtimekit_emulator.server.messages import Request, Response

_FIRST_FAILURE = 400


@dataclass(frozen=True)
class PayloadFault(FaultBehavior):
    """A fault that changes the document of a success."""

    async def after(self, call: Request, answer: Response, state: EmulatorState) -> Response:
        """Change every thing that the answer shows."""
        del call, state
        if answer.status < _FIRST_FAILURE:
            for thing in _things(answer.document):
                self.distort(thing)
        return answer

    def distort(self, thing: dict[str, Any]) -> None:
        """Change one recording, meeting or session."""
        raise NotImplementedError


@dataclass(frozen=True)
class MissingId(PayloadFault):
    """What is shown has no id."""

    def distort(self, thing: dict[str, Any]) -> None:
        """Take the id away."""
        thing.pop("id", None)


@dataclass(frozen=True)
class NullFields(PayloadFault):
    """Fields are null."""

    fields: tuple[str, ...] = names("the fields; none: every field but id")

    def distort(self, thing: dict[str, Any]) -> None:
        """Make fields null."""
        for name in self.fields or [one for one in thing if one != "id"]:
            thing[name] = None


@dataclass(frozen=True)
class UnknownStatus(PayloadFault):
    """The status is a word that nobody has heard of."""

    value: str = words("TRANSMOGRIFYING", "the word")

    def distort(self, thing: dict[str, Any]) -> None:
        """Change the status."""
        thing["status"] = self.value


@dataclass(frozen=True)
class ExtraFields(PayloadFault):
    """Fields that nobody has heard of."""

    def distort(self, thing: dict[str, Any]) -> None:
        """Add fields of several types."""
        thing["x_text"] = "unheard of"
        thing["x_object"] = {"status": "ERRORED", "id": "not-the-id"}
        thing["x_list"] = [1, None, {"deep": True}]


@dataclass(frozen=True)
class TruncatedBody(FaultBehavior):
    """JSON that stops in the middle, though the answer is complete as HTTP."""

    fraction: float = number(0.5, "how much of the body is sent")

    async def after(self, call: Request, answer: Response, state: EmulatorState) -> Response:
        """Shorten the body."""
        del call, state
        whole = answer.payload()
        answer.raw = whole[: int(len(whole) * self.fraction)]
        return answer


def _things(document: Any) -> Iterator[dict[str, Any]]:
    data = document.get("data") if isinstance(document, dict) else None
    if isinstance(data, dict):
        inner = data.get("sessions", data.get("recording", data))
        data = inner if isinstance(inner, list) else [inner]
    if isinstance(data, list):
        yield from (one for one in data if isinstance(one, dict))
