"""Who logs in to an SFTP server, and the keys for it."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

from pydantic import SecretStr

from realtimekit_provider.api.models.storage_config import SftpStorageConfig
from realtimekit_provider.errors import StorageCredentialError, StorageSettingsError
from realtimekit_provider.storage.backends.errors import build_missing_sdk_error, describe
from realtimekit_provider.storage.backends.sftp.models import SftpLocation
from realtimekit_provider.storage.backends.sftp.sdk import import_sdk

__all__ = ["Login", "load_host_key", "load_private_key"]

# What asyncssh calls an import error is only some of it: what is inside may be no text, no point of
# the curve, or a number below zero.
_DAMAGED_KEY_ERRORS = (ValueError, OverflowError)


@dataclass(frozen=True)
class Login:
    """Who logs in where; under ``KEY``, ``password`` is the private key's passphrase.

    Attributes:
        path: The folder, relative to the user's home unless it begins with a slash.
        host_key: The server's public host key, ``ssh-ed25519 AAAA…``.
        auth_method: ``KEY`` or ``PASSWORD``.
    """

    host: str
    port: int
    username: str
    path: str
    host_key: str
    auth_method: str
    password: str | None = field(default=None, repr=False)
    private_key: str | None = field(default=None, repr=False)

    @classmethod
    def from_model(cls, model: SftpLocation | SftpStorageConfig, host_key: str) -> Login:
        """Return the login of a location, or of a ``storage_config``."""
        return cls(
            host=model.host,
            port=model.port,
            username=model.username,
            path=posixpath.normpath(model.path or "."),
            host_key=host_key,
            auth_method=model.auth_method,
            password=_reveal(model.password),
            private_key=_reveal(model.private_key),
        )

    @property
    def about(self) -> str:
        """The folder, as an error text begins with it."""
        return describe("folder", self.path, "sftp", f"{self.username}@{self.host}:{self.port}")

    @property
    def credential(self) -> str:
        """What the server is shown, in words."""
        return "private key" if self.auth_method == "KEY" else "password"

    @property
    def keyscan(self) -> str:
        """The command that prints the server's host keys."""
        return f"ssh-keyscan -p {self.port} {self.host}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no text may hold."""
        return tuple(secret for secret in (self.password, self.private_key) if secret)


def load_host_key(login: Login) -> Any:
    """Return the server's public key.

    Raises:
        StorageSettingsError: It cannot be read.
    """
    try:
        return import_sdk().import_public_key(login.host_key)
    except _DAMAGED_KEY_ERRORS:
        raise StorageSettingsError(
            f"{login.about}: its host_key is not a public key. Set it to what '{login.keyscan}' "
            "prints, without the host's name."
        ) from None


def load_private_key(login: Login) -> Any:
    """Return the user's private key, decrypted.

    Raises:
        StorageCredentialError: It cannot be read, or not with this passphrase.
        MissingSdkError: It has a passphrase, and what decrypts it is not installed.
    """
    sdk = import_sdk()
    try:
        return sdk.import_private_key(login.private_key or "", login.password)
    except sdk.KeyEncryptionError:
        if find_spec("bcrypt") is None:
            raise build_missing_sdk_error("SFTP", "sftp") from None
        raise StorageCredentialError(
            f"{login.about}: the private key cannot be opened with its passphrase. Give the "
            "passphrase as password, or use a key without one."
        ) from None
    except _DAMAGED_KEY_ERRORS:
        raise StorageCredentialError(
            f"{login.about}: the private key cannot be read. If it has a passphrase, give it as "
            "password; otherwise give the whole file as ssh-keygen wrote it."
        ) from None


def _reveal(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret is not None else None
