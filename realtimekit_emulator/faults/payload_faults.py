"""Faults that process the request and then change what the response says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field, NonNegativeFloat, field_validator
from typing_extensions import override

from realtimekit_emulator.faults.base import FaultBehavior
from realtimekit_emulator.messages import Request, Response
from realtimekit_emulator.model.state import EmulatorState

_FIRST_ERROR_STATUS = 400
_WRONG_DATA = {"null": "null", "object": "{}", "list": "[]", "text": '"unavailable"'}


class PayloadFault(FaultBehavior):
    """A fault that changes the recordings, meetings or sessions in a successful response."""

    @override
    async def after(self, request: Request, response: Response, state: EmulatorState) -> Response:
        """Change everything that the response shows."""
        if response.status < _FIRST_ERROR_STATUS:
            for item in _iterate_items(response.document):
                self.change_item(item)
        return response

    def change_item(self, item: dict[str, Any]) -> None:
        """Change one recording, meeting or session."""
        raise NotImplementedError


class MissingId(PayloadFault):
    """The response has no id."""

    def change_item(self, item: dict[str, Any]) -> None:
        """Remove the id."""
        item.pop("id", None)


class NullFields(PayloadFault):
    """Fields are null."""

    fields: tuple[str, ...] = Field(
        default=(), description="the fields; if none are given, every field but id"
    )

    @field_validator("fields", mode="before")
    @classmethod
    def _accept_list(cls, value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value

    def change_item(self, item: dict[str, Any]) -> None:
        """Make fields null."""
        for name in self.fields or [name for name in item if name != "id"]:
            item[name] = None


class UnknownStatus(PayloadFault):
    """The status is a word that the reference does not have."""

    value: str = Field(default="TRANSMOGRIFYING", description="the word")

    def change_item(self, item: dict[str, Any]) -> None:
        """Change the status."""
        item["status"] = self.value


class ExtraFields(PayloadFault):
    """There are fields that the reference does not have."""

    def change_item(self, item: dict[str, Any]) -> None:
        """Add fields of several types."""
        item["x_text"] = "unknown"
        item["x_object"] = {"status": "ERRORED", "id": "not-the-id"}
        item["x_list"] = [1, None, {"deep": True}]


class WrongData(FaultBehavior):
    """``data`` is of another type than the reference says."""

    value: Literal["null", "object", "list", "text"] = Field(
        default="null", description="what it is: null, an empty object, an empty list, or a text"
    )

    @override
    async def after(self, request: Request, response: Response, state: EmulatorState) -> Response:
        """Replace the data of a successful response."""
        if response.status < _FIRST_ERROR_STATUS and isinstance(response.document, dict):
            response.document["data"] = json.loads(_WRONG_DATA[self.value])
        return response


class TruncatedBody(FaultBehavior):
    """JSON that stops in the middle, in a complete HTTP response."""

    fraction: NonNegativeFloat = Field(
        default=0.5, description="the part of the body that is sent, from 0 to 1"
    )

    @override
    async def after(self, request: Request, response: Response, state: EmulatorState) -> Response:
        """Shorten the body."""
        body = response.encode_body()
        response.raw = body[: int(len(body) * self.fraction)]
        return response


def _iterate_items(document: Any) -> Iterator[dict[str, Any]]:
    data = document.get("data") if isinstance(document, dict) else None
    if isinstance(data, dict):
        inner = data.get("sessions", data.get("recording", data))
        data = inner if isinstance(inner, list) else [inner]
    if isinstance(data, list):
        yield from (item for item in data if isinstance(item, dict))
