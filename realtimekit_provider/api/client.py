"""The recordings of one app: one method for each operation of the API."""

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
        return next(self._list_pages(query, complete=True), [])

    def has_session(self, meeting_id: str) -> bool:
        """Return whether somebody is in the meeting, so that it can be recorded."""
        return self._exists(f"{self._root}/meetings/{quote(meeting_id, safe='')}/active-session")

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
        for page in self._list_pages({"status": list(UNFINISHED_STATUSES)}, complete=True):
            yield from page

    def _list_unfinished_leniently(self) -> Iterator[Recording]:
        for page in self._list_pages({"status": list(UNFINISHED_STATUSES)}):
            yield from page

    def _exists(self, path: str) -> bool:
        try:
            self._execute("looking for the meeting and its session", "GET", path)
        except NotFoundError:
            return False
        return True

    def _list_pages(
        self, query: Mapping[str, Any], *, complete: bool = False
    ) -> Iterator[list[Recording]]:
        for number in range(1, _MOST_PAGES + 1):
            envelope = self._execute(
                "listing recordings",
                "GET",
                f"{self._root}/recordings",
                query={**query, "page_no": number, "per_page": _PAGE_SIZE},
            )
            listed = envelope.data if isinstance(envelope.data, list) else []
            found = [one for entry in listed if (one := parse_recording(entry)) is not None]
            is_list = isinstance(envelope.data, list) or envelope.data is None
            if complete and not (is_list and len(found) == len(listed)):
                raise _build_list_error(f"{self._root}/recordings")
            yield found
            if len(listed) < _PAGE_SIZE:
                return
        if complete:
            raise _build_list_error(f"{self._root}/recordings")


def _require_recording(recording: Recording | None, operation: str, info: CallInfo) -> Recording:
    if recording is None:
        raise OutcomeUnknownError(f"{operation} failed: the response names no recording", info)
    return recording


def _build_list_error(path: str) -> OutcomeUnknownError:
    return OutcomeUnknownError(
        "listing recordings failed: the response does not name each recording, or does not end, so "
        "it is unknown which of them still write. Deploy again",
        CallInfo("GET", path),
    )
