"""Finding recordings without looking at all of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter

from realtimekit_emulator.errors import NotFoundError
from realtimekit_emulator.model.recording import Recording, is_active

_get_invoked_time = attrgetter("invoked_time")


@dataclass(frozen=True)
class RecordingQuery:
    """Which recordings of an app a list has, and which page of them.

    Attributes:
        offset: How many recordings come before the page.
        size: The length of the page.
        search: A part of the meeting's id or title, in any case.
        start, end: The range of the time of invocation, both ends included.
        expired: Whether the files were uploaded before ``expired_before``.
        as_of: Asks for the list as it was at that time.
    """

    offset: int
    size: int
    newest_first: bool = True
    meeting_id: str | None = None
    search: str | None = None
    statuses: frozenset[str] = frozenset()
    start: float | None = None
    end: float | None = None
    expired: bool | None = None
    expired_before: float = 0.0
    as_of: float | None = None


class RecordingIndex:
    """Recordings by id, by app, by meeting and by status, each in the order of their starts."""

    def __init__(self) -> None:
        self._by_id: dict[str, Recording] = {}
        self._by_app: defaultdict[str, list[Recording]] = defaultdict(list)
        self._by_meeting: defaultdict[str, list[Recording]] = defaultdict(list)
        self._by_status: defaultdict[tuple[str, str], dict[int, Recording]] = defaultdict(dict)
        self._unfinished: defaultdict[str, dict[int, Recording]] = defaultdict(dict)

    def __len__(self) -> int:
        """Return how many recordings there are."""
        return len(self._by_id)

    def add(self, recording: Recording) -> None:
        """Add a new recording, the youngest of all."""
        self._by_id[recording.id] = recording
        self._by_app[recording.app_id].append(recording)
        self._by_meeting[recording.meeting.id].append(recording)

    def update_status(self, recording: Recording, status: str) -> None:
        """Change the status of a recording."""
        self._by_status[recording.app_id, recording.status].pop(recording.number, None)
        self._by_status[recording.app_id, status][recording.number] = recording
        unfinished = self._unfinished[recording.meeting.id]
        if is_active(status, uploading_too=True):
            unfinished[recording.number] = recording
        else:
            unfinished.pop(recording.number, None)
        recording.status = status

    def get(self, recording_id: str, app_id: str | None = None) -> Recording:
        """Return a recording; with ``app_id``, only if it belongs to that app.

        Raises:
            NotFoundError: There is no such recording.
        """
        recording = self._by_id.get(recording_id)
        if recording is None or app_id not in {None, recording.app_id}:
            raise NotFoundError("Recording not found")
        return recording

    def find(self, recording_id: str) -> Recording | None:
        """Return a recording of any app, or None."""
        return self._by_id.get(recording_id)

    def find_latest(self) -> Recording | None:
        """Return the recording that was started last, or None."""
        return next(reversed(self._by_id.values()), None)

    def list_all(self) -> Iterable[Recording]:
        """Return every recording, oldest first."""
        return self._by_id.values()

    def list_unfinished(self, meeting_id: str) -> list[Recording]:
        """Return the recordings of a meeting that are active or uploading."""
        return list(self._unfinished[meeting_id].values())

    def find_active(
        self, meeting_id: str, *, uploading_too: bool, as_of: float | None = None
    ) -> Recording | None:
        """Return the youngest active recording of a meeting, now or as of a time, or None."""
        if as_of is None:
            candidates: Sequence[Recording] = self.list_unfinished(meeting_id)
        else:
            candidates = self._by_meeting[meeting_id]
        for recording in reversed(candidates):
            status = recording.status if as_of is None else recording.get_status_at(as_of)
            if status is not None and is_active(status, uploading_too=uploading_too):
                return recording
        return None

    def get_page(self, app_id: str, query: RecordingQuery) -> tuple[list[Recording], int]:
        """Return one page and the number of all recordings that match."""
        candidates = self._select_candidates(app_id, query)
        low = 0
        if query.start is not None:
            low = bisect_left(candidates, query.start, key=_get_invoked_time)
        ends = [end for end in (query.end, query.as_of) if end is not None]
        high = len(candidates)
        if ends:
            high = bisect_right(candidates, min(ends), key=_get_invoked_time)
        if _needs_filter(query):
            candidates = [one for one in islice(candidates, low, high) if _matches(one, query)]
            low, high = 0, len(candidates)
        total = max(0, high - low)
        first, last = query.offset, min(query.offset + query.size, total)
        if query.newest_first:
            return [candidates[high - 1 - index] for index in range(first, last)], total
        return [candidates[low + index] for index in range(first, last)], total

    def _select_candidates(self, app_id: str, query: RecordingQuery) -> Sequence[Recording]:
        if query.meeting_id is not None:
            recordings = self._by_meeting.get(query.meeting_id, [])
            return recordings if recordings and recordings[0].app_id == app_id else []
        if query.statuses and query.as_of is None:
            return sorted(self._iterate_statuses(app_id, query.statuses), key=attrgetter("number"))
        return self._by_app.get(app_id, [])

    def _iterate_statuses(self, app_id: str, statuses: Iterable[str]) -> Iterator[Recording]:
        for status in statuses:
            yield from self._by_status[app_id, status].values()


def _needs_filter(query: RecordingQuery) -> bool:
    by_status = bool(query.statuses) and (query.meeting_id or query.as_of) is not None
    return by_status or query.search is not None or query.expired is not None


def _matches(recording: Recording, query: RecordingQuery) -> bool:
    if query.statuses:
        as_of = query.as_of
        status = recording.status if as_of is None else recording.get_status_at(as_of)
        if status not in query.statuses:
            return False
    if query.search is not None:
        meeting = recording.meeting
        if query.search.lower() not in f"{meeting.id}\n{meeting.title.lower()}":
            return False
    if query.expired is not None:
        uploaded = recording.uploaded_time
        return (uploaded is not None and uploaded < query.expired_before) == query.expired
    return True
