"""The control API: which request goes to which handler."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from realtimekit_emulator.control import (
    downloads,
    faults,
    meetings,
    recordings,
    requests,
    settings,
)
from realtimekit_emulator.control.control_request import ControlRequest
from realtimekit_emulator.emulator import Emulator
from realtimekit_emulator.errors import ApiError, NotFoundError
from realtimekit_emulator.messages import Request, Response
from realtimekit_emulator.options import InvalidOptionError

Handler = Callable[[ControlRequest], Any]
"""Returns a response, or what its JSON is to hold."""

PREFIX = "/_emulator"
"""The beginning of all paths of the control API."""

_TABLES: tuple[Mapping[str, Handler], ...] = (
    settings.ROUTES,
    meetings.ROUTES,
    recordings.ROUTES,
    requests.ROUTES,
    faults.ROUTES,
)


class ControlApi:
    """Responds to requests to the control API, and to those for files behind download links.

    Attributes:
        routes: The handlers by method and segments of the path, an id being ``*``.
    """

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self.routes: dict[tuple[str, ...], Handler] = {
            (method, *path.split("/")): handler
            for table in _TABLES
            for (method, path), handler in ((key.split(" "), one) for key, one in table.items())
        }

    def handle(self, request: Request) -> Response:
        """Respond to one request; the body of an error is ``{"error": text}``."""
        try:
            self._emulator.state.run_due_timers()
            if request.path.startswith(downloads.PREFIX):
                return self._download(request)
            result = self._dispatch(request)
        except ApiError as error:
            return Response(status=error.status, document={"error": error.message})
        except (InvalidOptionError, TypeError, ValueError) as error:
            return Response(status=422, document={"error": str(error)})
        return result if isinstance(result, Response) else Response(document=result)

    def _download(self, request: Request) -> Response:
        recording_id, _, name = request.path.removeprefix(downloads.PREFIX).partition("/")
        control_request = ControlRequest(self._emulator, dict(request.query), recording_id)
        return downloads.download_file(control_request, name)

    def _dispatch(self, request: Request) -> Any:
        if not request.path.startswith(PREFIX):
            raise NotFoundError(f"there is nothing at {request.path}")
        # The second part is always an id, so a path is found without looking at every route.
        parts = request.path.removeprefix(PREFIX).strip("/").split("/")
        pattern = [*parts[:1], *("*" for _ in parts[1:2]), *parts[2:]]
        handler = self.routes.get((request.method, *pattern))
        if handler is None:
            raise NotFoundError(f"the control API has no {request.method} {request.path}")
        return handler(
            ControlRequest(
                self._emulator,
                query=dict(request.query),
                id=parts[1] if len(parts) > 1 else "",
                body=request.parse_object(allow_empty=True),
            )
        )
