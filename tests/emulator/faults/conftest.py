"""A recording for faults to affect."""

from __future__ import annotations

import pytest

from realtimekit_emulator import Control
from tests.emulator.api_client import ApiClient


@pytest.fixture
def recording(api: ApiClient, frozen: Control) -> str:
    """Return a recording that has run for ten seconds."""
    frozen.set(invoked_seconds=1.0, upload_seconds=1.0)
    recording_id = api.start_recording(frozen.create_meeting(participants=1).id)
    frozen.advance(11)
    return recording_id
