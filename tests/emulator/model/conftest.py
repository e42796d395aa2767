"""A recording to watch."""

from __future__ import annotations

import pytest

from realtimekit_emulator import Control
from tests.emulator.api_client import ApiClient


@pytest.fixture
def recording(api: ApiClient, frozen: Control) -> str:
    """Return a recording that was just started, with delays in whole seconds."""
    frozen.set(invoked_seconds=5.0, upload_seconds=10.0, minimum_seconds=3.0)
    return api.start_recording(frozen.create_meeting(participants=1).id)
