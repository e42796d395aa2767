"""A line in the log for each operation of an SFTP client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from realtimekit_provider.call_log import CallLog
from realtimekit_provider.storage.backends.sftp.login import Login

__all__ = ["LoggingSftpClient", "create_login_log"]

_SERVICE = "SFTP"


def create_login_log(login: Login) -> CallLog:
    """Return the log of an attempt to log in."""
    return CallLog(_SERVICE, "login", f"{login.host}:{login.port}", secrets=login.secrets)


class LoggingSftpClient:
    """Has the operations of asyncssh's ``SFTPClient`` that are used here, and logs each."""

    def __init__(self, client: Any, login: Login) -> None:
        self._client = client
        self._login = login

    def __getattr__(self, name: str) -> Any:
        """Return the operation ``name`` of the client, whose first argument is a path."""
        operation = getattr(self._client, name)

        async def call(*arguments: Any, **options: Any) -> Any:
            with self._create_log(name, arguments) as log:
                result = await operation(*arguments, **options)
                log.log_response("OK")
            return result

        return call

    @asynccontextmanager
    async def open(self, *arguments: Any, **options: Any) -> AsyncIterator[Any]:
        """Open a file, and log how its writing ended when it is closed."""
        with self._create_log("open", arguments) as log:
            async with self._client.open(*arguments, **options) as file:
                yield file
            log.log_response("OK")

    async def scandir(self, *arguments: Any) -> AsyncIterator[Any]:
        """Yield the entries of a folder; the line is about all that were read."""
        log = self._create_log("scandir", arguments)
        try:
            async for entry in self._client.scandir(*arguments):
                yield entry
        except Exception as error:
            log.log_error(error)
            raise
        except GeneratorExit:  # the reader has found what it looked for
            log.log_response("OK")
            raise
        log.log_response("OK")

    def _create_log(self, operation: str, arguments: tuple[Any, ...]) -> CallLog:
        path = str(arguments[0]) if arguments else ""
        return CallLog(
            _SERVICE, operation, f"{self._login.host}:{path}", secrets=self._login.secrets
        )
