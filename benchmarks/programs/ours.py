"""The declared recordings as this package's resources."""

from benchmarks.declared_recordings import DeclaredRecordings
from realtimekit_provider import TrackRecording

declared = DeclaredRecordings.read()
for number, meeting in enumerate(declared.meetings):
    TrackRecording(
        f"recording-{number}",
        meeting_id=meeting,
        account_id=declared.account_id,
        app_id=declared.app_id,
        layers={"default": {"outputs": [declared.build_output()]}},
        desired_state=declared.desired_state,  # type: ignore[arg-type]
    )
