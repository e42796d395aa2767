"""The fleet as resources of a provider that anybody would write first."""

from benchmarks.declared_recordings import Fleet
from benchmarks.naive_provider import Obvious

fleet = Fleet.here()
for number, meeting in enumerate(fleet.meetings):
    Obvious(
        f"recording-{number}",
        {
            "meeting_id": meeting,
            "account_id": fleet.account_id,
            "app_id": fleet.app_id,
            "layers": {"default": {"outputs": [fleet.output()]}},
            "desired_state": fleet.desired_state,
        },
    )
