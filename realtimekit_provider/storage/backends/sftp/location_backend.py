"""Folders on SFTP servers: made, looked at and deleted with the recordings' own login."""

from __future__ import annotations

import posixpath
import secrets
from typing import Any, Literal

from realtimekit_provider.api.models.storage_config import SftpStorageConfig, StorageConfig
from realtimekit_provider.errors import (
    StorageCredentialError,
    StorageError,
    StorageNotEmptyError,
    StorageNotFoundError,
)
from realtimekit_provider.storage.backends.sftp.models import SftpLocation
from realtimekit_provider.storage.backends.sftp.session import Login, in_session

__all__ = ["SftpLocationBackend", "SftpWriteProbe"]

_PROBE = ".realtimekit-write-test-"

_Deleted = Literal["deleted", "kept"]


class SftpLocationBackend:
    """Folders, with the folders above them; their permissions are left to the server's umask."""

    def create(self, place: SftpLocation) -> None:
        in_session(_login(place), "make", _found if place.existing else _made)

    def read(self, place: SftpLocation) -> SftpLocation | None:
        return place if in_session(_login(place), "look at", _is_folder) else None

    def update(self, place: SftpLocation) -> None:
        if not place.existing:
            self.create(place)

    def delete(self, place: SftpLocation) -> _Deleted:
        """Delete the folder alone; the folders above it stay, whoever made them."""
        if place.existing:
            return "kept"
        by_policy = {"keep": _deleted_or_kept, "fail": _deleted_or_failed, "force": _forced}
        return in_session(_login(place), "delete", by_policy[place.on_delete])


class SftpWriteProbe:
    """Writes a file of a few bytes into the folder, and removes it."""

    def check(self, config: StorageConfig, host_key: str | None) -> None:
        if not isinstance(config, SftpStorageConfig):
            raise TypeError(f"SftpWriteProbe proves SFTP, not {config.type}")
        if not host_key:
            raise StorageError(
                f"the host key of {config.host}:{config.port} is needed before anything is sent "
                f"to it: give host_key, as 'ssh-keyscan -p {config.port} {config.host}' prints "
                "it, without the host's name"
            )
        in_session(Login.of(config, host_key), "write a file in", _probed)


def _login(place: SftpLocation) -> Login:
    return Login.of(place, place.host_key)


async def _is_folder(sftp: Any, login: Login) -> bool:
    return bool(await sftp.isdir(login.path))


async def _found(sftp: Any, login: Login) -> None:
    if not await sftp.isdir(login.path):
        raise StorageNotFoundError(
            f"there is no {login.folder}, which is declared as existing: make it or mend its "
            "path. Only if nobody else is to make it, take 'existing' out: then it is this "
            "stack's own, and deleted as on_delete says"
        )


async def _made(sftp: Any, login: Login) -> None:
    # Some servers refuse to make a folder that is there instead of saying that it is there.
    if not await sftp.isdir(login.path):
        await sftp.makedirs(login.path, exist_ok=True)


async def _deleted_or_kept(sftp: Any, login: Login) -> _Deleted:
    if not await _is_removable(sftp, login):
        return "kept" if await sftp.exists(login.path) else "deleted"
    if await _first_file(sftp, login):
        return "kept"
    await _emptied_of_probes(sftp, login)
    # Only rmdir: it refuses to take along a recording that landed a moment ago.
    await sftp.rmdir(login.path)
    return "deleted"


async def _deleted_or_failed(sftp: Any, login: Login) -> _Deleted:
    ended = await _deleted_or_kept(sftp, login)
    if ended == "kept" and (name := await _first_file(sftp, login)):
        raise StorageNotEmptyError(
            f"{login.folder} holds files, such as '{name}', and on_delete is 'fail': move them "
            "away, or set on_delete to 'keep' or 'force'"
        )
    return ended


async def _forced(sftp: Any, login: Login) -> _Deleted:
    if not await _is_removable(sftp, login):
        return "kept" if await sftp.exists(login.path) else "deleted"
    await sftp.rmtree(login.path)
    return "deleted"


async def _is_removable(sftp: Any, login: Login) -> bool:
    """A folder that can be ours: neither the user's home, nor the root, nor behind a link."""
    if not await sftp.isdir(login.path) or await sftp.islink(login.path):
        return False
    return await sftp.realpath(login.path) not in {await sftp.realpath("."), "/"}


async def _first_file(sftp: Any, login: Login) -> str | None:
    """The name of something in the folder that no interrupted write test left there."""
    async for entry in sftp.scandir(login.path):
        if entry.filename not in {".", ".."} and not entry.filename.startswith(_PROBE):
            return str(entry.filename)
    return None


async def _emptied_of_probes(sftp: Any, login: Login) -> None:
    for name in await sftp.listdir(login.path):
        if name.startswith(_PROBE):
            await sftp.remove(posixpath.join(login.path, name))


async def _probed(sftp: Any, login: Login) -> None:
    name = _PROBE + secrets.token_hex(8)
    path = posixpath.join(login.path, name)
    async with sftp.open(path, "xb") as file:
        await file.write(b"RealtimeKit write test\n")
    await _removed(sftp, login, path)


async def _removed(sftp: Any, login: Login, path: str) -> None:
    import asyncssh

    try:
        await sftp.remove(path)
    except (asyncssh.SFTPPermissionDenied, asyncssh.SFTPFailure):
        raise StorageCredentialError(
            f"{login.server} may write and not remove files in {login.folder}, so that the write "
            f"test's file stays: remove {path}, and give the right to remove files or turn the "
            "test off with write_test=False"
        ) from None
