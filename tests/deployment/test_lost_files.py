"""What is said of a recording whose files were lost."""

from __future__ import annotations

import pytest

from realtimekit_provider.api.models.status import GONE
from realtimekit_provider.deployment.lost_files import describe_lost_files, warn_of_lost_files
from tests.example_values import build_recording
from tests.fakes import FakePorts


@pytest.mark.parametrize(
    ("status", "duration", "has_own_storage", "advice"),
    [
        ("ERRORED", 2, True, "It recorded 2 s, and less than 5 s may be lost"),
        ("ERRORED", 2000, True, "Check that its storage exists"),
        ("ERRORED", None, True, "Check that its storage exists"),
        ("ERRORED", None, False, "Cloudflare's support can tell why"),
        (GONE, None, True, "it is unknown whether its files were uploaded"),
    ],
)
def test_the_advice_follows_from_what_is_known(
    status: str, duration: float | None, has_own_storage: bool, advice: str
) -> None:
    """Length, then storage; the text fits the output ``warning``."""
    recording = build_recording(status=status, recording_duration=duration)
    text = describe_lost_files(recording, has_own_storage=has_own_storage)
    assert text.startswith("recording rec-1 ")
    assert advice in text
    assert len(text) < 250


def test_lost_files_are_reported_once_in_a_deployment() -> None:
    """By the recording or by a gate, whichever sees it first; the text is the same."""
    fake = FakePorts()
    lost = build_recording(status="ERRORED")
    texts = {warn_of_lost_files(lost, fake.ports, has_own_storage=True) for _ in range(2)}
    assert fake.reporter.warnings == [*texts]
