"""What the tests of a start share: recordings that exist already, and the start itself."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_provider.deployment.mark import compute_mark
from realtimekit_provider.recordings.create import (
    CreatedRecording,
    create_recording,
)
from tests.example_values import (
    FOREIGN_MARK,
    MARK,
    URN,
    build_recording,
    build_recording_inputs,
)
from tests.fakes import (
    FakePorts,
    format_time,
)

__all__ = [
    "COMPOSITE",
    "FOREIGN",
    "NEW",
    "OF_ANOTHER_STATE",
    "OLDER",
    "OURS",
    "fail_to_start",
    "start",
]

OURS = build_recording("ours", output_file_name=f"prod_standup_default_{MARK}_1.webm")
OLDER = build_recording("older", output_file_name="somebody_1.webm", invoked_time=format_time(-600))
FOREIGN = build_recording("foreign", output_file_name=f"prod_retro_default_{FOREIGN_MARK}_1.webm")
OF_ANOTHER_STATE = build_recording(
    "theirs", output_file_name=f"prod_standup_default_{compute_mark('5e1d3a7c', URN)}_1.webm"
)
"""Of a resource whose names are those of ours, in another state."""
COMPOSITE = build_recording("mixed", kind="COMPOSITE", start_reason="RECORD_ON_START")
NEW = build_recording("new", "INVOKED")


def start(fake: FakePorts, **changes: Any) -> CreatedRecording:
    return create_recording(build_recording_inputs(**changes), fake.ports)


def fail_to_start(fake: FakePorts, kind: type[Exception], **changes: Any) -> str:
    """Return the sentence of the error by which a start ends, without anything started."""
    with pytest.raises(kind) as raised:
        start(fake, **changes)
    return str(raised.value)
