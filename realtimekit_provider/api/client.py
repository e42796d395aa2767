"""The recordings of one app, as calls: the operations of the API, each once, by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from realtimekit_provider.api.models.recording import (
    UNFINISHED_STATUSES,
    Action,
    Recording,
    parse_recording,
)
from realtimekit_provider.api.models.track_request import TrackApi, TrackRequest, build_track_body
from realtimekit_provider.api.requests import RequestExecutor
from realtimekit_provider.api.session import ApiSession
from realtimekit_provider.errors import CallInfo, NotFoundError, OutcomeUnknownError

__all__ = ["RecordingsClient"]

_PAGE = 100
_MOST_PAGES = 1000


def _say_nothing(_text: str) -> None:
    """The reporter of callers that show no progress."""


class RecordingsClient:
    """The track recordings of one app of one account.

    Every method raises nothing but :class:`~realtimekit_provider.errors.CallError` and its
    subclasses. Each request that it makes ends within ``settings.call_timeout`` seconds, and
    ``settings.rate_limit_timeout`` where it has to wait for a limit.
    """

    def __init__(
        self,
        connection: ApiSession,
        account_id: str,
        app_id: str,
        progress: Callable[[str], None] = _say_nothing,
    ) -> None:
        self._connection = connection
        self._call = RequestExecutor(connection, progress).call
        self._root = f"/accounts/{quote(account_id, safe='')}/realtime/kit/{quote(app_id, safe='')}"
        self._index = connection.unfinished_cache(self._root, self._list_unfinished_leniently)

    def start(self, request: TrackRequest, track_api: TrackApi) -> Recording:
        """Start a recording: one POST, never repeated once it may have had an effect.

        Raises:
            OutcomeUnknownError: It is open whether a recording was started; ask before trying
                again. A success without an id counts as this.
        """
        path = f"{self._root}/recordings/track"
        body = build_track_body(request, track_api)
        operation = f"starting a recording of meeting {request.meeting_id}"
        envelope = self._call(operation, "POST", path, body=body, idempotent=False)
        return _present(parse_recording(envelope.data), operation, CallInfo("POST", path))

    def send_action(self, recording_id: str, action: Action) -> Recording | None:
        """Pause, resume or stop; ``None`` where the success does not describe the recording."""
        path = f"{self._root}/recordings/{quote(recording_id, safe='')}"
        operation = f"the request to {action} recording {recording_id}"
        return parse_recording(self._call(operation, "PUT", path, body={"action": action}).data)

    def get(self, recording_id: str) -> Recording:
        """Return the recording; 404 raises :class:`~realtimekit_provider.errors.NotFoundError`."""
        path = f"{self._root}/recordings/{quote(recording_id, safe='')}"
        operation = f"reading recording {recording_id}"
        recording = parse_recording(self._call(operation, "GET", path).data)
        return _present(recording, operation, CallInfo("GET", path))

    def get_via_list(
        self, recording_id: str, as_expected: Callable[[Recording], bool]
    ) -> Recording:
        """Return the recording like :meth:`get`, from a list where many are looked up.

        A list may be late, so what is not as expected there is asked for itself.
        """
        listed = self._index.get(recording_id)
        return listed if listed is not None and as_expected(listed) else self.get(recording_id)

    def get_active(self, meeting_id: str) -> Recording | None:
        """Return the meeting's active recording, ``None`` where it has none."""
        path = f"{self._root}/recordings/active-recording/{quote(meeting_id, safe='')}"
        try:
            operation = f"asking for the active recording of meeting {meeting_id}"
            data = self._call(operation, "GET", path).data
        except NotFoundError:
            return None
        # Nothing is a clear "no". Something without an id is none: another start may double it.
        return _present(parse_recording(data), operation, CallInfo("GET", path)) if data else None

    def list_newest(self, meeting_id: str) -> list[Recording]:
        """Return the meeting's recordings of any status, newest first, at most one page."""
        query = {"meeting_id": meeting_id, "sort_by": "invokedTime", "sort_order": "DESC"}
        return next(self._pages(query, whole=True), [])

    def has_session(self, meeting_id: str) -> bool:
        """Whether somebody is in the meeting, so that it can be recorded."""
        return self._exists(f"{self._root}/meetings/{quote(meeting_id, safe='')}/active-session")

    def has_meeting(self, meeting_id: str) -> bool:
        """Whether the app has such a meeting at all."""
        return self._exists(f"{self._root}/meetings/{quote(meeting_id, safe='')}")

    def server_now(self) -> datetime:
        """The time by the server's clock, as far as an answer of this run has told it."""
        return self._connection.server_now()

    def list_unfinished(self) -> Iterator[Recording]:
        """Yield the app's recordings that can still change, a call each 100.

        Raises:
            OutcomeUnknownError: A page is no list, or lists what has no id. Whoever took that for
                the end of a recording would delete what it writes to.
        """
        for page in self._pages({"status": list(UNFINISHED_STATUSES)}, whole=True):
            yield from page

    def _list_unfinished_leniently(self) -> Iterator[Recording]:
        for page in self._pages({"status": list(UNFINISHED_STATUSES)}):
            yield from page

    def _exists(self, path: str) -> bool:
        try:
            self._call("looking for the meeting and its session", "GET", path)
        except NotFoundError:
            return False
        return True

    def _pages(self, query: Mapping[str, Any], *, whole: bool = False) -> Iterator[list[Recording]]:
        for number in range(1, _MOST_PAGES + 1):
            envelope = self._call(
                "listing recordings",
                "GET",
                f"{self._root}/recordings",
                query={**query, "page_no": number, "per_page": _PAGE},
            )
            listed = envelope.data if isinstance(envelope.data, list) else []
            found = [one for entry in listed if (one := parse_recording(entry)) is not None]
            is_list = isinstance(envelope.data, list) or envelope.data is None
            if whole and not (is_list and len(found) == len(listed)):
                raise _unclear_list(f"{self._root}/recordings")
            yield found
            if len(listed) < _PAGE:
                return
        if whole:
            raise _unclear_list(f"{self._root}/recordings")


def _present(recording: Recording | None, operation: str, info: CallInfo) -> Recording:
    if recording is None:
        raise OutcomeUnknownError(f"{operation} failed: the answer names no recording", info)
    return recording


def _unclear_list(path: str) -> OutcomeUnknownError:
    return OutcomeUnknownError(
        "listing recordings failed: the answer does not name each recording, or does not end, so "
        "it is open which of them still write. Deploy again",
        CallInfo("GET", path),
    )
