"""The declared recordings as resources of a provider that one would write first."""

from benchmarks.declared_recordings import DeclaredRecordings
from benchmarks.providers.naive_provider import NaiveRecording

declared = DeclaredRecordings.read()
for number, meeting in enumerate(declared.meetings):
    NaiveRecording(
        f"recording-{number}",
        {
            "meeting_id": meeting,
            "account_id": declared.account_id,
            "app_id": declared.app_id,
            "layers": {"default": {"outputs": [declared.build_output()]}},
            "desired_state": declared.desired_state,
        },
    )
