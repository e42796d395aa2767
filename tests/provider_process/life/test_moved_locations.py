"""A storage location that is to be replaced by one that cannot be created."""

from __future__ import annotations

import pytest

from realtimekit_provider.providers import StorageLocationProvider
from tests.closed_port import reserve_closed_port
from tests.provider_process.process import OperationError, State
from tests.provider_process.stack import ProviderStack
from tests.storage.location.location_inputs import LOCATIONS
from tests.storage.locations import OWN_MARK

URN = "urn:pulumi:dev::meetings::t::archive"


@pytest.mark.parametrize(("is_preview", "plan"), [(True, "replace"), (False, "update")])
def test_a_deployment_alone_asks_for_the_new_location(
    stack: ProviderStack, *, is_preview: bool, plan: str
) -> None:
    """A preview may run where no storage is reached; a deployment keeps the old one by an error."""
    before = {**LOCATIONS["sftp"], "host": "127.0.0.1", "mark": OWN_MARK}
    carrier = {"urn": URN, "parallel": 4, "is_preview": is_preview}
    with stack.deploy() as deployment, reserve_closed_port() as port:
        process = deployment.provider.with_provider(StorageLocationProvider())
        stored, _ = process.check({**before, "resource_urn": URN})
        state = State("sftp:127.0.0.1", stored, stored)
        moved, failures = process.check({**before, "port": port, "resource_urn": carrier})
        assert failures == {}
        assert process.diff(state, moved).plan == plan
        if not is_preview:
            with pytest.raises(OperationError, match="is not replaced, and recordings that write"):
                process.update(state, moved)
