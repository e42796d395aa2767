"""An SFTP session, each step of it within a time limit: log in, work, log out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from tenacity import stop_after_attempt

from realtimekit_provider.deployment.progress import report_wait
from realtimekit_provider.storage.backends.retry import retry_until
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
_PAUSE = 0.5


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
            connection = _connect(loop, login)
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


def _connect(loop: asyncio.AbstractEventLoop, login: Login) -> Any:
    """Log in; a server that is busy drops connections, which are then tried once more."""
    sdk = import_sdk()
    options = _build_options(login)

    async def connect() -> Any:
        with create_login_log(login) as log:
            connection = await sdk.connect(login.host, **options)
            log.log_response("OK")
            return connection

    return retry_until(
        lambda _: True,
        lambda: _run(loop, connect(), _SESSION_SECONDS),
        stop=stop_after_attempt(_ATTEMPTS),
        pause=_PAUSE,
        is_transient=lambda error: isinstance(error, (OSError, sdk.ConnectionLost)),
        before_pause=lambda state: report_wait(
            state.seconds_since_start or 0.0, _ATTEMPTS * _LOGIN_SECONDS, "no SFTP connection yet"
        ),
    )


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
