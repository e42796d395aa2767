"""The parts of azure-storage-blob that are used here."""

from __future__ import annotations

from typing import Any, NamedTuple

from realtimekit_provider.storage.backends.azure.call_log import create_log_policy
from realtimekit_provider.storage.backends.sdk_imports import import_alone

__all__ = ["AzureSdk", "build_client_options", "import_sdk"]


class AzureSdk(NamedTuple):
    """Modules of the SDK: ``azure.storage.blob`` and ``azure.core.exceptions``."""

    blob: Any
    exceptions: Any


def import_sdk() -> AzureSdk:
    """Import the SDK.

    Raises:
        MissingSdkError: It is not installed.
    """
    with import_alone("Azure", "azure"):
        import azure.core.exceptions
        import azure.storage.blob
    return AzureSdk(azure.storage.blob, azure.core.exceptions)


def build_client_options(sdk: AzureSdk) -> dict[str, Any]:
    """Return the options of a client that gives up soon instead of holding up a deployment.

    Keys: ``connection_timeout``, ``read_timeout`` (seconds), ``retry_policy``, and what is added at
    the end of the SDK's own pipeline.
    """
    return {
        "connection_timeout": 10,
        "read_timeout": 30,
        "retry_policy": sdk.blob.LinearRetry(backoff=1, retry_total=1, random_jitter_range=0),
        "_additional_pipeline_policies": [create_log_policy()],
    }
