"""Whether a passphrase is the one that a stack was made with, where nothing is encrypted yet."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from realtimekit_provider.cli.pulumi_cli.process import PulumiCli

__all__ = ["find_salt", "has_ciphertext", "prove_passphrase"]

_KEY = "realtimekit:proof"


def has_ciphertext(exported: Mapping[str, Any]) -> bool:
    """Whether a state holds an encrypted value.

    Args:
        exported: What ``pulumi stack export`` prints.
    """
    return _has_key(exported.get("deployment"), "ciphertext")


def find_salt(written: str | None, exported: Mapping[str, Any]) -> str | None:
    """Return the ``encryptionsalt`` that deployments of a stack use, ``None`` without one.

    Args:
        written: What its file has.
        exported: What ``pulumi stack export`` prints.
    """
    provider = (exported.get("deployment") or {}).get("secrets_providers") or {}
    found = written or (provider.get("state") or {}).get("salt")
    return found if isinstance(found, str) and _find_verifier(found) else None


def prove_passphrase(cli: PulumiCli, stack: str, salt: str) -> None:
    """Let the Pulumi CLI decrypt the word that it has encrypted in a salt to tell passphrases by.

    It reads it from a file of its own, so that the project's stays as it is. Source:
    ``pkg/secrets/passphrase`` of the CLI, where the salt is ``v1:SALT:CIPHERTEXT``.

    Raises:
        CommandError: The passphrase is missing or wrong.
    """
    content = {"encryptionsalt": salt, "config": {_KEY: {"secure": _find_verifier(salt)}}}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "proof.yaml"
        file.write_text(json.dumps(content), encoding="utf-8")
        cli.read_json(
            "config", "--show-secrets", "--json", "--config-file", str(file), "--stack", stack
        )


def _has_key(value: Any, key: str) -> bool:
    if isinstance(value, Mapping):
        return key in value or any(_has_key(inner, key) for inner in value.values())
    return isinstance(value, list) and any(_has_key(inner, key) for inner in value)


def _find_verifier(salt: str) -> str:
    return ":".join(salt.split(":")[2:])
