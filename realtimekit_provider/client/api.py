"""The recordings of one app, as calls: the operations of the API, each once, by its name."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any, Literal
from urllib.parse import quote

from tenacity import RetryCallState, Retrying, retry_if_exception

from realtimekit_provider.client.limiter import Limiter
from realtimekit_provider.client.live_index import LiveIndex
from realtimekit_provider.client.outcome import (
    outcome,
    pause_before_next,
    server_time,
    worth_repeating,
)
from realtimekit_provider.client.patience import Patience
from realtimekit_provider.client.settings import ClientSettings
from realtimekit_provider.client.transport import Transport
from realtimekit_provider.errors import (
    AnswerLostError,
    CallError,
    CallFacts,
    NotFoundError,
    NotSentError,
    RateLimitedError,
)
from realtimekit_provider.redaction import secrets_in
from realtimekit_provider.wire.envelope import Envelope
from realtimekit_provider.wire.recording import LISTED_AS_LIVE, Recording, recording_in
from realtimekit_provider.wire.track import TrackApi, TrackRequest, track_body

__all__ = ["Action", "Connection", "RecordingsApi"]

Action = Literal["pause", "resume", "stop"]

_PAGE = 100
_MOST_PAGES = 1000
_TELL_ABOUT_PAUSES_FROM = 2.0
_BELIEVABLE = timedelta(days=366)


def _say_nothing(_text: str) -> None:
    """The reporter of callers that show no progress."""


@dataclass
class Connection:
    """What all calls of a run share: the pool, the limiter, and the server's clock.

    Attributes:
        settings: Where and how to call.
        clock: Monotonic seconds.
        sleep: Waits that many seconds.
        jitter: A random number from 0 to 1.
    """

    settings: ClientSettings
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    transport: Transport = field(init=False)
    limiter: Limiter = field(init=False)
    server_ahead: float = field(init=False, default=0.0)
    _indices: dict[str, LiveIndex] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.transport = Transport(self.settings, self.clock)
        self.limiter = Limiter(self.settings.budgets, self.clock)

    def index_of(self, app: str, listed: Callable[[], Iterable[Recording]]) -> LiveIndex:
        """Return the one index of an app's live recordings, which is read by ``listed``."""
        return self._indices.setdefault(app, LiveIndex(listed, self.clock))


class RecordingsApi:
    """The track recordings of one app of one account.

    Every method raises nothing but :class:`~realtimekit_provider.errors.CallError` and its
    subclasses. Each request that it makes ends within ``settings.call_timeout`` seconds, and
    ``settings.budget_timeout`` where it has to wait for a limit.
    """

    def __init__(
        self,
        connection: Connection,
        account_id: str,
        app_id: str,
        progress: Callable[[str], None] = _say_nothing,
    ) -> None:
        self._connection = connection
        self._root = f"/accounts/{quote(account_id, safe='')}/realtime/kit/{quote(app_id, safe='')}"
        self._progress = progress
        self._index = connection.index_of(self._root, self._live_as_far_as_told)

    def start(self, request: TrackRequest, track_api: TrackApi) -> Recording:
        """Start a recording: one POST, never repeated once it may have had an effect.

        Raises:
            AnswerLostError: It is open whether a recording was started; ask before trying
                again. A success without an id counts as this.
        """
        path = f"{self._root}/recordings/track"
        body = track_body(request, track_api)
        doing = f"starting a recording of meeting {request.meeting_id}"
        envelope = self._call(doing, "POST", path, body=body, idempotent=False)
        return _present(recording_in(envelope.data), doing, CallFacts("POST", path))

    def act(self, recording_id: str, action: Action) -> Recording | None:
        """Pause, resume or stop; ``None`` where the success does not describe the recording."""
        path = f"{self._root}/recordings/{quote(recording_id, safe='')}"
        doing = f"the request to {action} recording {recording_id}"
        return recording_in(self._call(doing, "PUT", path, body={"action": action}).data)

    def get(self, recording_id: str) -> Recording:
        """Return the recording; 404 raises :class:`~realtimekit_provider.errors.NotFoundError`."""
        path = f"{self._root}/recordings/{quote(recording_id, safe='')}"
        doing = f"reading recording {recording_id}"
        recording = recording_in(self._call(doing, "GET", path).data)
        return _present(recording, doing, CallFacts("GET", path))

    def look_up(self, recording_id: str) -> Recording:
        """Return the recording like :meth:`get`, from a list where many are looked up."""
        return self._index.find(recording_id) or self.get(recording_id)

    def active(self, meeting_id: str) -> Recording | None:
        """Return the meeting's active recording, ``None`` where it has none."""
        path = f"{self._root}/recordings/active-recording/{quote(meeting_id, safe='')}"
        try:
            doing = f"asking for the active recording of meeting {meeting_id}"
            data = self._call(doing, "GET", path).data
        except NotFoundError:
            return None
        # Nothing is a clear "no". Something without an id is none: another start may double it.
        return _present(recording_in(data), doing, CallFacts("GET", path)) if data else None

    def newest(self, meeting_id: str) -> list[Recording]:
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
        here = datetime.now(timezone.utc).timestamp()
        return datetime.fromtimestamp(here + self._connection.server_ahead, timezone.utc)

    def live(self) -> Iterator[Recording]:
        """Yield the app's recordings that can still change, a call each 100.

        Raises:
            AnswerLostError: A page is no list, or lists what has no id. Whoever took that for
                the end of a recording would delete what it writes to.
        """
        for page in self._pages({"status": list(LISTED_AS_LIVE)}, whole=True):
            yield from page

    def _live_as_far_as_told(self) -> Iterator[Recording]:
        for page in self._pages({"status": list(LISTED_AS_LIVE)}):
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
            found = [one for entry in listed if (one := recording_in(entry)) is not None]
            is_list = isinstance(envelope.data, list) or envelope.data is None
            if whole and not (is_list and len(found) == len(listed)):
                raise _unclear_list(f"{self._root}/recordings")
            yield found
            if len(listed) < _PAGE:
                return
        if whole:
            raise _unclear_list(f"{self._root}/recordings")

    def _call(
        self,
        doing: str,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        idempotent: bool = True,
    ) -> Envelope:
        connection = self._connection
        patience = Patience(connection.settings, connection.clock)
        retrying = Retrying(
            retry=retry_if_exception(lambda error: worth_repeating(error, idempotent=idempotent)),
            wait=self._pause,
            stop=patience,
            sleep=connection.sleep,
            before_sleep=self._tell,
            reraise=True,
        )
        try:
            return retrying(self._once, method, path, query, body, patience)
        except CallError as error:
            advice = _ADVICE.get(type(error), "")
            raise type(error)(f"{doing} failed: {error.sentence}{advice}", error.facts) from None

    def _once(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None,
        body: Mapping[str, Any] | None,
        patience: Patience,
    ) -> Envelope:
        connection = self._connection
        self._wait_for_a_permit(method, path, patience)
        answer = connection.transport.send(
            method,
            path,
            query=query,
            body=body,
            timeout=min(connection.settings.request_timeout, max(1.0, patience.rest)),
        )
        self._note_the_servers_clock(server_time(answer))
        token = connection.settings.token.get_secret_value()
        result = outcome(method, path, answer, secrets=[token, *secrets_in(body)])
        if isinstance(result, CallError):
            raise result
        return result

    def _wait_for_a_permit(self, method: str, path: str, patience: Patience) -> None:
        connection = self._connection
        pause = connection.limiter.reserve(patience.for_budgets)
        if pause is None:
            raise RateLimitedError(
                "this run's own request budget is spent for longer than a call may wait",
                CallFacts(method, path),
            )
        if pause >= _TELL_ABOUT_PAUSES_FROM:
            self._progress(f"staying within the API's rate limit: next call in {pause:.0f} s")
        if pause > 0:
            patience.spend_on_budget(pause)
            connection.sleep(pause)

    def _note_the_servers_clock(self, there: datetime | None) -> None:
        ahead = there - datetime.now(timezone.utc) if there is not None else None
        if ahead is not None and abs(ahead) <= _BELIEVABLE:
            self._connection.server_ahead = ahead.total_seconds()

    def _pause(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        return pause_before_next(error, state.attempt_number, self._connection.jitter())

    def _tell(self, state: RetryCallState) -> None:
        if state.upcoming_sleep >= _TELL_ABOUT_PAUSES_FROM and state.outcome is not None:
            reason = (
                "the API's rate limit is reached"
                if isinstance(state.outcome.exception(), RateLimitedError)
                else "the API did not answer properly"
            )
            self._progress(f"{reason}: trying again in {state.upcoming_sleep:.0f} s")


def _present(recording: Recording | None, doing: str, facts: CallFacts) -> Recording:
    if recording is None:
        raise AnswerLostError(f"{doing} failed: the answer names no recording", facts)
    return recording


def _unclear_list(path: str) -> AnswerLostError:
    return AnswerLostError(
        "listing recordings failed: the answer does not name each recording, or does not end, so "
        "it is open which of them still write. Deploy again",
        CallFacts("GET", path),
    )


_ADVICE: Mapping[type[CallError], str] = {
    NotSentError: ". Nothing was changed by this call: see whether this machine can reach the "
    "API, and whether cloudflare:baseUrl (CLOUDFLARE_BASE_URL) is right",
    AnswerLostError: ". Deploy again; if it stays so, Cloudflare's support can look the call up "
    "by its cf-ray",
    RateLimitedError: ". Nothing was changed by this call: deploy again later, or run fewer "
    "pipelines with this token at once",
}
