"""Uploads to SFTP servers, with asyncssh."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from realtimekit_emulator.loopback import is_loopback
from realtimekit_emulator.uploads.endpoint import create_not_loopback_error
from realtimekit_emulator.uploads.sdk import CONNECT_TIMEOUT, READ_TIMEOUT, import_sdk
from realtimekit_emulator.uploads.storage_type import StorageType
from realtimekit_emulator.uploads.uploader import Upload, UploadError

_EXTRA = "sftp"


class SftpUploader:
    """Writes new files into existing folders, by password or by key.

    It accepts any host key: the API has no field for one, and the server is on this machine.
    """

    blocking = True

    def upload(self, upload: Upload) -> None:
        """Write one file."""
        storage = upload.storage or {}
        if not is_loopback(storage["host"]):
            raise create_not_loopback_error("the host")
        ssh = import_sdk("asyncssh", _EXTRA)
        login = _build_login(ssh, storage)
        try:
            asyncio.run(asyncio.wait_for(_write_file(ssh, upload, storage, login), READ_TIMEOUT))
        except ssh.PermissionDenied:
            raise UploadError("the server refused the login") from None
        except ssh.SFTPError as error:
            raise UploadError(f"the server refused the file ({type(error).__name__})") from None


def _build_login(ssh: Any, storage: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of ``connect`` for the one way to log in that ``auth_method`` names."""
    if storage["auth_method"] == "PASSWORD":
        return {"password": storage["password"], "client_keys": None}
    try:
        # With KEY the password is the passphrase of the key, and is not sent.
        key = ssh.import_private_key(storage["private_key"], storage.get("password") or None)
    except (ssh.KeyImportError, ssh.KeyEncryptionError):
        raise UploadError(
            "the private_key cannot be read with the password as its passphrase"
        ) from None
    return {"client_keys": [key], "preferred_auth": "publickey"}


async def _write_file(
    ssh: Any, upload: Upload, storage: dict[str, Any], login: dict[str, Any]
) -> None:
    path = f"{storage['path'].rstrip('/')}/" if storage["path"] else ""
    async with (
        ssh.connect(
            storage["host"],
            storage["port"],
            username=storage["username"],
            known_hosts=None,
            # Nothing of the user who runs the emulator.
            config=None,
            agent_path=None,
            connect_timeout=CONNECT_TIMEOUT,
            **login,
        ) as connection,
        connection.start_sftp_client() as sftp,
        sftp.open(path + upload.file_name, "xb") as file,
    ):
        await file.write(upload.data)


def _describe_location(storage: Mapping[str, Any]) -> str:
    return f"{storage.get('host')}:{storage.get('port')}"


SFTP = StorageType(
    name="sftp",
    uploader=SftpUploader,
    required_fields=("host", "port", "username", "path", "auth_method"),
    optional_fields=("password", "private_key"),
    secret_fields=frozenset({"password", "private_key"}),
    number_fields={"port": (1, 65535)},
    choice_fields={"auth_method": {"KEY": ("private_key",), "PASSWORD": ("password",)}},
    describe_location=_describe_location,
)
