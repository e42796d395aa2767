"""Whether a login can write in its folder."""

from __future__ import annotations

import posixpath
import secrets
from typing import Any

from typing_extensions import override

from realtimekit_provider.api.models.storage_config import SftpStorageConfig, StorageConfig
from realtimekit_provider.errors import StorageCredentialError, StorageSettingsError
from realtimekit_provider.storage.backends.ports import WriteProbe
from realtimekit_provider.storage.backends.sftp.login import Login
from realtimekit_provider.storage.backends.sftp.sdk import import_sdk
from realtimekit_provider.storage.backends.sftp.session import open_session

__all__ = ["PROBE_NAME", "SftpWriteProbe"]

PROBE_NAME = ".realtimekit-write-test-"
"""What the name of each file that is only a write test begins with."""


class SftpWriteProbe(WriteProbe):
    """Writes a file of a few bytes into the folder, and removes it."""

    @override
    def check(
        self,
        config: StorageConfig,
        host_key: str | None,
        endpoint: str | None = None,
    ) -> None:
        if not isinstance(config, SftpStorageConfig):
            raise TypeError(f"SftpWriteProbe checks sftp, not {config.type}")
        login = Login.from_model(config, host_key or "")
        if not host_key:
            raise StorageSettingsError(
                f"{login.about}: the server's host key is needed before anything is sent to it. "
                f"Set host_key to what '{login.keyscan}' prints, without the host's name."
            )
        with open_session(login) as session:
            session.run("write a file in it", _write_and_remove)


async def _write_and_remove(sftp: Any, login: Login) -> None:
    path = posixpath.join(login.path, PROBE_NAME + secrets.token_hex(8))
    async with sftp.open(path, "xb") as file:
        await file.write(b"RealtimeKit write test\n")
    sdk = import_sdk()
    try:
        await sftp.remove(path)
    except (sdk.SFTPPermissionDenied, sdk.SFTPFailure):
        raise StorageCredentialError(
            f"{login.about}: the user may write files and not remove them, so the write test's "
            f"file stays. Remove {path}, and give the user the right to remove files, or switch "
            "the test off with write_test: false."
        ) from None
