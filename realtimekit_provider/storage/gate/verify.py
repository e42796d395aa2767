"""Whether the very credential that recordings will use can write at the very path."""

from __future__ import annotations

from realtimekit_provider.api.models.storage_config import StorageConfig
from realtimekit_provider.deployment.polling import poll_until
from realtimekit_provider.errors import StorageCredentialError
from realtimekit_provider.storage.gate.inputs import GateInputs
from realtimekit_provider.storage.gate.ports import GatePorts

__all__ = ["verify_write_access"]


def verify_write_access(config: StorageConfig, gate: GateInputs, ports: GatePorts) -> None:
    """Write with the credential at the path, unless ``write_test`` is false.

    One that the stack creates is tried again for a while: its cloud may not know it yet. One that
    is given is tried once, since a server locks out who is refused often.

    Raises:
        StorageError: The storage cannot be written to; the text says why.
    """
    if not gate.write_test:
        return
    refusals: list[StorageCredentialError] = []

    def probe() -> bool | None:
        try:
            ports.check_write_access(config, gate.host_key)
        except StorageCredentialError as refusal:
            refusals.append(refusal)
            return None
        return True

    reason = "the storage does not accept the credential yet"
    timeout = ports.timing.key_propagation if gate.created_by_stack else 0.0
    if poll_until(ports, reason, timeout, probe) is None:
        raise refusals[-1]
