"""What a controller reports on the row of the resource that it is asked about."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from realtimekit_provider.deployment.progress import report_wait
from realtimekit_provider.engine.controller_base import ControllerBase
from realtimekit_provider.engine.log import EngineClient, ResourceLog
from realtimekit_provider.recordings.controller import RecordingController
from realtimekit_provider.storage.location.controller import LocationController
from realtimekit_provider.storage.writer.controller import WriterController
from tests.provider_process.fake_engine import Line, running_engine

URN = "urn:pulumi:prod::realtimekit::type::name"


@pytest.mark.parametrize("kind", [LocationController, RecordingController, WriterController])
def test_a_wait_of_an_operation_is_on_the_row_of_its_resource(kind: type[ControllerBase]) -> None:
    """Whoever waits need not know Pulumi; the finished row says how long instead."""
    with running_engine() as engine:
        client = EngineClient(["provider", engine.address])
        controller: Any = kind()
        controller._deployment = SimpleNamespace(get_log=lambda urn: ResourceLog(client, urn))
        controller._reporting_errors({"resource_urn": URN}, lambda: report_wait(12, 60, "late"))
        report_wait(13, 60, "nobody hears this")
        assert engine.get_lines() == [
            Line("progress", "12/60 s: late", URN),
            Line("progress", "waited 0 s", URN),
        ]
