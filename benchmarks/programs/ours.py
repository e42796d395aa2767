"""The fleet as this package's resources."""

import pulumi

from benchmarks.fleet import Fleet
from realtimekit_provider import TrackRecording

fleet = Fleet.here()
key, secret = (pulumi.Output.secret(text) for text in fleet.credentials)
for number, meeting in enumerate(fleet.meetings):
    outputs = [{"type": "STORAGE_CONFIG", "storage_config": fleet.storage(key, secret)}]
    TrackRecording(
        f"recording-{number}",
        meeting_id=meeting,
        account_id=fleet.account_id,
        app_id=fleet.app_id,
        layers={"default": {"outputs": outputs}},
        desired_state=fleet.desired_state,  # type: ignore[arg-type]
    )
