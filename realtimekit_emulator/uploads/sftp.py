"""Uploads to SFTP servers, with asyncssh."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from realtimekit_emulator.loopback import is_loopback
from realtimekit_emulator.uploads.endpoint import elsewhere
from realtimekit_emulator.uploads.sdk import CONNECT_SECONDS, READ_SECONDS, sdk
from realtimekit_emulator.uploads.uploader import UploadError

if TYPE_CHECKING:
    from realtimekit_emulator.uploads.uploader import Upload

_EXTRA = "sftp"


class SftpUploader:
    """Writes new files into folders that exist, by password or by key.

    Any host key will do: the API has no field for one, and the server is on this machine.
    """

    blocking = True

    def upload(self, upload: Upload) -> None:
        """Write one file."""
        storage = upload.storage or {}
        if not is_loopback(storage["host"]):
            what = "the host"
            raise elsewhere(what)
        ssh = sdk("asyncssh", _EXTRA)
        login = _login(ssh, storage)
        try:
            asyncio.run(asyncio.wait_for(_write(ssh, upload, storage, login), READ_SECONDS))
        except ssh.PermissionDenied:
            message = "the server refused the login"
            raise UploadError(message) from None
        except ssh.SFTPError as error:
            message = f"the server refused the file ({type(error).__name__})"
            raise UploadError(message) from None


def _login(ssh: Any, storage: dict[str, Any]) -> dict[str, Any]:
    """Return the one way to log in that was asked for."""
    if storage["auth_method"] == "PASSWORD":
        return {"password": storage["password"], "client_keys": None}
    try:
        # Under KEY the password is the passphrase of the key, and does not travel.
        key = ssh.import_private_key(storage["private_key"], storage.get("password") or None)
    except (ssh.KeyImportError, ssh.KeyEncryptionError):
        message = "the private key cannot be read with what password says"
        raise UploadError(message) from None
    return {"client_keys": [key], "preferred_auth": "publickey"}


async def _write(ssh: Any, upload: Upload, storage: dict[str, Any], login: dict[str, Any]) -> None:
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
            connect_timeout=CONNECT_SECONDS,
            **login,
        ) as connection,
        connection.start_sftp_client() as sftp,
        sftp.open(path + upload.file_name, "xb") as file,
    ):
        await file.write(upload.data)
