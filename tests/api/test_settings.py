"""Where the API may be, and with which token."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from realtimekit_provider.api.settings import ClientSettings, validate_base_url
from realtimekit_provider.constants import PUBLIC_BASE_URL
from realtimekit_provider.errors import SettingsError
from realtimekit_provider.schema.addresses import is_loopback
from tests.example_values import CANARY

GOOD_URLS = {
    PUBLIC_BASE_URL: PUBLIC_BASE_URL,
    "https://api.example/client/v4/": "https://api.example/client/v4",
    "https://api.example:8443": "https://api.example:8443",
    "http://127.0.0.1:8787/client/v4": "http://127.0.0.1:8787/client/v4",
    "http://localhost:8787": "http://localhost:8787",
    "http://[::1]:8787/": "http://[::1]:8787",
    "http://127.8.9.10": "http://127.8.9.10",
}
NOT_URLS = [
    "",
    "api.cloudflare.com",
    "ftp://api.example",
    "https://",
    "https:///client/v4",
    "https://[::1",
    "https://[zz]",
    "https://api.example:port",
    "https://api.example:99999",
    "https://api.example:0",
    "https://api .example",
    " https://api.example",
    "https://api.example/\n",
    "https://äpi.example",
]
URLS_WITH_CREDENTIALS = [
    "https://user:CANARY@api.example",
    "https://CANARY@api.example",
    "https://api.example/?token=CANARY",
    "https://api.example/?",
    "https://api.example/#CANARY",
]
UNENCRYPTED_URLS = [
    "http://api.cloudflare.com/client/v4",
    "http://10.0.0.1",
    "http://localhost.example",
    "http://127.0.0.1.example",
    "HTTP://api.example",
]


@pytest.mark.parametrize("url", GOOD_URLS)
def test_a_base_url_is_taken(url: str) -> None:
    """Encrypted, or on this machine; a trailing slash is dropped."""
    assert validate_base_url(url) == GOOD_URLS[url]


@pytest.mark.parametrize("url", NOT_URLS)
def test_a_text_that_is_no_url_is_refused(url: str) -> None:
    """The message names the setting and shows what one looks like."""
    with pytest.raises(SettingsError, match=r"baseUrl.*must be a URL such as https://"):
        validate_base_url(url)


@pytest.mark.parametrize("url", URLS_WITH_CREDENTIALS)
def test_credentials_and_queries_are_refused(url: str) -> None:
    """They would be sent and logged with every call, so they are not quoted either."""
    with pytest.raises(SettingsError, match="must not hold credentials") as raised:
        validate_base_url(url)
    assert CANARY not in str(raised.value)


@pytest.mark.parametrize("url", UNENCRYPTED_URLS)
def test_the_token_never_travels_unencrypted(url: str) -> None:
    """Plain HTTP is for loopback, by its very name."""
    with pytest.raises(SettingsError, match="must be https"):
        validate_base_url(url)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("::1", True),
        (None, False),
        ("", False),
        ("example.com", False),
        ("0.0.0.0", False),  # noqa: S104 - nothing is bound
    ],
)
def test_loopback_is_recognised_without_a_resolver(host: str | None, expected: bool) -> None:
    """A name that resolves to this machine today may resolve to another one tomorrow."""
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    "token", ["", "CANARY\n", " CANARY", "CANARY token", "CANARY✓", "CANARY\0"]
)
def test_a_token_that_no_header_can_hold_is_refused(token: str) -> None:
    """Python's HTTP library would refuse it by an error that quotes it; ours does not."""
    with pytest.raises(SettingsError, match="API token") as raised:
        ClientSettings(token=SecretStr(token))
    assert CANARY not in str(raised.value)


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("\ufeffCANARY", "begins with a byte order mark"),
        ("CANARY\u200b", "ends with an invisible character"),
        ("CANARY\n", "ends with a line break"),
    ],
)
def test_an_invisible_character_of_a_token_is_named(token: str, expected: str) -> None:
    """Nobody sees it by looking again."""
    with pytest.raises(SettingsError, match=rf"API token \(.*\) {expected}: copy it again"):
        ClientSettings(token=SecretStr(token))


def test_settings_never_show_the_token() -> None:
    """Neither ``repr`` nor ``str``."""
    settings = ClientSettings(token=SecretStr("CANARY-token"))
    assert CANARY not in repr(settings) + str(settings)
