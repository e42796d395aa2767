"""The client as the provider uses it, with a clock that only moves when the client sleeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr

from realtimekit_emulator import EmulatorServer
from realtimekit_provider.api.client import RecordingsClient
from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.api.models.track_request import TrackRequest
from realtimekit_provider.api.session import ApiSession
from realtimekit_provider.api.settings import ClientSettings
from tests.fakes import FakeClock

__all__ = ["ApiCaller"]


@dataclass
class ApiCaller:
    """Calls an API; ``while_asleep`` is called whenever the client waits.

    Attributes:
        base_url: Where the API is.
        account_id: The account of the recordings.
        app_id: Their app.
        token: The token that is sent.
        settings: What is set otherwise than by default.
        messages: What the client said about its pauses.
    """

    base_url: str
    account_id: str = "account"
    app_id: str = "app"
    token: str = "canary-token"
    settings: dict[str, Any] = field(default_factory=dict)
    while_asleep: Callable[[float], None] = lambda _seconds: None
    clock: FakeClock = field(default_factory=FakeClock)
    messages: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, emulator: EmulatorServer, **more: Any) -> ApiCaller:
        """Call an emulator, with a token that it lets in."""
        access = (emulator.base_url, emulator.account_id, emulator.app_id, emulator.token)
        return cls(*access, **more)

    def __post_init__(self) -> None:
        token = SecretStr(self.token)
        self.session = ApiSession(
            ClientSettings(token=token, base_url=self.base_url, **self.settings),
            clock=self.clock.now,
            sleep=self._sleep,
            jitter=lambda: 0.0,
        )
        self.api = RecordingsClient(
            self.session, self.account_id, self.app_id, progress=self.messages.append
        )

    def start(self, meeting_id: str) -> Recording:
        """Start a recording of one layer that goes to Cloudflare's own bucket."""
        request = TrackRequest.model_validate({"meeting_id": meeting_id, "layers": {"default": {}}})
        return self.api.start(request, "outputs")

    def _sleep(self, seconds: float) -> None:
        self.clock.sleep(seconds)
        self.while_asleep(seconds)
