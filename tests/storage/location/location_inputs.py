"""What is declared of a location, for each type of storage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from realtimekit_provider.storage.backends.registry import STORAGE_TYPES
from tests.example_values import PRIVATE_KEY

HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIF0uKzQ3kZ1mE0c2m2d2yq5Hk0r6nZ8o1u3v5w7x9y1A"
BUCKET = {"bucket": "acme-recordings", "region": "eu-central-1"}
_LOCATIONS: Mapping[str, Mapping[str, Any]] = {
    "aws": {"type": "aws", **BUCKET},
    "azure": {"type": "azure", "account": "acme", "container": "recordings"},
    "digitalocean": {"type": "digitalocean", **BUCKET},
    "gcs": {"type": "gcs", "project": "acme-prod", **BUCKET},
    "sftp": {
        "type": "sftp",
        "host": "sftp.example.com",
        "username": "recorder",
        "path": "/upload",
        "auth_method": "KEY",
        "private_key": PRIVATE_KEY,
        "host_key": HOST_KEY,
    },
}
LOCATIONS: Mapping[str, Mapping[str, Any]] = {
    name: _LOCATIONS.get(name, {"type": name, **BUCKET}) for name in STORAGE_TYPES
}
"""A type that is not written down has a bucket in a region."""
