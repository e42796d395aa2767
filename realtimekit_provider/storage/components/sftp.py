"""SFTP storage for recordings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import pulumi

from realtimekit_provider.api.models.storage_config import SftpLogin
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
        port: pulumi.Input[int] | None = None,
        password: pulumi.Input[str] | None = None,
        private_key: pulumi.Input[str] | None = None,
        existing: pulumi.Input[bool] | None = None,
        on_delete: pulumi.Input[OnDeleteLocation] | None = None,
        apps: pulumi.Input[Sequence[pulumi.Input[Mapping[str, pulumi.Input[str]]]]] | None = None,
        write_test: pulumi.Input[bool] | None = None,
        upload_deadline: pulumi.Input[float] | None = None,
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
            existing: Whether the folder is somebody else's; false by default. If so, it is neither
                created nor deleted.
            on_delete: What is done with a folder that holds files: ``keep`` (default) with a
                warning, ``fail``, or ``force``.
            apps: Whose recordings may write here; the stack's own app where left out.
            write_test: Whether the gate checks the login by writing with it; true by default.
            upload_deadline: Seconds that a delete waits for the last upload; 900 by default.
            opts: Pulumi's options.
        """
        given = self._register(
            "sftp",
            name,
            {
                "host": host,
                "username": username,
                "path": path,
                "host_key": host_key,
                "auth_method": auth_method,
                "port": port,
                "password": password,
                "private_key": private_key,
                "existing": existing,
                "on_delete": on_delete,
                "apps": apps,
                "write_test": write_test,
                "upload_deadline": upload_deadline,
            },
            opts,
        )
        location = self._declare_location(given)
        login = {key: given[key] for key in SftpLogin.model_fields}
        self._declare_gate(given, {**login, "path": location.path})
