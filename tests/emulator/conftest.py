"""A running emulator, and three ways of talking to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests
from cloudflare import Cloudflare

from realtimekit_emulator import EmulatorServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from realtimekit_emulator import Control


class Api:
    """The emulated API below its app, over one kept connection."""

    def __init__(self, emulator: EmulatorServer) -> None:
        self.emulator = emulator
        self.session = requests.Session()
        self.session.headers.update(emulator.headers)

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send one request."""
        options.setdefault("timeout", 5)
        return self.session.request(method, f"{self.emulator.kit_url}/{path}", **options)

    def get(self, path: str, **options: Any) -> requests.Response:
        """Read something."""
        return self.call("GET", path, **options)

    def start(self, meeting_id: str, **options: Any) -> requests.Response:
        """Start a track recording with one layer to the API's own bucket."""
        outputs = options.pop("outputs", [{"type": "REALTIMEKIT_BUCKET"}])
        body = {"meeting_id": meeting_id, "layers": {"default": {"outputs": outputs}}}
        return self.call("POST", "recordings/track", json={**body, **options})

    def started(self, meeting_id: str, **options: Any) -> str:
        """Start a track recording and return its id."""
        response = self.start(meeting_id, **options)
        assert response.status_code == 200, response.text
        return str(response.json()["data"]["id"])

    def act(self, recording_id: str, action: str) -> requests.Response:
        """Pause, resume or stop."""
        return self.call("PUT", f"recordings/{recording_id}", json={"action": action})

    def shown(self, recording_id: str) -> dict[str, Any]:
        """Return what the API shows of a recording."""
        data: dict[str, Any] = self.get(f"recordings/{recording_id}").json()["data"]
        return data


@pytest.fixture(scope="session")
def running() -> Iterator[EmulatorServer]:
    """Return one emulator for all tests, which the next fixture makes new."""
    with EmulatorServer() as emulator:
        yield emulator


@pytest.fixture
def emulator(running: EmulatorServer) -> EmulatorServer:
    """Return an emulator that nothing has happened to."""
    running.control.reset()
    running.control.scale_time(1)
    return running


@pytest.fixture
def control(emulator: EmulatorServer) -> Control:
    """Return the control client of the emulator."""
    return emulator.control


@pytest.fixture
def frozen(emulator: EmulatorServer) -> Control:
    """Return the control client of an emulator whose time only moves when told."""
    emulator.control.scale_time(0)
    return emulator.control


@pytest.fixture
def api(emulator: EmulatorServer) -> Iterator[Api]:
    """Return a plain HTTP client of the emulated API."""
    client = Api(emulator)
    yield client
    client.session.close()


@pytest.fixture
def sdk(emulator: EmulatorServer) -> Iterator[Cloudflare]:
    """Return Cloudflare's own client, without retries."""
    with Cloudflare(
        api_token=emulator.token, base_url=emulator.base_url, max_retries=0, timeout=5
    ) as client:
        yield client
