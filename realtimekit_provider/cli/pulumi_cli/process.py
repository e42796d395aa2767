"""One call of the Pulumi CLI, ended in time."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from realtimekit_provider.cli.exit_codes import CommandError, ExitCode
from realtimekit_provider.cli.pulumi_cli.open_sessions import open_session
from realtimekit_provider.redaction import redact

__all__ = ["PulumiCli"]

_TIMEOUT = 120.0
_LONGEST_QUOTE = 2000

_JOB_TOKENS = ("ACTIONS_RUNTIME_TOKEN", "GH_TOKEN", "GITHUB_TOKEN")
"""What a job of GitHub Actions writes with, which is no business of the program."""

_LOGIN_TOKENS = ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL")
"""What logs in anywhere as the job: a deployment may, since a provider may log in by OIDC."""


@dataclass(frozen=True)
class PulumiCli:
    """The Pulumi CLI on PATH, for a project.

    Attributes:
        folder: The project's folder.
    """

    folder: Path

    def run(
        self,
        *arguments: str,
        timeout: float = _TIMEOUT,
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> subprocess.CompletedProcess[str]:
        """Run a command that asks nobody; return its output, whatever its exit code.

        Args:
            arguments: The command's, without ``pulumi``.
            timeout: Seconds after which it is ended.
            environment: Variables beside those of this process, of which no token of the job is
                passed on.

        Raises:
            CommandError: There is no CLI, or it did not answer in time.
        """
        start = partial(
            self._open,
            *arguments,
            "--color",
            "never",
            environment={**_without(*_JOB_TOKENS, *_LOGIN_TOKENS), **environment},
            stdout=subprocess.PIPE,
        )
        with open_session(start) as process:
            try:
                output, errors = process.communicate(timeout=timeout)
            except subprocess.TimeoutExpired:
                raise CommandError(
                    f"'pulumi {arguments[0]}' did not end within {timeout:.0f} s: is the backend "
                    "reachable?",
                    ExitCode.TIMEOUT,
                ) from None
        return subprocess.CompletedProcess(process.args, process.returncode, output, errors)

    def start(
        self,
        *arguments: str,
        environment: Mapping[str, str] = MappingProxyType({}),
        keep_open: Collection[int] = (),
    ) -> subprocess.Popen[str]:
        """Start a command that asks nobody, its output passed on and its errors in a pipe.

        It leads a session of its own, which no signal for this process reaches.

        Args:
            arguments: The command's, without ``pulumi``.
            environment: Variables beside those of this process, of which only the tokens to log
                in by OIDC are passed on of the job's.
            keep_open: Descriptors that it, and what it starts, inherits.

        Raises:
            CommandError: There is no CLI.
        """
        return self._open(
            *arguments,
            environment={**_without(*_JOB_TOKENS), **environment},
            stdout=None,
            keep_open=keep_open,
        )

    def _open(
        self,
        *arguments: str,
        environment: Mapping[str, str],
        stdout: int | None,
        keep_open: Collection[int] = (),
    ) -> subprocess.Popen[str]:
        try:
            return subprocess.Popen(  # noqa: S603  # the arguments are a list, no shell reads them
                ["pulumi", *arguments, "--non-interactive"],  # noqa: S607  # found on PATH
                cwd=self.folder,
                env={"PULUMI_SKIP_UPDATE_CHECK": "1", **environment},
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
                pass_fds=tuple(keep_open),
            )
        except FileNotFoundError:
            raise CommandError(
                "the Pulumi CLI is not on PATH: install it, or put its folder there",
                ExitCode.CONFIGURATION,
            ) from None

    def read_json(self, *arguments: str) -> Any:
        """Return what a command prints as JSON.

        Raises:
            CommandError: It failed, and the text is the CLI's own; or what it printed is no JSON.
        """
        done = self.run(*arguments)
        if done.returncode != 0:
            raise CommandError(
                f"'pulumi {arguments[0]}' failed: {redact(done.stderr).strip()[:_LONGEST_QUOTE]}"
            )
        try:
            return json.loads(done.stdout)
        except ValueError:
            raise CommandError(f"'pulumi {arguments[0]}' printed no JSON") from None


def _without(*names: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in names}
