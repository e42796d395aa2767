"""The fleet as this package's resources."""

from benchmarks.declared_recordings import Fleet
from realtimekit_provider import TrackRecording

fleet = Fleet.here()
for number, meeting in enumerate(fleet.meetings):
    TrackRecording(
        f"recording-{number}",
        meeting_id=meeting,
        account_id=fleet.account_id,
        app_id=fleet.app_id,
        layers={"default": {"outputs": [fleet.output()]}},
        desired_state=fleet.desired_state,  # type: ignore[arg-type]
    )
