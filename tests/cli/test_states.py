"""What the command line reads in an exported state."""

from __future__ import annotations

import json
from pathlib import Path

from realtimekit_provider.cli.pulumi_cli.states import parse_state

STATE = Path(__file__).parents[1] / "pulumi_cli" / "states" / "state-0.1.0.json"


def test_a_state_of_every_resource_is_read_without_its_secrets() -> None:
    """The passphrase is not needed, since what is encrypted is left as it is."""
    state = parse_state("prod", json.loads(STATE.read_text("utf-8"))["state"])
    assert state.identity is not None
    assert state.recordings
    for recording in state.recordings:
        assert recording.stored.inputs.mark.startswith(f"rk{state.identity[:8]}")
        assert recording.stored.get_app()
        assert not recording.is_leftover
    assert {urn.rsplit(":", 3)[-3] for urn in state.storage} >= {"StorageLocation", "StorageGate"}
    assert state.pending_operations == ()


def test_an_interrupted_operation_is_named() -> None:
    """With the resource that it was about."""
    pending = [{"resource": {"urn": "urn:x"}, "type": "creating"}]
    state = parse_state("prod", {"deployment": {"pending_operations": pending}})
    assert state.pending_operations == (("urn:x", "creating"),)
    assert (state.identity, state.recordings, state.resource_count) == (None, (), 0)
