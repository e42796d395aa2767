"""Key files and connection strings that the check accepts are loaded by the vendors' libraries."""

from __future__ import annotations

import json
from typing import Any

import asyncssh
from azure.storage.blob import BlobServiceClient
from google.oauth2 import service_account
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from realtimekit_provider.schema.credentials import (
    ConnectionString,
    HostKey,
    PrivateKey,
    ServiceAccountKey,
    needs_passphrase,
)
from realtimekit_provider.schema.values import type_adapter
from tests.example_values import CONNECTION_STRING, SERVICE_ACCOUNT
from tests.fuzz.test_sftp_keys import PRIVATE, PUBLIC, corrupted_texts, cut_texts
from tests.property_examples import run_examples

SIGNED = (
    "BlobEndpoint=https://acme.blob.core.windows.net;"
    "SharedAccessSignature=sv=1&sr=c&sp=cw&se=2099-01-01T00:00:00Z&sig=CANARY%3D"
)


def accept(kind: object, text: str) -> Any:
    """Return the value as it is used, ``None`` where the check refuses it."""
    try:
        return type_adapter(kind).validate_python(text)
    except ValidationError:
        return None


@given(text=corrupted_texts(PRIVATE))
@run_examples(400)
def test_asyncssh_loads_every_private_key_that_is_accepted(text: str) -> None:
    """Cut, doubled, overwritten: whatever is accepted loads, but for what a passphrase hides."""
    key = accept(PrivateKey, text)
    if key is not None and not needs_passphrase(key):
        asyncssh.import_private_key(key.get_secret_value())


@given(text=corrupted_texts(PUBLIC))
@example("ssh-ed25519 AQAAC3NzaC1lZDI1NTE5AAAAIDFLY8UzY3ODkAkASdsRDqyvA6C4mycdTo3T1nSMzqez")
@run_examples(400)
def test_asyncssh_loads_every_host_key_that_is_accepted(text: str) -> None:
    """A wrong length, type or number within it is told before anything is connected to."""
    key = accept(HostKey, text)
    if key is not None:
        asyncssh.import_public_key(key)


@st.composite
def corrupted_accounts(draw: st.DrawFn) -> str:
    """Key files with a part cut out or replaced, in their JSON or in the private key alone."""
    if draw(st.booleans()):
        return draw(cut_texts([SERVICE_ACCOUNT, SERVICE_ACCOUNT.replace("\\n", "\\\\n")]))
    account = json.loads(SERVICE_ACCOUNT)
    return json.dumps({**account, "private_key": draw(corrupted_texts([account["private_key"]]))})


@given(text=corrupted_accounts())
@run_examples(300)
def test_google_auth_loads_every_key_file_that_is_accepted(text: str) -> None:
    """The address for tokens is Google's where the file names none."""
    key = accept(ServiceAccountKey, text)
    if key is not None:
        content = {"token_uri": "https://o", **json.loads(key.get_secret_value())}
        credentials: Any = service_account.Credentials
        credentials.from_service_account_info(content)


@given(text=cut_texts([CONNECTION_STRING, SIGNED]))
@run_examples(300)
def test_azures_sdk_loads_every_connection_string_that_is_accepted(text: str) -> None:
    """With an address that the credential may be sent to."""
    accepted = accept(ConnectionString, text)
    if accepted is not None:
        client = BlobServiceClient.from_connection_string(accepted.get_secret_value())
        assert client.url.startswith("https://")
