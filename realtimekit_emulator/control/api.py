"""The control API: what tests do to the emulator that no user of the real API could."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from realtimekit_emulator.control import faults as control_faults
from realtimekit_emulator.control import meetings as control_meetings
from realtimekit_emulator.control import recordings as control_recordings
from realtimekit_emulator.control import state as control_world
from realtimekit_emulator.errors import MalformedError, NotFoundError, RefusalError
from realtimekit_emulator.options import InvalidOptionError
from realtimekit_emulator.server.messages import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from realtimekit_emulator.model.state import EmulatorState

    Handler = Callable[[EmulatorState, dict[str, str], dict[str, Any]], Any]

PREFIX = "/_emulator"
_TABLES: tuple[Mapping[str, Handler], ...] = (
    control_world.ROUTES,
    control_meetings.ROUTES,
    control_recordings.ROUTES,
    control_faults.ROUTES,
)


class ControlApi:
    """Answers the control API, and hands out the files behind download links."""

    def __init__(self, state: EmulatorState) -> None:
        self._world = state
        self.routes = {
            (method, *path.split("/")): handler
            for table in _TABLES
            for (method, path), handler in ((key.split(" "), one) for key, one in table.items())
        }

    def answer(self, method: str, path: str, query: dict[str, str], body: bytes) -> Response:
        """Response one request; what goes wrong is told as ``{"error": text}``."""
        try:
            if path.startswith("/_files/"):
                return control_recordings.file(self._world, path, query)
            result = self._call(method, path, query, body)
        except RefusalError as refusal:
            return Response(status=refusal.status, document={"error": refusal.message})
        except (InvalidOptionError, KeyError, TypeError, ValueError) as error:
            return Response(status=422, document={"error": str(error)})
        return result if isinstance(result, Response) else Response(document=result)

    def _call(self, method: str, path: str, query: dict[str, str], body: bytes) -> Any:
        parts = path.removeprefix(PREFIX).strip("/").split("/")
        if not path.startswith(PREFIX):
            message = f"there is nothing at {path}"
            raise NotFoundError(message)
        # The second part is always an id, so a path is found without looking at every route.
        params = dict(query)
        pattern = [*parts[:1], *("*" for _ in parts[1:2]), *parts[2:]]
        handler = self.routes.get((method, *pattern))
        if handler is None:
            message = f"the control API has no {method} {path}"
            raise NotFoundError(message)
        if len(parts) > 1:
            params["id"] = parts[1]
        self._world.now()
        return handler(self._world, params, _document(body))


def _document(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    document = json.loads(body)
    if not isinstance(document, dict):
        message = "the body must be a JSON object"
        raise MalformedError(message)
    return document
