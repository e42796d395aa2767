"""An SFTP session, each step of it within a time limit: log in, work, log out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from realtimekit_provider.storage.backends.sftp.call_log import (
    LoggingSftpClient,
    create_login_log,
)
from realtimekit_provider.storage.backends.sftp.errors import translate_errors
from realtimekit_provider.storage.backends.sftp.login import (
    Login,
    load_host_key,
    load_private_key,
)
from realtimekit_provider.storage.backends.sftp.sdk import import_sdk

__all__ = ["SftpSession", "open_session"]

_Result = TypeVar("_Result")
_Work = Callable[[Any, Login], Awaitable[_Result]]

_LOGIN_SECONDS = 20
_SESSION_SECONDS = 300
_ATTEMPTS = 2


class SftpSession:
    """A login that works are run in, one after another."""

    def __init__(
        self, login: Login, sftp: LoggingSftpClient, loop: asyncio.AbstractEventLoop
    ) -> None:
        self.login = login
        self._sftp = sftp
        self._loop = loop

    def run(self, operation: str, work: _Work[_Result]) -> _Result:
        """Run ``work``, and return what it returns.

        Args:
            operation: What is done, for error texts, after *may not*: ``create it``.
            work: What is done; it gets asyncssh's ``SFTPClient``, which logs, and the login.

        Raises:
            StorageError: It failed, and why.
        """
        with translate_errors(self.login, operation):
            return _run(self._loop, work(self._sftp, self.login), _SESSION_SECONDS)


@contextmanager
def open_session(login: Login) -> Iterator[SftpSession]:
    """Log in, and log out at the end.

    Raises:
        StorageError: The server refused the login, or cannot be reached.
    """
    loop = asyncio.new_event_loop()
    try:
        with translate_errors(login, "log in"):
            connection = _run(loop, _connect(login), _SESSION_SECONDS)
        try:
            with translate_errors(login, "start an SFTP session"):
                sftp = _run(loop, connection.start_sftp_client(), _LOGIN_SECONDS)
            yield SftpSession(login, LoggingSftpClient(sftp, login), loop)
        finally:
            connection.close()
            with suppress(Exception):  # whoever hangs up first is none of ours
                _run(loop, connection.wait_closed(), _LOGIN_SECONDS)
    finally:
        _run(loop, loop.shutdown_asyncgens(), _LOGIN_SECONDS)
        loop.close()


def _run(loop: asyncio.AbstractEventLoop, work: Awaitable[_Result], seconds: float) -> _Result:
    return loop.run_until_complete(asyncio.wait_for(work, seconds))


async def _connect(login: Login) -> Any:
    """Log in; a server that is busy drops connections, which are then tried once more."""
    sdk = import_sdk()
    options = _build_options(login)
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with create_login_log(login, attempt) as log:
                connection = await sdk.connect(login.host, **options)
                log.log_response("OK")
        except (OSError, sdk.ConnectionLost):
            if attempt == _ATTEMPTS:
                raise
            await asyncio.sleep(0.5)
        else:
            return connection
    raise AssertionError  # pragma: no cover - the last attempt returns or raises


def _build_options(login: Login) -> dict[str, Any]:
    """Nothing of this machine takes part: neither its keys, its agent nor its configuration."""
    by_key = login.auth_method == "KEY"
    return {
        "port": login.port,
        "username": login.username,
        "known_hosts": ([load_host_key(login)], [], []),
        "client_keys": [load_private_key(login)] if by_key else None,
        "password": None if by_key else login.password,
        "preferred_auth": "publickey" if by_key else "password,keyboard-interactive",
        "agent_path": None,
        "config": None,
        "connect_timeout": _LOGIN_SECONDS,
    }
