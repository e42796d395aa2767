"""Stand-ins for the lifecycle's ports: answers from a script, and a clock that never waits."""

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
    RequestRejectedError,
)

_Answer = TypeVar("_Answer")

NOON = datetime(2026, 7, 1, 12, tzinfo=timezone.utc)
"""The server's time when a test begins."""


def at(seconds: float) -> str:
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


class Listener:
    """Keeps what an operation says; ``heard`` tells whether the engine is still there."""

    def __init__(self, *heard: bool) -> None:
        self.heard = list(heard)
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
        return _next(self.heard) if self.heard else True

    @property
    def said(self) -> str:
        """Everything that was said, in one text."""
        return "\n".join([*self.waits, *self.notices, *self.warnings])


class ScriptedApi:
    """The recordings of an app, each answer from a script; an exception in it is raised.

    The last answer of a script is given again and again, but for ``start`` and ``act``: an
    action that no test asked for fails the test.
    """

    def __init__(self, clock: FakeClock, **scripts: Sequence[Any]) -> None:
        self.clock = clock
        self.scripts: dict[str, list[Any]] = {
            "active": [None],
            "newest": [[]],
            "has_session": [True],
            "has_meeting": [True],
            "live": [[]],
            **{name: list(script) for name, script in scripts.items()},
        }
        self.calls: list[str] = []
        self.requests: list[TrackRequest] = []

    def start(self, request: TrackRequest, track_api: TrackApi) -> Recording:
        self.requests.append(request)
        answer: Recording = self._once("start", "start")
        return answer

    def send_action(self, recording_id: str, action: Action) -> Recording | None:
        answer: Recording | None = self._once("act", f"{action} {recording_id}")
        return answer

    def get(self, recording_id: str) -> Recording:
        answer: Recording = self._asked("get", f"get {recording_id}")
        return answer

    def list_unfinished(self) -> list[Recording]:
        answer: list[Recording] = self._asked("live", "live")
        return answer

    def get_via_list(
        self, recording_id: str, _as_expected: Callable[[Recording], bool]
    ) -> Recording:
        answer: Recording = self._asked("get", f"look_up {recording_id}")
        return answer

    def get_active(self, meeting_id: str) -> Recording | None:
        answer: Recording | None = self._asked("active", "active")
        return answer

    def list_newest(self, meeting_id: str) -> list[Recording]:
        answer: list[Recording] = self._asked("newest", "newest")
        return answer

    def has_session(self, meeting_id: str) -> bool:
        return bool(self._asked("has_session", "has_session"))

    def has_meeting(self, meeting_id: str) -> bool:
        return bool(self._asked("has_meeting", "has_meeting"))

    def get_server_time(self) -> datetime:
        return NOON + timedelta(seconds=self.clock.now() - 1000.0)

    def count(self, call: str) -> int:
        """Return how often a call was made."""
        return self.calls.count(call)

    def _once(self, name: str, call: str) -> Any:
        self.calls.append(call)
        script = self.scripts.get(name)
        assert script, f"nobody expected {call}: {self.calls}"
        return _raised_or_returned(script.pop(0))

    def _asked(self, name: str, call: str) -> Any:
        self.calls.append(call)
        script = self.scripts.get(name)
        assert script, f"nobody expected {call}: {self.calls}"
        return _raised_or_returned(_next(script))


class World:
    """The ports of an operation, and what it did with them."""

    def __init__(
        self,
        *,
        heard: Sequence[bool] = (),
        track_api: TrackApi = "outputs",
        **scripts: Sequence[Any],
    ) -> None:
        self.clock = FakeClock()
        self.listener = Listener(*heard)
        self.api = ScriptedApi(self.clock, **scripts)
        self.registry = RunRegistry()
        self.ports = Ports(
            recordings=self.api,
            reporter=self.listener,
            clock=self.clock,
            registry=self.registry,
            timing=Timing(),
            track_api=track_api,
        )


def lost(status: int | None = None) -> OutcomeUnknownError:
    """Return the error of a call that may have had its effect."""
    return OutcomeUnknownError(
        "the answer was lost", CallInfo("POST", "/recordings", status=status)
    )


def refused(said: str = "no", status: int = 422) -> RequestRejectedError:
    """Return the error of a call that the API says no to."""
    facts = CallInfo("POST", "/recordings", status=status, message=said)
    return RequestRejectedError(f"the API refused the request: {said}", facts)


def not_found() -> NotFoundError:
    """Return the error of a 404."""
    return NotFoundError("the API says that it does not exist", CallInfo("GET", "/", status=404))


def failed(kind: type[CallError], **facts: Any) -> CallError:
    """Return an error of that kind."""
    return kind("it failed", CallInfo("GET", "/recordings", **facts))


def _next(script: list[_Answer]) -> _Answer:
    return script.pop(0) if len(script) > 1 else script[0]


def _raised_or_returned(answer: Any) -> Any:
    if isinstance(answer, BaseException):
        raise answer
    return answer
