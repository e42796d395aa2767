"""The stack that is examined: everything that is read from outside, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from realtimekit_provider.api.client import RecordingsClient
from realtimekit_provider.api.retry import RetrySettings
from realtimekit_provider.api.session import ApiSession
from realtimekit_provider.cli.call_errors import get_host
from realtimekit_provider.cli.checks.evidence.access_calls import AccessAnswers, App, ask_api
from realtimekit_provider.cli.checks.evidence.current_recordings import (
    CurrentRecording,
    read_current_recordings,
)
from realtimekit_provider.cli.checks.evidence.decrypted_config import (
    DecryptedConfig,
    read_decrypted_config,
)
from realtimekit_provider.cli.checks.evidence.lazy import Lazy, UnavailableError
from realtimekit_provider.cli.checks.evidence.passphrase import (
    find_salt,
    has_ciphertext,
    prove_passphrase,
)
from realtimekit_provider.cli.checks.evidence.projects import ExaminedProject
from realtimekit_provider.cli.deployments.file_locks import (
    StackLock,
    is_deployed_now,
    list_file_locks,
)
from realtimekit_provider.cli.exit_codes import CommandError
from realtimekit_provider.cli.pulumi_cli.backend import StackInfo, find_stack
from realtimekit_provider.cli.pulumi_cli.states import StackState, parse_state
from realtimekit_provider.cli.stack_files.file_config import FileConfig, read_stack_file
from realtimekit_provider.cli.stack_files.names import parse_stack_name
from realtimekit_provider.cli.stack_files.project import find_stack_file
from realtimekit_provider.cli.stack_files.validate import FileReport
from realtimekit_provider.engine.api_client import create_session
from realtimekit_provider.engine.settings import find_source
from realtimekit_provider.program.read import read_stack
from realtimekit_provider.program.stack import Stack
from realtimekit_provider.redaction import remember_secrets
from realtimekit_provider.schema.input_failures import InputFailure

__all__ = ["TOKEN_KEY", "ExaminedStack"]

_RETRY = RetrySettings(attempts=2, call_timeout=10.0, rate_limit_timeout=0.0)
"""Who asks what is wrong does not want to wait until it is right."""


TOKEN_KEY = "cloudflare:apiToken"  # noqa: S105  # the name of a key
"""The key of a stack's config that sets its token."""


@dataclass
class ExaminedStack:
    """A stack of a project.

    Attributes:
        project: The project.
        name: The stack's name.
        writes: Whether storage may be written to.
        info: What the backend says of it, ``None`` where it has no such stack.
        locks: Who holds its lock, ``None`` where the backend does not tell.
        config: Its config, decrypted.
        exported: The document that ``pulumi stack export`` prints.
        state: What that says.
        decrypted_state: The document that ``pulumi stack export --show-secrets`` prints.
        session: What all calls of the API share.
        answers: What the API says of the token, the accounts and the apps.
        current: The recordings of the state, as the API has them now.
    """

    project: ExaminedProject
    name: str
    writes: bool = False
    info: Lazy[StackInfo | None] = field(init=False)
    locks: Lazy[list[StackLock] | None] = field(init=False)
    config: Lazy[DecryptedConfig] = field(init=False)
    exported: Lazy[Mapping[str, Any]] = field(init=False)
    state: Lazy[StackState] = field(init=False)
    decrypted_state: Lazy[Mapping[str, Any]] = field(init=False)
    session: Lazy[ApiSession] = field(init=False)
    answers: Lazy[AccessAnswers] = field(init=False)
    current: Lazy[list[CurrentRecording]] = field(init=False)

    def __post_init__(self) -> None:
        self.info = Lazy(self._find_info, "stack")
        self.locks = Lazy(self._list_locks, "lock")
        self.config = Lazy(self._read_config, "secrets")
        self.exported = Lazy(self._export, "stack")
        self.state = Lazy(lambda: parse_state(self.name, self.exported.get()), "stack")
        self.decrypted_state = Lazy(self._export_decrypted, "secrets")
        self.session = Lazy(self._create_session, "token")
        self.answers = Lazy(lambda: ask_api(self.session.require(), self.list_apps()), "api")
        self.current = Lazy(self._read_current, "api")

    @property
    def file(self) -> FileReport | None:
        """What is known of the stack's file, ``None`` where there is none."""
        reports = self.project.files.require()
        file = find_stack_file(self.project.project, self.name)
        return next((one for one in reports if one.file == file), None)

    @property
    def short_name(self) -> str:
        """The name without organization and project."""
        return parse_stack_name(self.name).short

    @property
    def is_deployed_now(self) -> bool | None:
        """Whether a deployment of it runs, ``None`` where that is not known."""
        url = self.project.backend.require().url
        return is_deployed_now(self.info.require(), url, self.locks.get)

    @property
    def check_of_settings(self) -> str:
        """The check that reports what is wrong with the stack's settings."""
        return "stack-files" if self.file and self.file.mistakes else "config"

    def read_declared(self) -> tuple[Stack, list[InputFailure]]:
        """Return what the stack declares, and what is wrong with it.

        Where the config cannot be decrypted, it is taken from the file and what is encrypted there
        is unknown.

        Raises:
            UnavailableError: There is neither.
        """
        try:
            return read_stack(self.config.require())
        except UnavailableError:
            file = self.file
            if file is None or file.stack is None:
                raise
            return file.stack, []

    def find_host(self) -> str:
        """Return the host of the API, as it is set."""
        declared, _failures = self.read_declared()
        return get_host(declared.settings.base_url)

    def require_known_token(self) -> None:
        """Let a check go on where it is known which token a deployment would use.

        Raises:
            UnavailableError: It is encrypted, and cannot be decrypted.
        """
        try:
            self.config.require()
        except UnavailableError as error:
            file = self._read_file()
            if file is not None and file.is_secret(TOKEN_KEY):
                raise UnavailableError(error.check_id) from None

    def find_token_source(self) -> str | None:
        """Return the key or the variable that sets the token, ``None`` where neither does.

        Raises:
            UnavailableError: The config cannot be read.
        """
        try:
            return find_source("token", self.config.require())
        except UnavailableError:
            file = self._read_file()
            if file is None:
                raise
            return find_source("token", file)

    def list_apps(self) -> list[App]:
        """Return the account and the app of each recording that is declared, or the stack's own.

        An id that is not set, or not known, is empty.
        """
        declared, _failures = self.read_declared()
        given = (one for one in declared.recordings.values() if isinstance(one, Mapping))
        return list(dict.fromkeys(map(self.get_app, given))) or [self.get_app({})]

    def get_app(self, given: Mapping[str, Any]) -> App:
        """Return the account and the app that a declared recording is for."""
        defaults = self.read_declared()[0].settings
        account_id = given.get("account_id") or defaults.account_id or ""
        return str(account_id), str(given.get("app_id") or defaults.app_id or "")

    def create_client(self, account_id: str, app_id: str) -> RecordingsClient:
        """Return the recordings of an app."""
        return RecordingsClient(self.session.require(), account_id, app_id)

    def has_ciphertext(self) -> bool:
        """Whether the config or the state holds an encrypted value."""
        file = self._read_file()
        is_in_file = file is not None and any(map(file.is_secret, file.keys()))
        return is_in_file or has_ciphertext(self.exported.require())

    def prove_passphrase(self) -> bool:
        """Return whether the passphrase could be tried; without an ``encryptionsalt`` it cannot.

        Raises:
            CommandError: It is missing or wrong.
        """
        file = self._read_file()
        salt = find_salt(file.encryption_salt if file else None, self.exported.require())
        if salt is not None:
            prove_passphrase(self.project.cli, self.name, salt)
        return salt is not None

    def _read_file(self) -> FileConfig | None:
        file = self.file
        if file is None or file.stack is None:
            return None
        return read_stack_file(file.file.path, self.project.project)

    def _read_current(self) -> list[CurrentRecording]:
        return read_current_recordings(self.state.require().recordings, self.create_client)

    def _find_info(self) -> StackInfo | None:
        self.project.backend.require()
        try:
            known = self.project.stacks.get()
        except CommandError:  # of another stack, perhaps: what can be read of this one is examined
            return StackInfo(self.name)
        return find_stack(known, self.name, self.project.project.name)

    def _list_locks(self) -> list[StackLock] | None:
        backend = self.project.backend.require()
        return list_file_locks(backend.url, self.project.project, self.short_name)

    def _require_stack(self) -> None:
        if self.info.require() is None:
            raise UnavailableError("stack")

    def _read_config(self) -> DecryptedConfig:
        self._require_stack()
        file = self.file
        if file is not None and file.stack is None:
            raise UnavailableError("stack-files")
        config = read_decrypted_config(self.project.cli, self.name)
        remember_secrets(*config.list_secrets())
        return config

    def _export(self) -> Mapping[str, Any]:
        self._require_stack()
        return self._read_export()

    def _export_decrypted(self) -> Mapping[str, Any]:
        self._require_stack()
        return self._read_export("--show-secrets")

    def _read_export(self, *options: str) -> Mapping[str, Any]:
        exported: Mapping[str, Any] = self.project.cli.read_json(
            "stack", "export", *options, "--stack", self.name
        )
        return exported

    def _create_session(self) -> ApiSession:
        self.require_known_token()
        declared, _failures = self.read_declared()
        if declared.settings.failures:
            raise UnavailableError(self.check_of_settings)
        return create_session(declared.settings, _RETRY)
