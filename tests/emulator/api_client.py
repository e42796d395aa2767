"""A plain HTTP client of the emulated API."""

from __future__ import annotations

from typing import Any

import requests

from realtimekit_emulator import EmulatorServer


class ApiClient:
    """Sends requests to paths below the app, over one kept connection."""

    def __init__(self, emulator: EmulatorServer) -> None:
        self.emulator = emulator
        self.session = requests.Session()
        self.session.headers.update(emulator.headers)

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send one request."""
        options.setdefault("timeout", 5)
        return self.session.request(method, f"{self.emulator.kit_url}/{path}", **options)

    def get(self, path: str, **options: Any) -> requests.Response:
        """Send a GET request."""
        return self.send("GET", path, **options)

    def send_start(self, meeting_id: str, **options: Any) -> requests.Response:
        """Start a track recording with one layer to the API's own bucket; return the response."""
        outputs = options.pop("outputs", [{"type": "REALTIMEKIT_BUCKET"}])
        body = {"meeting_id": meeting_id, "layers": {"default": {"outputs": outputs}}}
        return self.send("POST", "recordings/track", json={**body, **options})

    def start_recording(self, meeting_id: str, **options: Any) -> str:
        """Start a track recording and return its id."""
        response = self.send_start(meeting_id, **options)
        assert response.status_code == 200, response.text
        return str(response.json()["data"]["id"])

    def send_action(self, recording_id: str, action: str) -> requests.Response:
        """Pause, resume or stop a recording."""
        return self.send("PUT", f"recordings/{recording_id}", json={"action": action})

    def get_recording(self, recording_id: str) -> dict[str, Any]:
        """Return what the API shows of a recording."""
        data: dict[str, Any] = self.get(f"recordings/{recording_id}").json()["data"]
        return data
