"""The control API: what tests do to the emulator that no user of the real API could."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from . import control_faults, control_meetings, control_recordings, control_world
from .calls import Answer
from .options import InvalidOptionError
from .refusals import MalformedError, NotFoundError, RefusalError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .world import World

    Handler = Callable[[World, dict[str, str], dict[str, Any]], Any]

PREFIX = "/_emulator"
_TABLES: tuple[Mapping[str, Handler], ...] = (
    control_world.ROUTES,
    control_meetings.ROUTES,
    control_recordings.ROUTES,
    control_faults.ROUTES,
)


class ControlApi:
    """Answers the control API, and hands out the files behind download links."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.routes = {
            (method, *path.split("/")): handler
            for table in _TABLES
            for (method, path), handler in ((key.split(" "), one) for key, one in table.items())
        }

    def answer(self, method: str, path: str, query: dict[str, str], body: bytes) -> Answer:
        """Answer one request; what goes wrong is told as ``{"error": text}``."""
        try:
            if path.startswith("/_files/"):
                return control_recordings.file(self._world, path, query)
            result = self._call(method, path, query, body)
        except RefusalError as refusal:
            return Answer(status=refusal.status, document={"error": refusal.message})
        except (InvalidOptionError, KeyError, TypeError, ValueError) as error:
            return Answer(status=422, document={"error": str(error)})
        return result if isinstance(result, Answer) else Answer(document=result)

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
