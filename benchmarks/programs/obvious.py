"""The fleet as resources of a provider that anybody would write first."""

import pulumi

from benchmarks.fleet import Fleet
from benchmarks.obvious import Obvious

fleet = Fleet.here()
key, secret = (pulumi.Output.secret(text) for text in fleet.credentials)
for number, meeting in enumerate(fleet.meetings):
    outputs = [{"type": "STORAGE_CONFIG", "storage_config": fleet.storage(key, secret)}]
    Obvious(
        f"recording-{number}",
        {
            "meeting_id": meeting,
            "account_id": fleet.account_id,
            "app_id": fleet.app_id,
            "layers": {"default": {"outputs": outputs}},
            "desired_state": fleet.desired_state,
        },
    )
