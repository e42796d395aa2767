"""Ways in which a call fails: each sets the environment, and yields the URL to call."""

from __future__ import annotations

import json
import sys
from base64 import encodebytes
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.closed_port import reserve_closed_port
from tests.storage.backends.canaries.calls import (
    ACCOUNT_KEY,
    NASTY,
    build_account,
    build_user,
)
from tests.storage.backends.canaries.servers import (
    WORD,
    serve_plain_text,
    serve_quotes,
)

__all__ = ["FAILURES", "Failure"]

Failure = Callable[[pytest.MonkeyPatch, Path], AbstractContextManager[str]]

_PROFILE = (
    f"[default]\naws_access_key_id = ASIA{WORD}\naws_secret_access_key = {WORD}\n"
    f"aws_session_token = {WORD}\n"
)
_AWS_VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy")


def _point_to(environment: pytest.MonkeyPatch, folder: Path, url: str) -> str:
    """Let every SDK call this server, and ask it for tokens."""
    for name in ("AWS_ENDPOINT_URL", "SPACES_ENDPOINT_URL"):
        environment.setenv(name, url)
    for name in ("STORAGE_EMULATOR_HOST", "CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM"):
        environment.setenv(name, url)
    environment.setenv(
        "AZURE_STORAGE_CONNECTION_STRING",
        f"DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={ACCOUNT_KEY};BlobEndpoint={url}/acme",
    )
    _write(environment, folder, "GOOGLE_APPLICATION_CREDENTIALS", build_account(f"{url}/token"))
    return url


def _write(environment: pytest.MonkeyPatch, folder: Path, name: str, content: str) -> None:
    path = folder / name.lower()
    path.write_text(content, encoding="utf-8")
    environment.setenv(name, str(path))


def _forget_aws_variables(environment: pytest.MonkeyPatch) -> None:
    for name in _AWS_VARIABLES:
        environment.delenv(name)


def _refuse(
    status: int, encode: Callable[[str], str] = str, *, grants_tokens: bool = True
) -> Failure:
    @contextmanager
    def refuse(environment: pytest.MonkeyPatch, folder: Path) -> Iterator[str]:
        with serve_quotes(status, encode, grants_tokens=grants_tokens) as port:
            yield _point_to(environment, folder, f"http://127.0.0.1:{port}")

    return refuse


@contextmanager
def _refuse_files(environment: pytest.MonkeyPatch, folder: Path) -> Iterator[str]:
    """The credentials come from files: a profile, and what ``gcloud`` writes for a user."""
    with serve_quotes() as port:
        url = _point_to(environment, folder, f"http://127.0.0.1:{port}")
        _forget_aws_variables(environment)
        _write(environment, folder, "AWS_SHARED_CREDENTIALS_FILE", _PROFILE)
        _write(environment, folder, "GOOGLE_APPLICATION_CREDENTIALS", build_user())
        endpoint = "google.oauth2.credentials._GOOGLE_OAUTH2_TOKEN_ENDPOINT"
        environment.setattr(endpoint, f"{url}/token")
        yield url


@contextmanager
def _refuse_identity_token(environment: pytest.MonkeyPatch, folder: Path) -> Iterator[str]:
    """A workload's token is exchanged for a credential, and the exchange is refused."""
    with serve_quotes() as port:
        url = _point_to(environment, folder, f"http://127.0.0.1:{port}")
        _forget_aws_variables(environment)
        _write(environment, folder, "AWS_WEB_IDENTITY_TOKEN_FILE", f"{WORD}.{WORD}")
        environment.setenv("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/deploy")
        _write(environment, folder, "TOKEN", f"{WORD}.{WORD}")
        workload = {
            "type": "external_account",
            "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p",
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
            "token_url": f"{url}/token",
            "credential_source": {"file": str(folder / "token")},
        }
        _write(environment, folder, "GOOGLE_APPLICATION_CREDENTIALS", json.dumps(workload))
        yield url


@contextmanager
def _fail_in_a_helper(environment: pytest.MonkeyPatch, folder: Path) -> Iterator[str]:
    """The program that is to print a credential fails, and prints it among other things."""
    helper = folder / "helper.py"
    helper.write_text(f"import sys; sys.exit({WORD!r})", encoding="utf-8")
    _forget_aws_variables(environment)
    profile = f"[default]\ncredential_process = {sys.executable} {helper} {WORD}\n"
    _write(environment, folder, "AWS_CONFIG_FILE", profile)
    environment.setenv("GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES", "1")
    with reserve_closed_port() as port:
        url = f"http://127.0.0.1:{port}"
        _set_urls_only(environment, url)
        yield url


@contextmanager
def _answer_nothing(environment: pytest.MonkeyPatch, folder: Path) -> Iterator[str]:
    with reserve_closed_port() as port:
        yield _point_to(environment, folder, f"http://127.0.0.1:{port}")


@contextmanager
def _fail_in_tls(environment: pytest.MonkeyPatch, folder: Path) -> Iterator[str]:
    with serve_plain_text() as port:
        yield _point_to(environment, folder, f"https://127.0.0.1:{port}")


def _use_proxy(scheme: str, password: str) -> Failure:
    """A proxy refuses to connect, and quotes what it was sent."""

    @contextmanager
    def refuse(environment: pytest.MonkeyPatch, folder: Path) -> Iterator[str]:
        with serve_quotes() as port:
            for name in _PROXIES:
                environment.setenv(name, f"{scheme}://ops:{password}@127.0.0.1:{port}")
            yield _point_to(environment, folder, "https://cloud.test")

    return refuse


def _set_files(content: str, *names: str) -> Failure:
    """Files of credentials or certificates hold something else."""

    @contextmanager
    def break_files(environment: pytest.MonkeyPatch, folder: Path) -> Iterator[str]:
        _forget_aws_variables(environment)
        with reserve_closed_port() as port:
            url = _point_to(environment, folder, f"https://127.0.0.1:{port}")
            for name in names:
                _write(environment, folder, name, content)
            yield url

    return break_files


def _set_variables(**values: str) -> Failure:
    """Variables hold what their readers cannot read."""

    @contextmanager
    def break_variables(environment: pytest.MonkeyPatch, folder: Path) -> Iterator[str]:
        with reserve_closed_port() as port:
            url = _point_to(environment, folder, f"http://127.0.0.1:{port}")
            for name, value in values.items():
                environment.setenv(name, value)
            yield url

    return break_variables


@contextmanager
def _use_folders(environment: pytest.MonkeyPatch, folder: Path) -> Iterator[str]:
    """A folder stands where a file is expected, since an administrator may read every file."""
    with reserve_closed_port() as port:
        url = _point_to(environment, folder, f"https://127.0.0.1:{port}")
        _forget_aws_variables(environment)
        for name in (*_CREDENTIALS, *_CERTIFICATES):
            environment.setenv(name, str(folder))
        yield url


def _set_urls_only(environment: pytest.MonkeyPatch, url: str) -> None:
    for name in ("AWS_ENDPOINT_URL", "SPACES_ENDPOINT_URL", "STORAGE_EMULATOR_HOST"):
        environment.setenv(name, url)


_CREDENTIALS = ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE", "GOOGLE_APPLICATION_CREDENTIALS")
_CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE", "SSL_CERT_FILE")
_BAD_URL = f"https://ops:{WORD}@cloud.test:{WORD}/{WORD}"
_BAD_CONNECTION_STRINGS = {
    "no pairs": NASTY,
    "a bad port": f"AccountName=acme;AccountKey={WORD};BlobEndpoint={_BAD_URL}",
    "a key that is no base64": f"AccountName=acme;AccountKey={WORD}=;EndpointSuffix=cloud.test",
}

FAILURES: Mapping[str, Failure] = {
    "refused": _refuse(403),
    "refused in JSON": _refuse(403, json.dumps),
    "refused in base64": _refuse(403, lambda text: encodebytes(text.encode("latin-1")).decode()),
    "refused in a URL": _refuse(403, quote),
    "refused a token": _refuse(403, grants_tokens=False),
    "unknown": _refuse(401),
    "not accepted": _refuse(400),
    "busy": _refuse(503),
    "refused from files": _refuse_files,
    "refused by a token": _refuse_identity_token,
    "a helper fails": _fail_in_a_helper,
    "unreachable": _answer_nothing,
    "TLS fails": _fail_in_tls,
    "the proxy refuses": _use_proxy("http", quote(NASTY, safe="")),
    "the proxy refuses a plain password": _use_proxy("http", WORD),
    "the proxy's TLS fails": _use_proxy("https", quote(NASTY, safe="")),
    "the proxy's URL cannot be read": _use_proxy("http", NASTY),
    "the proxy's URL has no port": _use_proxy("http", f"{WORD}/{WORD}#"),
    "the proxy's scheme is unknown": _use_proxy("socks9", WORD),
    "files of words": _set_files(f"{WORD} = {WORD}\n{NASTY}", *_CREDENTIALS),
    "files of JSON": _set_files(json.dumps({"type": WORD, "secret": NASTY}), *_CREDENTIALS),
    "certificates of words": _set_files(NASTY, *_CERTIFICATES),
    "certificates of a key": _set_files(f"-----BEGIN CERTIFICATE-----\n{WORD}\n", *_CERTIFICATES),
    "folders": _use_folders,
    "bad URLs": _set_variables(
        AWS_ENDPOINT_URL=_BAD_URL, SPACES_ENDPOINT_URL=_BAD_URL, STORAGE_EMULATOR_HOST=_BAD_URL
    ),
    "an access key with a line break": _set_variables(
        AWS_ACCESS_KEY_ID=NASTY, SPACES_ACCESS_KEY_ID=NASTY
    ),
    "a token with a line break": _set_variables(AWS_SESSION_TOKEN=NASTY),
    "an account key that is no base64": _set_variables(
        AZURE_STORAGE_CONNECTION_STRING="", AZURE_STORAGE_KEY=NASTY
    ),
    **{
        f"a connection string of {name}": _set_variables(AZURE_STORAGE_CONNECTION_STRING=text)
        for name, text in _BAD_CONNECTION_STRINGS.items()
    },
}
"""By what goes wrong."""
