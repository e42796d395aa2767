"""The recordings of one app: one method for each operation of the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote

from realtimekit_provider.api.models.recording import (
    UNFINISHED_STATUSES,
    Action,
    Recording,
    parse_recording,
)
from realtimekit_provider.api.models.session import parse_live_meetings
from realtimekit_provider.api.models.track_request import TrackApi, TrackRequest, build_track_body
from realtimekit_provider.api.requests import RequestExecutor
from realtimekit_provider.api.session import ApiSession
from realtimekit_provider.errors import CallInfo, NotFoundError, OutcomeUnknownError

__all__ = ["RecordingsClient"]

_Entry = TypeVar("_Entry")

_PAGE_SIZE = 100
_MOST_PAGES = 1000


def _ignore_progress(_text: str) -> None:
    """Show no progress."""


class RecordingsClient:
    """The track recordings of one app of one account.

    Every method raises nothing but :class:`~realtimekit_provider.errors.CallError` and its
    subclasses. Each call that it makes ends within the session's ``settings.retry``:
    ``call_timeout`` seconds, and ``rate_limit_timeout`` more where it has to wait for a limit.

    Args:
        session: What all calls of the deployment share.
        account_id: The Cloudflare account.
        app_id: The RealtimeKit app.
        progress: Is told about pauses of two seconds and more.
    """

    def __init__(
        self,
        session: ApiSession,
        account_id: str,
        app_id: str,
        progress: Callable[[str], None] = _ignore_progress,
    ) -> None:
        self._session = session
        self._execute = RequestExecutor(session, progress).execute
        self._root = f"/accounts/{quote(account_id, safe='')}/realtime/kit/{quote(app_id, safe='')}"
        self._live_meetings = session.get_live_meeting_cache(
            self._root, self.list_live_meetings, self.has_session
        )
        self._unfinished = session.get_unfinished_cache(self._root, self._list_unfinished_leniently)

    def start(self, request: TrackRequest, track_api: TrackApi) -> Recording:
        """Start a recording: one POST, never repeated once it may have had an effect.

        Raises:
            OutcomeUnknownError: It is open whether a recording was started; ask before trying
                again. A success without an id counts as this.
        """
        path = f"{self._root}/recordings/track"
        body = build_track_body(request, track_api)
        operation = f"starting a recording of meeting {request.meeting_id}"
        envelope = self._execute(operation, "POST", path, body=body, idempotent=False)
        return _require_recording(parse_recording(envelope.data), operation, CallInfo("POST", path))

    def send_action(self, recording_id: str, action: Action) -> Recording | None:
        """Pause, resume or stop; ``None`` where the success does not describe the recording."""
        path = f"{self._root}/recordings/{quote(recording_id, safe='')}"
        operation = f"the request to {action} recording {recording_id}"
        return parse_recording(self._execute(operation, "PUT", path, body={"action": action}).data)

    def get(self, recording_id: str) -> Recording:
        """Return the recording; 404 raises :class:`~realtimekit_provider.errors.NotFoundError`."""
        path = f"{self._root}/recordings/{quote(recording_id, safe='')}"
        operation = f"reading recording {recording_id}"
        recording = parse_recording(self._execute(operation, "GET", path).data)
        return _require_recording(recording, operation, CallInfo("GET", path))

    def get_via_list(
        self, recording_id: str, as_expected: Callable[[Recording], bool]
    ) -> Recording:
        """Return the recording like :meth:`get`, from a list where many are asked for.

        A list may be late, so a recording for which ``as_expected`` is false there is asked for
        by itself.
        """
        listed = self._unfinished.get(recording_id)
        return listed if listed is not None and as_expected(listed) else self.get(recording_id)

    def get_active(self, meeting_id: str) -> Recording | None:
        """Return the meeting's active recording, ``None`` where it has none."""
        path = f"{self._root}/recordings/active-recording/{quote(meeting_id, safe='')}"
        try:
            operation = f"asking for the active recording of meeting {meeting_id}"
            data = self._execute(operation, "GET", path).data
        except NotFoundError:
            return None
        # No data is a clear "no". Data without an id is not: another start may make a second one.
        return (
            _require_recording(parse_recording(data), operation, CallInfo("GET", path))
            if data
            else None
        )

    def list_newest(self, meeting_id: str) -> list[Recording]:
        """Return the meeting's recordings of any status, newest first, at most one page."""
        query = {"meeting_id": meeting_id, "sort_by": "invokedTime", "sort_order": "DESC"}
        return next(self._list_recordings(query, complete=True), [])

    def has_session(self, meeting_id: str) -> bool:
        """Return whether somebody is in the meeting, so that it can be recorded."""
        return self._exists(f"{self._root}/meetings/{quote(meeting_id, safe='')}/active-session")

    def is_anybody_in(self, meeting_id: str) -> bool:
        """Return what :meth:`has_session` does, from a list that is read once for all meetings.

        The list may be late. Where it is no answer, the meeting is asked for by itself.
        """
        return self._live_meetings.is_anybody_in(meeting_id)

    def list_live_meetings(self) -> Iterator[str]:
        """Yield the id of each meeting of the app that somebody is in, a call each 100.

        Raises:
            OutcomeUnknownError: A page is no list, or lists what is no live session of a meeting.
        """
        path, query = f"{self._root}/sessions", {"status": "LIVE"}
        for page in self._list_pages(
            "listing live sessions", path, query, parse_live_meetings, complete=True
        ):
            yield from page

    def has_meeting(self, meeting_id: str) -> bool:
        """Return whether the app has such a meeting at all."""
        return self._exists(f"{self._root}/meetings/{quote(meeting_id, safe='')}")

    def get_server_time(self) -> datetime:
        """Return the time by the server's clock, as far as a response of this run has shown it."""
        return self._session.get_server_time()

    def list_unfinished(self) -> Iterator[Recording]:
        """Yield the app's recordings that can still change, a call each 100.

        Raises:
            OutcomeUnknownError: A page is no list, or lists what has no id. A caller that took that
                for the end of a recording would delete what it writes to.
        """
        for page in self._list_recordings({"status": list(UNFINISHED_STATUSES)}, complete=True):
            yield from page

    def list_first_unfinished(self) -> list[Recording]:
        """Return up to 100 of the app's recordings that can still change: one call.

        Raises:
            OutcomeUnknownError: The page is no list, or lists what has no id.
        """
        pages = self._list_recordings({"status": list(UNFINISHED_STATUSES)}, complete=True)
        return list(next(pages, ()))

    def list_all(
        self, meeting_id: str | None = None, started_after: datetime | None = None
    ) -> Iterator[Recording]:
        """Yield the app's recordings of any status, newest first, a call each 100.

        Args:
            meeting_id: Only those of this meeting.
            started_after: Only those whose start was asked for at this time or later.

        Raises:
            OutcomeUnknownError: A page is no list, or lists what has no id.
        """
        query: dict[str, Any] = {"sort_by": "invokedTime", "sort_order": "DESC"}
        if meeting_id is not None:
            query["meeting_id"] = meeting_id
        if started_after is not None:
            query["start_time"] = started_after.isoformat()
        for page in self._list_recordings(query, complete=True):
            yield from page

    def _list_unfinished_leniently(self) -> Iterator[Recording]:
        for page in self._list_recordings({"status": list(UNFINISHED_STATUSES)}):
            yield from page

    def _exists(self, path: str) -> bool:
        try:
            self._execute("looking for the meeting and its session", "GET", path)
        except NotFoundError:
            return False
        return True

    def _list_recordings(
        self, query: Mapping[str, Any], *, complete: bool = False
    ) -> Iterator[list[Recording]]:
        path = f"{self._root}/recordings"
        return self._list_pages(
            "listing recordings", path, query, _parse_recordings, complete=complete
        )

    def _list_pages(
        self,
        operation: str,
        path: str,
        query: Mapping[str, Any],
        parse_page: Callable[[Any], list[_Entry | None] | None],
        *,
        complete: bool,
    ) -> Iterator[list[_Entry]]:
        seen = 0
        for number in range(1, _MOST_PAGES + 1):
            page_query = {**query, "page_no": number, "per_page": _PAGE_SIZE}
            envelope = self._execute(operation, "GET", path, query=page_query)
            page = parse_page(envelope.data)
            if complete and (page is None or None in page):
                raise _build_list_error(operation, path)
            entries = page or []
            yield [entry for entry in entries if entry is not None]
            seen += len(entries)
            # A server may give fewer entries a page than were asked for, and totals may be wrong.
            is_last = len(entries) < _PAGE_SIZE and seen >= (envelope.total_count or 0)
            if is_last or not entries:
                return
        if complete:
            raise _build_list_error(operation, path)


def _parse_recordings(data: Any) -> list[Recording | None] | None:
    if data is None:
        return []
    return [parse_recording(entry) for entry in data] if isinstance(data, list) else None


def _require_recording(recording: Recording | None, operation: str, info: CallInfo) -> Recording:
    if recording is None:
        raise OutcomeUnknownError(f"{operation} failed: the response names no recording", info)
    return recording


def _build_list_error(operation: str, path: str) -> OutcomeUnknownError:
    return OutcomeUnknownError(
        f"{operation} failed: the response does not name each of them, or does not end, so it is "
        "unknown which ones there are. Try again",
        CallInfo("GET", path),
    )
