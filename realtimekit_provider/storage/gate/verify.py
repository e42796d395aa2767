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

    A refused credential is tried again for a while: a cloud may not know a new key yet.

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
    if poll_until(ports, reason, ports.timing.key_propagation, probe) is None:
        raise refusals[-1]
