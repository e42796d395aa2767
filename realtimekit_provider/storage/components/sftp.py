"""SFTP storage for recordings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import pulumi

from realtimekit_provider.constants import UPLOAD_DEADLINE
from realtimekit_provider.engine.input_values import share_input
from realtimekit_provider.storage.backends.base_models import OnDeleteLocation
from realtimekit_provider.storage.components.base import RecordingStorage

__all__ = ["SftpRecordingFolder"]


class SftpRecordingFolder(RecordingStorage):
    """A folder on an SFTP server, and a gate; the login is the user's own.

    Needs the extra ``sftp``.
    """

    def __init__(
        self,
        name: str,
        *,
        host: pulumi.Input[str],
        username: pulumi.Input[str],
        path: pulumi.Input[str],
        host_key: pulumi.Input[str],
        auth_method: pulumi.Input[Literal["KEY", "PASSWORD"]],
        port: pulumi.Input[int] = 22,
        password: pulumi.Input[str] | None = None,
        private_key: pulumi.Input[str] | None = None,
        existing: pulumi.Input[bool] = False,
        on_delete: pulumi.Input[OnDeleteLocation] = "keep",
        apps: pulumi.Input[Sequence[pulumi.Input[Mapping[str, pulumi.Input[str]]]]] | None = None,
        write_test: pulumi.Input[bool] = True,
        upload_deadline: pulumi.Input[float] = UPLOAD_DEADLINE,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the storage.

        Args:
            name: The component's name in the stack.
            host: The server's name or address. A change is another folder.
            username: The user to log in as.
            path: The folder. A change is another folder.
            host_key: The server's public host key, ``ssh-ed25519 AAAA…``; there is no
                insecure default.
            auth_method: ``KEY`` or ``PASSWORD``.
            port: The server's port, 22 by default. A change is another folder.
            password: The user's password; under ``KEY`` the private key's passphrase.
            private_key: The private key in OpenSSH or PEM form, under ``KEY``.
            existing: Whether the folder is somebody else's: then it is neither created nor deleted.
            on_delete: What is done with a folder that holds files: ``keep`` (default) with a
                warning, ``fail``, or ``force``.
            apps: Whose recordings may write here; the stack's own app where left out.
            write_test: Whether the gate checks the login by writing with it.
            upload_deadline: Seconds that a delete waits for the last upload.
            opts: Pulumi's options.
        """
        self._register("SftpRecordingFolder", name, opts)
        host_key = share_input(host_key)
        apps = share_input(apps)
        login = {
            "host": share_input(host),
            "port": share_input(port),
            "username": share_input(username),
            "auth_method": share_input(auth_method),
            "password": share_input(password),
            "private_key": share_input(private_key),
        }
        location = self._declare_location(
            {
                "type": "sftp",
                **login,
                "path": path,
                "host_key": host_key,
                "existing": existing,
                "on_delete": on_delete,
            }
        )
        self._declare_gate(
            {"type": "sftp", **login, "path": location.path},
            apps=apps,
            write_test=write_test,
            upload_deadline=upload_deadline,
            host_key=host_key,
        )
