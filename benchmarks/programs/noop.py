"""The declared recordings as resources that are only stored: their inputs are those of ours."""

from benchmarks.declared_recordings import DeclaredRecordings
from benchmarks.providers.noop_provider import NoopRecording

declared = DeclaredRecordings.read()
for number, meeting in enumerate(declared.meetings):
    name = f"recording-{number}"
    urn = f"urn:pulumi:bench::bench::pulumi-python:dynamic/benchmarks:Noop::{name}"
    layer = {
        "file_name_prefix": f"bench_recording_{number}_default_rk0123456789abcdef",
        "outputs": {"0": declared.build_output()},
    }
    NoopRecording(
        name,
        {
            "meeting_id": meeting,
            "account_id": declared.account_id,
            "app_id": declared.app_id,
            "layers": {"default": layer},
            "desired_state": declared.desired_state,
            "resource_urn": urn,
            "mark": "rk0123456789abcdef",
        },
    )
