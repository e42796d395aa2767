"""Of what the SDK finds, credentials alone are hidden in texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from realtimekit_provider.redaction import HIDDEN, redact
from realtimekit_provider.storage.backends.s3.client import create_client

ACCOUNT = "123456789012"
PROFILE = f"""
[default]
aws_access_key_id = CANARY-key
aws_secret_access_key = CANARY-secret
aws_session_token = CANARY-token
aws_account_id = {ACCOUNT}
"""


@pytest.mark.parametrize("service", ["s3", "iam"])
def test_the_number_of_an_account_is_no_credential(
    service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands in every ARN, and in the text that says where to grant a right."""
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    profile = tmp_path / "credentials"
    profile.write_text(PROFILE, encoding="utf-8")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(profile))
    create_client(service, "us-east-1")
    arn = f"arn:aws:iam::{ACCOUNT}:user/ops"
    assert redact(f"grant it to {arn}") == f"grant it to {arn}"
    for secret in ("CANARY-key", "CANARY-secret", "CANARY-token"):
        assert redact(f"refused: {secret}") == f"refused: {HIDDEN}"
