"""Folders on SFTP servers: created, read and deleted with the recordings' own login."""

from __future__ import annotations

import posixpath
from typing import Any, Literal

from realtimekit_provider.storage.backends.errors import build_not_found_error
from realtimekit_provider.storage.backends.on_delete import keep_or_refuse
from realtimekit_provider.storage.backends.sftp.login import Login
from realtimekit_provider.storage.backends.sftp.models import SftpLocation
from realtimekit_provider.storage.backends.sftp.session import run_in_session
from realtimekit_provider.storage.backends.sftp.write_probe import PROBE_NAME

__all__ = ["SftpLocationBackend"]

_Deleted = Literal["deleted", "kept"]


class SftpLocationBackend:
    """Folders, with the folders above them; their permissions are left to the server's umask."""

    def create(self, location: SftpLocation) -> None:
        work = _require_folder if location.existing else _create_folder
        run_in_session(_get_login(location), "create it", work)

    def read(self, location: SftpLocation) -> SftpLocation | None:
        exists = run_in_session(_get_login(location), "look at it", _is_folder)
        return location if exists else None

    def update(self, location: SftpLocation) -> None:
        if not location.existing:
            self.create(location)

    def delete(self, location: SftpLocation) -> _Deleted:
        """Delete the folder alone; the folders above it stay, whoever created them."""
        if location.existing:
            return "kept"
        work = {
            "keep": _delete_if_empty,
            "fail": _delete_or_fail,
            "force": _delete_with_contents,
        }[location.on_delete]
        return run_in_session(_get_login(location), "delete it", work)


def _get_login(location: SftpLocation) -> Login:
    return Login.from_model(location, location.host_key)


async def _is_folder(sftp: Any, login: Login) -> bool:
    return bool(await sftp.isdir(login.path))


async def _require_folder(sftp: Any, login: Login) -> None:
    if not await sftp.isdir(login.path):
        raise build_not_found_error(login.about, existing=True)


async def _create_folder(sftp: Any, login: Login) -> None:
    # Some servers refuse to create a folder that exists instead of saying that it exists.
    if not await sftp.isdir(login.path):
        await sftp.makedirs(login.path, exist_ok=True)


async def _delete_if_empty(sftp: Any, login: Login) -> _Deleted:
    if not await _is_removable(sftp, login):
        return "kept" if await sftp.exists(login.path) else "deleted"
    if await _find_file(sftp, login):
        return "kept"
    await _delete_probes(sftp, login)
    # Only rmdir: it refuses to delete a recording that landed a moment ago.
    await sftp.rmdir(login.path)
    return "deleted"


async def _delete_or_fail(sftp: Any, login: Login) -> _Deleted:
    outcome = await _delete_if_empty(sftp, login)
    if outcome == "kept" and (name := await _find_file(sftp, login)):
        return keep_or_refuse(login.about, "fail", holds="files", example=name)
    return outcome


async def _delete_with_contents(sftp: Any, login: Login) -> _Deleted:
    if not await _is_removable(sftp, login):
        return "kept" if await sftp.exists(login.path) else "deleted"
    await sftp.rmtree(login.path)
    return "deleted"


async def _is_removable(sftp: Any, login: Login) -> bool:
    """A folder that can be ours: neither the user's home, nor the root, nor behind a link."""
    if not await sftp.isdir(login.path) or await sftp.islink(login.path):
        return False
    return await sftp.realpath(login.path) not in {await sftp.realpath("."), "/"}


async def _find_file(sftp: Any, login: Login) -> str | None:
    """Return the name of something in the folder that no interrupted write test left there."""
    async for entry in sftp.scandir(login.path):
        if entry.filename not in {".", ".."} and not entry.filename.startswith(PROBE_NAME):
            return str(entry.filename)
    return None


async def _delete_probes(sftp: Any, login: Login) -> None:
    for name in await sftp.listdir(login.path):
        if name.startswith(PROBE_NAME):
            await sftp.remove(posixpath.join(login.path, name))
