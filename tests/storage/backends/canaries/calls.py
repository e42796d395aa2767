"""Calls of every backend, whose credentials all hold the canary, and what lets them be sent."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from itertools import count
from urllib.parse import urlsplit

import asyncssh
from pydantic import SecretStr

from realtimekit_provider.api.client import RecordingsClient
from realtimekit_provider.api.models.storage_config import (
    AwsStorageConfig,
    AzureStorageConfig,
    DigitalOceanStorageConfig,
    GcsStorageConfig,
    SftpStorageConfig,
)
from realtimekit_provider.api.session import ApiSession
from realtimekit_provider.api.settings import ClientSettings
from realtimekit_provider.storage.backends.aws.models import AwsLocation, AwsWriter
from realtimekit_provider.storage.backends.azure.models import AzureLocation, AzureWriter
from realtimekit_provider.storage.backends.gcs.models import GcsLocation, GcsWriter
from realtimekit_provider.storage.backends.registry import check_write_access
from realtimekit_provider.storage.backends.sftp.models import SftpLocation
from realtimekit_provider.storage.backends.spaces.models import SpacesLocation
from tests.example_values import RSA_PRIVATE_KEY
from tests.storage.backends.canaries.servers import WORD
from tests.storage.locations import locations
from tests.storage.writers import writers_of

__all__ = ["ACCOUNT_KEY", "CALLS", "NASTY", "build_account", "build_environment", "build_user"]

NASTY = f"{WORD}\"'\\\n{WORD}/+=@:#%25\t{WORD}é\\n{WORD}"
"""What no format takes as it is: quotes, escapes, a line break, and what URLs are made of."""

_PRINTABLE = f"{WORD}\"'\\{WORD}/+=@:#%25{WORD}"
_ONE_WORD = f"{WORD}/+={WORD}/{WORD}"
ACCOUNT_KEY = f"{WORD}AA{WORD}AA=="
_HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINDQeEkbdH+6qT5HV9XMmnViwsjMLrzo/eV4zt+j6cyf"
_USER_KEY = asyncssh.generate_private_key("ssh-ed25519", comment=WORD)
_KEY = _USER_KEY.export_private_key().decode()
_LOCKED_KEY = _USER_KEY.export_private_key(
    passphrase=f"{WORD}, another one", rounds=1, ignore_few_rounds=True
).decode()
_LOCATION = {"bucket": "acme-recordings", "path": "calls"}


def build_environment() -> dict[str, str]:
    """Return every variable that an SDK reads a credential from, with the canary."""
    unread = (
        "AWS_BEARER_TOKEN_BEDROCK",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "AZURE_CLIENT_CERTIFICATE_PASSWORD",
        "AZURE_CLIENT_SECRET",
        "AZURE_PASSWORD",
        "AZURE_STORAGE_SAS_TOKEN",
        "CLOUDFLARE_API_KEY",
        "PULUMI_CONFIG_PASSPHRASE",
        "SSH_PASSWORD",
    )
    return {
        **dict.fromkeys(unread, NASTY),
        "AWS_ACCESS_KEY_ID": f"AKIA{WORD}",
        "AWS_SECRET_ACCESS_KEY": _PRINTABLE,
        "AWS_SESSION_TOKEN": _PRINTABLE,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "SPACES_ACCESS_KEY_ID": f"DO{WORD}",
        "SPACES_SECRET_ACCESS_KEY": _PRINTABLE,
        "AZURE_STORAGE_ACCOUNT": "acme",
        "AZURE_STORAGE_KEY": ACCOUNT_KEY,
    }


def build_user() -> str:
    """Return the file that ``gcloud auth application-default login`` writes."""
    secrets = {"client_secret": NASTY, "refresh_token": f"1//0{NASTY}"}
    return json.dumps({"type": "authorized_user", "client_id": "an-id", **secrets})


def build_account(token_uri: str) -> str:
    """Return a service account's key file."""
    account = {
        "type": "service_account",
        "client_email": "writer@acme.iam.gserviceaccount.com",
        "private_key": RSA_PRIVATE_KEY,
        "private_key_id": WORD,
        "token_uri": token_uri,
    }
    return json.dumps(account)


def _probe_aws(url: str) -> None:
    location = {"type": "aws", "region": "eu-west-1", **_LOCATION}
    secrets = {"access_key": f"AKIA{WORD}", "secret": _ONE_WORD}
    check_write_access(AwsStorageConfig.model_validate({**location, **secrets}), None)


def _probe_spaces(url: str) -> None:
    location = {"type": "digitalocean", "region": "SGP1", **_LOCATION}
    secrets = {"access_key": f"DO{WORD}", "secret": _ONE_WORD}
    check_write_access(DigitalOceanStorageConfig.model_validate({**location, **secrets}), None)


def _probe_gcs(url: str) -> None:
    location = {"type": "gcs", "region": "EU", **_LOCATION}
    secret = build_account(f"{url}/token")
    check_write_access(GcsStorageConfig.model_validate({**location, "secret": secret}), None)


def _probe_azure(key: str) -> None:
    config = {"type": "azure", "access_key": key, **_LOCATION}
    check_write_access(AzureStorageConfig.model_validate(config), None)


def _build_key_string(url: str) -> str:
    key = f"AccountName=acme;AccountKey={ACCOUNT_KEY}"
    return f"DefaultEndpointsProtocol=https;{key};BlobEndpoint={url}"


def _build_sas_string(url: str) -> str:
    sas = f"sv=2024-11-04&sr=c&sp=rcw&se=2099-01-01T00:00:00Z&sig={WORD}%2B{WORD}%3D"
    return f"BlobEndpoint={url};SharedAccessSignature={sas}"


def _build_login(url: str, **credential: str) -> dict[str, object]:
    parts = urlsplit(url)
    auth_method = "KEY" if "private_key" in credential else "PASSWORD"
    server = {"host": parts.hostname, "port": parts.port or 22, "username": "recorder"}
    return {**server, "path": "calls", "auth_method": auth_method, **credential}


def _probe_sftp(url: str, **credential: str) -> None:
    config = {"type": "sftp", **_build_login(url, **credential)}
    check_write_access(SftpStorageConfig.model_validate(config), _HOST_KEY)


def _read_folder(url: str) -> None:
    login = _build_login(url, password=_ONE_WORD)
    locations("sftp").read(SftpLocation.model_validate({**login, "host_key": _HOST_KEY}))


def _ask_realtimekit(url: str) -> None:
    settings = ClientSettings(token=SecretStr(WORD), base_url=f"{url}/client/v4")
    seconds = count()
    session = ApiSession(settings, clock=lambda: next(seconds), sleep=lambda _: None)
    RecordingsClient(session, "an-account", "an-app").get("an-id")


CALLS: Mapping[str, Callable[[str], object]] = {
    "aws location": lambda _: locations("aws").read(
        AwsLocation(bucket="acme-recordings", region="eu-west-1")
    ),
    "aws bucket": lambda _: locations("aws").create(
        AwsLocation(bucket="acme-recordings", region="eu-west-1")
    ),
    "aws writer": lambda _: writers_of("aws").create(
        AwsWriter(name="archive", mark="rk0123456789", bucket="acme", region="eu-west-1"), 1
    ),
    "aws probe": _probe_aws,
    "spaces location": lambda _: locations("digitalocean").read(
        SpacesLocation(bucket="acme-recordings", region="SGP1")
    ),
    "spaces probe": _probe_spaces,
    "gcs location": lambda _: locations("gcs").read(
        GcsLocation(bucket="acme-recordings", region="EU", project="acme-prod")
    ),
    "gcs writer": lambda _: writers_of("gcs").create(
        GcsWriter(name="archive", mark="rk0123456789", bucket="acme", project="acme-prod"), 1
    ),
    "gcs probe": _probe_gcs,
    "azure location": lambda _: locations("azure").read(
        AzureLocation(account="acme", container="acme-recordings")
    ),
    "azure writer": lambda _: writers_of("azure").create(
        AzureWriter(name="archive", mark="rk0123456789", container="acme", account="acme"), 1
    ),
    "azure probe": lambda url: _probe_azure(_build_key_string(url)),
    "azure probe by SAS": lambda url: _probe_azure(_build_sas_string(url)),
    "sftp location": _read_folder,
    "sftp probe": lambda url: _probe_sftp(url, password=_ONE_WORD),
    "sftp probe by key": lambda url: _probe_sftp(url, private_key=_KEY),
    "sftp probe by a locked key": lambda url: _probe_sftp(
        url, private_key=_LOCKED_KEY, password=_ONE_WORD
    ),
    "realtimekit": _ask_realtimekit,
}
"""By backend; each gets the URL of the server that it is to call."""
