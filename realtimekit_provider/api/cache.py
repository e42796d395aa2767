"""What is asked of many at the price of a list: a call for each page, not for each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.errors import (
    CallError,
    NotFoundError,
    OutcomeUnknownError,
    RequestRejectedError,
)

__all__ = ["LiveMeetingCache", "UnfinishedCache"]

_UNCACHED_CALLS = 3
_MAX_AGE = 30.0


class UnfinishedCache:
    """The recordings of an app that can still change, listed once for all threads of a run.

    The first three are not answered from it, since a small stack is cheaper by asking for each.
    What the list does not hold has to be asked for: it may have ended, or the list is late.
    """

    def __init__(
        self, list_unfinished: Callable[[], Iterable[Recording]], clock: Callable[[], float]
    ) -> None:
        self._list_unfinished = list_unfinished
        self._clock = clock
        self._lock = threading.Lock()
        self._calls = 0
        self._read_at: float | None = None
        self._recordings: dict[str, Recording] = {}

    def get(self, recording_id: str) -> Recording | None:
        """Return the recording if the list holds it; ``None`` where it has to be asked for."""
        with self._lock:
            self._calls += 1
            if self._calls <= _UNCACHED_CALLS:
                return None
            if self._read_at is None or self._clock() - self._read_at > _MAX_AGE:
                self._recordings = {one.id: one for one in self._list_unfinished()}
                self._read_at = self._clock()
            return self._recordings.get(recording_id)


class LiveMeetingCache:
    """The meetings of an app that somebody is in, listed once for all threads of a run.

    Where the list is no answer, each meeting is asked for, once. Where that fails too, or the API
    cannot be reached, nobody is asked again until the list would have been read anew: a preview
    of many recordings must not wait for each of them.
    """

    def __init__(
        self,
        list_live_meetings: Callable[[], Iterable[str]],
        has_session: Callable[[str], bool],
        clock: Callable[[], float],
    ) -> None:
        self._list_live_meetings = list_live_meetings
        self._has_session = has_session
        self._clock = clock
        self._lock = threading.Lock()
        self._read_at: float | None = None
        self._listed: frozenset[str] | None = None
        self._answers: dict[str, bool] = {}
        self._error: CallError | None = None

    def is_anybody_in(self, meeting_id: str) -> bool:
        """Return whether somebody is in a meeting, as far as the API has shown it lately.

        Raises:
            CallError: Neither the list nor the question about a meeting was answered.
        """
        with self._lock:
            if self._read_at is None or self._clock() - self._read_at > _MAX_AGE:
                self._read_list()
            if self._error is not None:
                raise self._error
            if self._listed is not None:
                return meeting_id in self._listed
            known = self._answers.get(meeting_id)
        if known is not None:
            return known
        try:
            answer = self._has_session(meeting_id)
        except CallError as error:
            self._error = error
            raise
        self._answers[meeting_id] = answer
        return answer

    def _read_list(self) -> None:
        self._listed, self._error = None, None
        self._answers.clear()
        try:
            self._listed = frozenset(self._list_live_meetings())
        except (NotFoundError, OutcomeUnknownError, RequestRejectedError):
            pass
        except CallError as error:
            self._error = error
        self._read_at = self._clock()
