"""What the command line says of a call of the Pulumi CLI that failed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from realtimekit_provider.cli.exit_codes import CommandError
from realtimekit_provider.cli.pulumi_cli.backend import decrypt_config, describe_backend
from realtimekit_provider.cli.pulumi_cli.process import PulumiCli

PASSWORD = "CANARY-7f3a9c"


@pytest.mark.parametrize(
    "call", [describe_backend, lambda cli: decrypt_config(cli, "dev", "cloudflare:apiToken")]
)
def test_an_error_of_the_cli_is_quoted_without_the_password_of_the_backend(
    call: Callable[[PulumiCli], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The CLI prints the URL of a backend that it cannot open as it was given."""
    program = tmp_path / "pulumi"
    program.write_text(
        f"#!/bin/sh\necho 'error: unable to open postgres://u:{PASSWORD}@db/state' >&2\nexit 255\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(CommandError, match="unable to open postgres") as caught:
        call(PulumiCli(tmp_path))
    assert PASSWORD not in str(caught.value)
