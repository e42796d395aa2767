"""One SFTP session within a time limit: log in, work, log out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
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

__all__ = ["run_in_session"]

_Result = TypeVar("_Result")
_Work = Callable[[Any, Login], Awaitable[_Result]]

_LOGIN_SECONDS = 20
_SESSION_SECONDS = 300
_ATTEMPTS = 2


def run_in_session(login: Login, operation: str, work: _Work[_Result]) -> _Result:
    """Run ``work`` with an SFTP client that is logged in, and return what it returns.

    Args:
        login: Who logs in where.
        operation: What is done, for error texts, after *may not*: ``create it``.
        work: What is done; it gets asyncssh's ``SFTPClient``, which logs, and the login.

    Raises:
        StorageError: It failed, and why.
    """
    with translate_errors(login, operation):
        return asyncio.run(asyncio.wait_for(_work_logged_in(login, work), _SESSION_SECONDS))


async def _work_logged_in(login: Login, work: _Work[_Result]) -> _Result:
    connection = await _connect(login)
    async with connection, connection.start_sftp_client() as sftp:
        return await work(LoggingSftpClient(sftp, login), login)


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
