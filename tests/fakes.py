"""Fakes of what an operation works with: scripted answers, and a clock that never waits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar

from realtimekit_provider.api.models.recording import Action, Recording
from realtimekit_provider.api.models.track_request import TrackApi, TrackRequest
from realtimekit_provider.deployment.ports import Ports
from realtimekit_provider.deployment.run_registry import RunRegistry
from realtimekit_provider.deployment.timing import Timing
from realtimekit_provider.errors import (
    CallError,
    CallInfo,
    NotFoundError,
    OutcomeUnknownError,
    RequestConflictError,
    RequestRejectedError,
)

_Answer = TypeVar("_Answer")

NOON = datetime(2026, 7, 1, 12, tzinfo=timezone.utc)
"""The server's time when a test begins."""


def format_time(seconds: float) -> str:
    """Return the moment ``seconds`` after noon, as the API writes it."""
    return (NOON + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


class FakeClock:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.sleeps: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.time += seconds


class FakeReporter:
    """Collects what an operation reports; ``engine_alive`` scripts whether the engine answers."""

    def __init__(self, *engine_alive: bool) -> None:
        self.engine_alive = list(engine_alive)
        self.waits: list[str] = []
        self.notices: list[str] = []
        self.warnings: list[str] = []

    def progress(self, text: str) -> None:
        self.waits.append(text)

    def notice(self, text: str) -> None:
        self.notices.append(text)

    def warning(self, text: str) -> None:
        self.warnings.append(text)

    def is_engine_alive(self) -> bool:
        return _take_next(self.engine_alive) if self.engine_alive else True

    @property
    def text(self) -> str:
        """Everything that was reported, in one text."""
        return "\n".join([*self.waits, *self.notices, *self.warnings])


class FakeRecordings:
    """The recordings of an app, each answer from a script; an exception in it is raised.

    A script has the name of the method that it is for. Its last answer is given again and again,
    but for ``start`` and ``send_action``: an action that no test expected fails the test.
    """

    def __init__(self, clock: FakeClock, **scripts: Sequence[Any]) -> None:
        assert all(hasattr(self, name) for name in scripts), f"no such methods: {[*scripts]}"
        self.clock = clock
        self.scripts: dict[str, list[Any]] = {
            "get_active": [None],
            "list_newest": [[]],
            "has_session": [True],
            "has_meeting": [True],
            "is_anybody_in": [True],
            "list_unfinished": [[]],
            **{name: list(script) for name, script in scripts.items()},
        }
        self.calls: list[str] = []
        self.requests: list[TrackRequest] = []

    def start(self, request: TrackRequest, track_api: TrackApi) -> Recording:
        self.requests.append(request)
        answer: Recording = self._answer_once("start", "start")
        return answer

    def send_action(self, recording_id: str, action: Action) -> Recording | None:
        answer: Recording | None = self._answer_once("send_action", f"{action} {recording_id}")
        return answer

    def get(self, recording_id: str) -> Recording:
        answer: Recording = self._answer("get", f"get {recording_id}")
        return answer

    def list_unfinished(self) -> list[Recording]:
        answer: list[Recording] = self._answer("list_unfinished", "list_unfinished")
        return answer

    def get_via_list(
        self, recording_id: str, _as_expected: Callable[[Recording], bool]
    ) -> Recording:
        answer: Recording = self._answer("get", f"get_via_list {recording_id}")
        return answer

    def get_active(self, meeting_id: str) -> Recording | None:
        answer: Recording | None = self._answer("get_active", "get_active")
        return answer

    def list_newest(self, meeting_id: str) -> list[Recording]:
        answer: list[Recording] = self._answer("list_newest", "list_newest")
        return answer

    def has_session(self, meeting_id: str) -> bool:
        return bool(self._answer("has_session", "has_session"))

    def is_anybody_in(self, meeting_id: str) -> bool:
        return bool(self._answer("is_anybody_in", "is_anybody_in"))

    def has_meeting(self, meeting_id: str) -> bool:
        return bool(self._answer("has_meeting", "has_meeting"))

    def get_server_time(self) -> datetime:
        return NOON + timedelta(seconds=self.clock.now() - 1000.0)

    def count(self, call: str) -> int:
        """Return how often a call was made."""
        return self.calls.count(call)

    def _answer_once(self, name: str, call: str) -> Any:
        return _return_or_raise(self._record_call(name, call).pop(0))

    def _answer(self, name: str, call: str) -> Any:
        return _return_or_raise(_take_next(self._record_call(name, call)))

    def _record_call(self, name: str, call: str) -> list[Any]:
        self.calls.append(call)
        script = self.scripts.get(name)
        assert script, f"no answer is scripted for {call}: {self.calls}"
        return script


class FakePorts:
    """The ports of an operation, each a fake, and all of them as ``ports``.

    Args:
        engine_alive: What the engine answers when it is asked whether it is alive; yes by default.
        track_api: The body that starts recordings.
        scripts: The answers of the recordings, see :class:`FakeRecordings`.
    """

    def __init__(
        self,
        *,
        engine_alive: Sequence[bool] = (),
        track_api: TrackApi = "outputs",
        **scripts: Sequence[Any],
    ) -> None:
        self.clock = FakeClock()
        self.reporter = FakeReporter(*engine_alive)
        self.recordings = FakeRecordings(self.clock, **scripts)
        self.registry = RunRegistry()
        self.ports = Ports(
            recordings=self.recordings,
            reporter=self.reporter,
            clock=self.clock,
            registry=self.registry,
            timing=Timing(),
            track_api=track_api,
        )


def make_lost_response(status: int | None = None) -> OutcomeUnknownError:
    """Return the error of a call that may have had its effect."""
    return OutcomeUnknownError(
        "the response was lost", CallInfo("POST", "/recordings", status=status)
    )


def make_rejection(message: str = "no", status: int = 422) -> RequestRejectedError:
    """Return the error of a call that the API rejects."""
    info = CallInfo("POST", "/recordings", status=status, message=message)
    return RequestRejectedError(f"the API rejected the request: {message}", info)


def make_conflict(message: str) -> RequestConflictError:
    """The error for a start that clashes with a recording that runs."""
    info = CallInfo("POST", "/", status=409, message=message)
    return RequestConflictError(f"the API refused the request: {message}", info)


def make_not_found() -> NotFoundError:
    """Return the error of a 404."""
    return NotFoundError("the API says that it does not exist", CallInfo("GET", "/", status=404))


def make_call_error(kind: type[CallError], **info: Any) -> CallError:
    """Return an error of that kind; ``info`` are fields of its :class:`CallInfo`."""
    return kind("the call failed", CallInfo("GET", "/recordings", **info))


def _take_next(script: list[_Answer]) -> _Answer:
    return script.pop(0) if len(script) > 1 else script[0]


def _return_or_raise(answer: Any) -> Any:
    if isinstance(answer, BaseException):
        raise answer
    return answer
