"""Finding recordings without looking at all of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING

from realtimekit_emulator.errors import NotFoundError
from realtimekit_emulator.model.recording import Recording, is_active

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_invoked = attrgetter("invoked_time")


@dataclass(frozen=True)
class RecordingQuery:
    """Which recordings of an app a list is to hold, and which page of them.

    ``as_of`` asks for the list as it was at that moment.
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
        self._going: defaultdict[str, dict[int, Recording]] = defaultdict(dict)

    def __len__(self) -> int:
        """Return how many recordings there are."""
        return len(self._by_id)

    def add(self, recording: Recording) -> None:
        """Add a new recording, the youngest of all."""
        self._by_id[recording.id] = recording
        self._by_app[recording.app_id].append(recording)
        self._by_meeting[recording.meeting.id].append(recording)

    def move(self, recording: Recording, status: str) -> None:
        """Note that a recording is now in another state."""
        self._by_status[recording.app_id, recording.status].pop(recording.number, None)
        self._by_status[recording.app_id, status][recording.number] = recording
        going = self._going[recording.meeting.id]
        if is_active(status, uploading_too=True):
            going[recording.number] = recording
        else:
            going.pop(recording.number, None)

    def get(self, recording_id: str, app_id: str | None = None) -> Recording:
        """Return a recording; with ``app_id``, only if it is of that app."""
        recording = self._by_id.get(recording_id)
        if recording is None or app_id not in {None, recording.app_id}:
            message = "Recording not found"
            raise NotFoundError(message)
        return recording

    def find(self, recording_id: str) -> Recording | None:
        """Return a recording of any app, or None."""
        return self._by_id.get(recording_id)

    def latest(self) -> Recording | None:
        """Return the recording that was started last."""
        return next(reversed(self._by_id.values()), None)

    def all(self) -> Iterable[Recording]:
        """Return every recording, oldest first."""
        return self._by_id.values()

    def unfinished(self, meeting_id: str) -> list[Recording]:
        """Return the recordings of a meeting that are active or uploading."""
        return list(self._going[meeting_id].values())

    def active(
        self, meeting_id: str, *, uploading_too: bool, as_of: float | None = None
    ) -> Recording | None:
        """Return the youngest active recording of a meeting, now or as of a moment."""
        if as_of is None:
            candidates: Sequence[Recording] = self.unfinished(meeting_id)
        else:
            candidates = self._by_meeting[meeting_id]
        for recording in reversed(candidates):
            status = recording.status if as_of is None else recording.status_at(as_of)
            if status is not None and is_active(status, uploading_too=uploading_too):
                return recording
        return None

    def page(self, app_id: str, wanted: RecordingQuery) -> tuple[list[Recording], int]:
        """Return one page and the number of all that match."""
        base = self._base(app_id, wanted)
        low = 0 if wanted.start is None else bisect_left(base, wanted.start, key=_invoked)
        ends = [end for end in (wanted.end, wanted.as_of) if end is not None]
        high = bisect_right(base, min(ends), key=_invoked) if ends else len(base)
        if _needs_look(wanted):
            base = [one for one in islice(base, low, high) if _fits(one, wanted)]
            low, high = 0, len(base)
        total = max(0, high - low)
        first, last = wanted.offset, min(wanted.offset + wanted.size, total)
        if wanted.newest_first:
            return [base[high - 1 - place] for place in range(first, last)], total
        return [base[low + place] for place in range(first, last)], total

    def _base(self, app_id: str, wanted: RecordingQuery) -> Sequence[Recording]:
        if wanted.meeting_id is not None:
            found = self._by_meeting.get(wanted.meeting_id, [])
            return found if found and found[0].app_id == app_id else []
        if wanted.statuses and wanted.as_of is None:
            return sorted(self._in_states(app_id, wanted.statuses), key=attrgetter("number"))
        return self._by_app.get(app_id, [])

    def _in_states(self, app_id: str, statuses: Iterable[str]) -> Iterator[Recording]:
        for status in statuses:
            yield from self._by_status[app_id, status].values()


def _needs_look(wanted: RecordingQuery) -> bool:
    """Return whether each recording must be looked at, beyond what the index knows."""
    by_status = bool(wanted.statuses) and (wanted.meeting_id or wanted.as_of) is not None
    return by_status or wanted.search is not None or wanted.expired is not None


def _fits(recording: Recording, wanted: RecordingQuery) -> bool:
    if wanted.statuses:
        past = wanted.as_of
        status = recording.status if past is None else recording.status_at(past)
        if status not in wanted.statuses:
            return False
    if wanted.search is not None:
        meeting = recording.meeting
        if wanted.search.lower() not in f"{meeting.id}\n{meeting.title.lower()}":
            return False
    if wanted.expired is not None:
        uploaded = recording.uploaded_time
        return (uploaded is not None and uploaded < wanted.expired_before) == wanted.expired
    return True
