"""Recordings of an emulated API, each with the mark, the age and the status that a test needs."""

from __future__ import annotations

from typing import Any

import requests

from realtimekit_emulator import EmulatorServer

__all__ = ["DAY", "ApiRecordings"]

DAY = 86400.0


class ApiRecordings:
    """Starts recordings as anybody could who has a token."""

    def __init__(self, emulator: EmulatorServer) -> None:
        self._emulator = emulator
        self._calls = requests.Session()
        self._calls.headers.update(emulator.headers)

    def start(
        self,
        mark: str | None = None,
        status: str = "RECORDING",
        *,
        storage: dict[str, Any] | None = None,
        meeting_id: str | None = None,
    ) -> str:
        """Start one in a meeting of its own, and return its id.

        Args:
            mark: What its file's name has; none where that is not said.
            status: What becomes of it.
            storage: Its ``storage_config``; Cloudflare's bucket where it has none.
            meeting_id: A meeting that exists already.
        """
        control = self._emulator.control
        meeting_id = meeting_id or control.create_meeting(participants=1).id
        layer: dict[str, Any] = {"outputs": [{"type": "REALTIMEKIT_BUCKET"}]}
        if storage is not None:
            layer["outputs"] = [{"type": "STORAGE_CONFIG", "storage_config": storage}]
        if mark is not None:
            layer["file_name_prefix"] = f"standup_{mark}"
        body = {"meeting_id": meeting_id, "layers": {"default": layer}}
        answer = self._calls.post(f"{self._emulator.kit_url}/recordings/track", json=body)
        answer.raise_for_status()
        recording_id = str(answer.json()["data"]["id"])
        if status != "INVOKED":
            control.force(recording_id, status)
        return recording_id
