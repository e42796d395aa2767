"""Folders on SFTP servers: created, read and deleted with the recordings' own login."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from typing_extensions import override

from realtimekit_provider.storage.backends.ports import LocationBackend, LocationClient
from realtimekit_provider.storage.backends.sftp.login import Login
from realtimekit_provider.storage.backends.sftp.models import SftpLocation
from realtimekit_provider.storage.backends.sftp.sdk import import_sdk
from realtimekit_provider.storage.backends.sftp.session import SftpSession, open_session
from realtimekit_provider.storage.backends.sftp.write_probe import PROBE_NAME

__all__ = ["SftpLocationBackend"]


class SftpLocationBackend(LocationBackend[SftpLocation]):
    """Folders, with the folders above them; their permissions are left to the server's umask."""

    @override
    @contextmanager
    def connect(self, location: SftpLocation) -> Iterator[LocationClient[SftpLocation]]:
        login = Login.from_model(location, location.host_key)
        with open_session(login) as session:
            yield _SftpLocationClient(session, location)


class _SftpLocationClient(LocationClient[SftpLocation]):
    holds: ClassVar[str] = "files"
    is_markable: ClassVar[bool] = False

    def __init__(self, session: SftpSession, location: SftpLocation) -> None:
        self.about = session.login.about
        self._session = session
        self._location = location

    @override
    def exists(self) -> bool:
        return self._session.run("look at it", _is_folder)

    @override
    def create(self, mark: str) -> bool:
        return self._session.run("create it", _create_folder)

    @override
    def read(self) -> SftpLocation:
        return self._location

    @override
    def apply_settings(self) -> None:
        """A folder has none."""

    @override
    def is_removable(self) -> bool:
        return self._session.run("look at it", _is_removable)

    @override
    def find_content(self) -> str | None:
        return self._session.run("look at it", _find_file)

    @override
    def delete_content(self) -> None:
        self._session.run("delete it", _delete_tree)

    @override
    def delete(self) -> bool:
        """Delete the folder alone; the folders above it stay, whoever created them."""
        return self._session.run("delete it", _delete_folder)


async def _is_folder(sftp: Any, login: Login) -> bool:
    return bool(await sftp.isdir(login.path))


async def _create_folder(sftp: Any, login: Login) -> bool:
    # Some servers refuse to create a folder that exists instead of saying that it exists.
    if await sftp.isdir(login.path):
        return False
    path = login.path.rstrip("/")
    above = posixpath.dirname(path)
    if above and not await sftp.isdir(above):
        await sftp.makedirs(above, exist_ok=True)
    # Of several that create it at once, one is told that it did.
    try:
        await sftp.mkdir(path)
    except import_sdk().SFTPError:
        if not await sftp.isdir(path):
            raise
        return False
    return True


async def _is_removable(sftp: Any, login: Login) -> bool:
    """A folder that can be ours: neither the user's home, nor the root, nor behind a link."""
    if await sftp.islink(login.path):
        return False
    return await sftp.realpath(login.path) not in {await sftp.realpath("."), "/"}


async def _find_file(sftp: Any, login: Login) -> str | None:
    """Return the name of something in the folder that no interrupted write test left there."""
    async for entry in sftp.scandir(login.path):
        if entry.filename not in {".", ".."} and not entry.filename.startswith(PROBE_NAME):
            return str(entry.filename)
    return None


async def _delete_tree(sftp: Any, login: Login) -> None:
    await sftp.rmtree(login.path)


async def _delete_folder(sftp: Any, login: Login) -> bool:
    if not await sftp.isdir(login.path):
        return True
    for name in await sftp.listdir(login.path):
        if name.startswith(PROBE_NAME):
            await sftp.remove(posixpath.join(login.path, name))
    # Only rmdir: it refuses to delete a recording that landed a moment ago.
    try:
        await sftp.rmdir(login.path)
    except import_sdk().SFTPError:
        if await _find_file(sftp, login) is None:
            raise
        return False
    return True
