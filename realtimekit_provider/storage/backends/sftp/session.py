"""One bounded SFTP session: log in, work, log out; and what each failure means."""

from __future__ import annotations

import asyncio
import posixpath
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any, NamedTuple, TypeVar

from pydantic import SecretStr

from realtimekit_provider.api.models.storage_config import SftpStorageConfig
from realtimekit_provider.errors import (
    StorageCredentialError,
    StorageError,
    StorageNotFoundError,
    StorageUnreachableError,
)
from realtimekit_provider.redaction import redact
from realtimekit_provider.storage.backends.missing_sdk import missing_sdk
from realtimekit_provider.storage.backends.sftp.models import SftpLocation

__all__ = ["Login", "in_session"]

_Found = TypeVar("_Found")
_Work = Callable[[Any, "Login"], Awaitable[_Found]]

_LOGIN_SECONDS = 20
_SESSION_SECONDS = 300
_ATTEMPTS = 2


@dataclass(frozen=True)
class Login:
    """Who logs in where; under ``KEY``, ``password`` is the private key's passphrase."""

    host: str
    port: int
    username: str
    path: str
    host_key: str
    auth_method: str
    password: str | None = field(default=None, repr=False)
    private_key: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, target: SftpLocation | SftpStorageConfig, host_key: str) -> Login:
        return cls(
            host=target.host,
            port=target.port,
            username=target.username,
            path=posixpath.normpath(target.path or "."),
            host_key=host_key,
            auth_method=target.auth_method,
            password=_revealed(target.password),
            private_key=_revealed(target.private_key),
        )

    @property
    def server(self) -> str:
        return f"{self.username}@{self.host}:{self.port}"

    @property
    def folder(self) -> str:
        return f"the SFTP folder '{self.path}' of {self.server}"

    @property
    def secrets(self) -> Iterator[str]:
        return (secret for secret in (self.password, self.private_key) if secret)


class _Meaning(NamedTuple):
    """What an exception of the SDK means, and the sentence that says so."""

    foreign: tuple[type[BaseException], ...]
    ours: type[StorageError]
    sentence: str


def in_session(login: Login, doing: str, work: _Work[_Found]) -> _Found:
    """Run ``work`` with an SFTP client that is logged in.

    Args:
        login: Who logs in where.
        doing: What is done, as an infinitive, for the text of a refusal.
        work: What is done; it gets asyncssh's ``SFTPClient``.
    """
    asyncssh = _asyncssh()
    try:
        return asyncio.run(_bounded(asyncssh, login, work))
    except StorageError:
        raise
    except (asyncssh.Error, OSError, asyncio.TimeoutError, UnicodeError, ValueError) as problem:
        raise _explained(asyncssh, login, doing, problem) from None


async def _bounded(asyncssh: Any, login: Login, work: _Work[_Found]) -> _Found:
    async def whole() -> _Found:
        connection = await _connection(asyncssh, login)
        async with connection, connection.start_sftp_client() as sftp:
            return await work(sftp, login)

    return await asyncio.wait_for(whole(), _SESSION_SECONDS)


async def _connection(asyncssh: Any, login: Login) -> Any:
    """Log in; a server that is busy drops connections, which are then tried once more."""
    options = _options(asyncssh, login)
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return await asyncssh.connect(login.host, **options)
        except (OSError, asyncssh.ConnectionLost):
            if attempt == _ATTEMPTS:
                raise
            await asyncio.sleep(0.5)
    raise AssertionError  # pragma: no cover - the last attempt returns or raises


def _options(asyncssh: Any, login: Login) -> dict[str, Any]:
    """Nothing of this machine takes part: neither its keys, its agent nor its configuration."""
    by_key = login.auth_method == "KEY"
    return {
        "port": login.port,
        "username": login.username,
        "known_hosts": ([_host_key(asyncssh, login)], [], []),
        "client_keys": [_private_key(asyncssh, login)] if by_key else None,
        "password": None if by_key else login.password,
        "preferred_auth": "publickey" if by_key else "password,keyboard-interactive",
        "agent_path": None,
        "config": None,
        "connect_timeout": _LOGIN_SECONDS,
    }


# What asyncssh calls an import error is only some of it: what is inside may be no text, no point of
# the curve, or a number below zero.
_OF_A_DAMAGED_KEY = (ValueError, OverflowError)


def _host_key(asyncssh: Any, login: Login) -> Any:
    try:
        return asyncssh.import_public_key(login.host_key)
    except _OF_A_DAMAGED_KEY:
        raise StorageError(
            f"the host_key given for {login.host}:{login.port} is not a public key: give what "
            f"'ssh-keyscan -p {login.port} {login.host}' prints, without the host's name"
        ) from None


def _private_key(asyncssh: Any, login: Login) -> Any:
    try:
        return asyncssh.import_private_key(login.private_key or "", login.password)
    except asyncssh.KeyEncryptionError:
        if find_spec("bcrypt") is None:
            raise missing_sdk("SFTP", "sftp") from None
        raise StorageCredentialError(
            f"the private key for {login.server} cannot be opened with its passphrase: give the "
            "passphrase as password, or a key without one"
        ) from None
    except _OF_A_DAMAGED_KEY:
        raise StorageCredentialError(
            f"the private key for {login.server} cannot be read: if it has a passphrase, give it "
            "as password; otherwise give the whole file as ssh-keygen wrote it"
        ) from None


def _explained(asyncssh: Any, login: Login, doing: str, problem: BaseException) -> StorageError:
    for meaning in _meanings(asyncssh):
        if isinstance(problem, meaning.foreign):
            return meaning.ours(
                meaning.sentence.format(
                    doing=doing,
                    folder=login.folder,
                    server=login.server,
                    host=login.host,
                    port=login.port,
                    host_key_type=login.host_key.partition(" ")[0],
                    credential="private key" if login.auth_method == "KEY" else "password",
                    said=redact(str(problem) or type(problem).__name__, login.secrets),
                )
            )
    raise AssertionError  # pragma: no cover - the last row takes every exception


def _meanings(asyncssh: Any) -> tuple[_Meaning, ...]:
    """The first row that fits; rows of the same exception tree stand from leaf to root."""
    return (
        _Meaning(
            (asyncssh.PermissionDenied, asyncssh.IllegalUserName),
            StorageCredentialError,
            "{server} refused the login with this {credential}: check the user's name and the "
            "{credential}, and that the server lets this user log in with a {credential}",
        ),
        _Meaning(
            (asyncssh.HostKeyNotVerifiable,),
            StorageUnreachableError,
            "{host}:{port} showed a host key other than the declared one, so nothing was sent to "
            "it: ask its operator whether the key was renewed, and only then set host_key to what "
            "'ssh-keyscan -p {port} {host}' prints",
        ),
        _Meaning(
            (asyncssh.KeyExchangeFailed,),
            StorageUnreachableError,
            "{host}:{port} has no algorithm in common with this client: if the server has no host "
            "key of type {host_key_type}, give one of those that 'ssh-keyscan -p {port} {host}' "
            "prints ({said})",
        ),
        _Meaning(
            (asyncssh.ChannelOpenError,),
            StorageCredentialError,
            "{server} let the user in and refused SFTP: the user needs the sftp subsystem",
        ),
        _Meaning(
            (asyncssh.SFTPPermissionDenied, asyncssh.SFTPWriteProtect),
            StorageCredentialError,
            "{server} may not {doing} {folder}: give the user the right to write there",
        ),
        _Meaning(
            (asyncssh.SFTPNoSpaceOnFilesystem, asyncssh.SFTPQuotaExceeded),
            StorageCredentialError,
            "there is no space left to {doing} {folder}: make room or raise the user's quota",
        ),
        _Meaning(
            (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath, asyncssh.SFTPNotADirectory),
            StorageNotFoundError,
            "could not {doing} {folder}: there is no such folder",
        ),
        _Meaning(
            (asyncssh.SFTPNoConnection, asyncssh.SFTPConnectionLost),
            StorageUnreachableError,
            "the connection to {server} broke while trying to {doing} {folder}",
        ),
        _Meaning(
            (asyncssh.SFTPError,),
            StorageCredentialError,
            "{server} refused to {doing} {folder} without a reason: its disk may be full, or a "
            "file may stand where a folder should ({said})",
        ),
        _Meaning(
            (BaseException,),
            StorageUnreachableError,
            "no connection to the SFTP server {host}:{port}: check host, port and firewall "
            "({said})",
        ),
    )


def _revealed(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret is not None else None


def _asyncssh() -> Any:
    try:
        import asyncssh
    except ImportError:
        raise missing_sdk("SFTP", "sftp") from None
    return asyncssh
