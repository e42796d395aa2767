"""The storage that the cases of one runner upload to: which credentials it accepts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

__all__ = ["CloudStorage"]


@dataclass
class CloudStorage:
    """Storage with credentials.

    Attributes:
        valid_passwords: The passwords that an SFTP server accepts.
        iam: A client of the IAM that knows the access keys; without one, every key is accepted.
    """

    valid_passwords: set[str] = field(default_factory=set)
    iam: Any = None

    def accepts(self, storage_config: Mapping[str, Any]) -> bool:
        """Whether an upload with this ``storage_config`` is accepted."""
        if storage_config.get("type") == "sftp":
            return storage_config.get("password") in self.valid_passwords
        return self.iam is None or self._has_access_key(str(storage_config.get("access_key")))

    def _has_access_key(self, access_key: str) -> bool:
        try:
            self.iam.get_access_key_last_used(AccessKeyId=access_key)
        except ClientError:
            return False
        return True
