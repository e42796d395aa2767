"""The fleet as resources that are only stored: with the inputs that ours ends up with."""

from benchmarks.declared_recordings import Fleet
from benchmarks.noop_provider import Floor

fleet = Fleet.here()
for number, meeting in enumerate(fleet.meetings):
    name = f"recording-{number}"
    layer = {
        "file_name_prefix": f"bench_recording_{number}_default_rk0123456789",
        "outputs": {"0": fleet.output()},
    }
    Floor(
        name,
        {
            "meeting_id": meeting,
            "account_id": fleet.account_id,
            "app_id": fleet.app_id,
            "layers": {"default": layer},
            "desired_state": fleet.desired_state,
            "resource_urn": f"urn:pulumi:bench::bench::pulumi-python:dynamic/floor:Floor::{name}",
            "mark": "rk0123456789",
        },
    )
