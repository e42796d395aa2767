"""Why nothing was sent, over real sockets: the cause is named, with advice of its own."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from realtimekit_provider.api.network_settings import Proxy, parse_proxy
from realtimekit_provider.errors import CallError, ConnectionSettingsError, NotSentError
from tests.api.api_caller import ApiCaller
from tests.api.connections.loopback_servers import (
    close_at_once,
    serve,
    serve_proxy,
    serve_tls,
    write_certificate,
)
from tests.closed_port import reserve_closed_port
from tests.example_values import CANARY

HOST = "api.example.com"
API = f"https://{HOST}/client/v4"
VARIABLES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*VARIABLES, *map(str.lower, VARIABLES), "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return self-signed certificates with their keys, by what is special about them."""
    folder = tmp_path_factory.mktemp("certificates")
    return {
        "good": write_certificate(folder, HOST),
        "another host": write_certificate(folder, "other.example.com"),
        "expired": write_certificate(folder, "old.example.com", days=-1),
    }


def fail(base_url: str = API) -> CallError:
    """Return the error of a call; no text of it holds a proxy's password or speaks of a ray."""
    caller = ApiCaller(base_url)
    with pytest.raises(NotSentError) as raised:
        caller.api.get_active("meeting")
    error = raised.value
    assert "Nothing was changed by this call: " in error.summary
    assert CANARY not in f"{error}{error!r}"
    assert "cf-ray" not in str(error)
    is_retried = bool(caller.clock.sleeps)
    assert is_retried is not isinstance(error, ConnectionSettingsError)
    return error


def use_proxy(monkeypatch: pytest.MonkeyPatch, port: int, scheme: str = "http") -> str:
    """Set the proxy of the environment, with a login, and return how texts name it."""
    monkeypatch.setenv("HTTPS_PROXY", f"{scheme}://user:{CANARY}@127.0.0.1:{port}")
    return f"127.0.0.1:{port} (HTTPS_PROXY)"


@contextmanager
def serve_api_by_proxy(monkeypatch: pytest.MonkeyPatch, certificate: Path) -> Iterator[str]:
    """Serve TLS behind a proxy, as if it were the API; yields how texts name the proxy."""
    with ExitStack() as stack:
        api = stack.enter_context(serve_tls(certificate))
        proxy = stack.enter_context(serve_proxy("200 OK", forward_to=api))
        yield use_proxy(monkeypatch, proxy)


def test_an_api_behind_a_proxy_is_reached(
    certificates: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The servers of these tests serve: where all settings are right, the call succeeds."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates["good"]))
    with serve_api_by_proxy(monkeypatch, certificates["good"]):
        assert ApiCaller(API).api.get_active("meeting") is None


# Certificates


def test_a_certificate_that_nobody_trusts_is_named(
    certificates: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the usual reason, a proxy that inspects TLS, and with the proxy's address."""
    with serve_api_by_proxy(monkeypatch, certificates["good"]) as proxy:
        text = str(fail())
    assert (
        f"{HOST}: its certificate is not trusted by this machine, by way of the proxy {proxy}. "
        in text
    )
    assert "let REQUESTS_CA_BUNDLE name a file that holds it" in text


def test_an_untrusted_certificate_is_named_without_a_proxy(
    certificates: dict[str, Path],
) -> None:
    """On loopback, where no variable is obeyed."""
    with serve_tls(certificates["good"]) as port:
        text = str(fail(f"https://localhost:{port}"))
    assert f"localhost:{port}: its certificate is not trusted by this machine. " in text


@pytest.mark.parametrize(
    ("certificate", "text"),
    [
        ("another host", "its certificate is for another host"),
        ("expired", "its certificate has expired or is not valid yet"),
    ],
)
def test_a_trusted_certificate_that_does_not_fit_is_named(
    certificate: str,
    text: str,
    certificates: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Trust alone is not enough, and no CA certificate is asked for."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates[certificate]))
    host = "old.example.com" if certificate == "expired" else HOST
    with serve_api_by_proxy(monkeypatch, certificates[certificate]):
        error = str(fail(f"https://{host}/client/v4"))
    assert f"{host}: {text}" in error
    assert "REQUESTS_CA_BUNDLE" not in error


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_ca_bundle_that_does_not_exist_is_named(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variable and the path: nothing was asked of any server."""
    monkeypatch.setenv(variable, "/gone/bundle.pem")
    error = fail()
    assert f"{variable} names /gone/bundle.pem, which does not exist. " in str(error)
    assert isinstance(error, ConnectionSettingsError)


@pytest.mark.parametrize(
    "content",
    ["no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"],
)
def test_a_ca_bundle_without_certificates_is_named(
    content: str,
    certificates: dict[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is read when the first connection is made."""
    (tmp_path / "bundle.pem").write_text(content, encoding="utf-8")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "bundle.pem"))
    with serve_api_by_proxy(monkeypatch, certificates["good"]):
        text = str(fail())
    assert "REQUESTS_CA_BUNDLE names a file that holds no certificate. " in text


def test_a_variable_that_holds_a_key_is_not_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes the path of a file; of a file's content nothing is printed."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", f"-----BEGIN PRIVATE KEY-----\n{CANARY}")
    text = "REQUESTS_CA_BUNDLE takes the path of a file, and holds a key or a certificate"
    assert text in str(fail())


# Proxies


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        ("407 Proxy Authentication Required", "asks for a login, or", ConnectionSettingsError),
        ("403 Forbidden", "refused to connect to it (HTTP 403)", ConnectionSettingsError),
        ("502 Bad Gateway", "could not connect to it (HTTP 502)", NotSentError),
    ],
)
def test_a_proxy_that_refuses_is_named(
    status: str, text: str, kind: type[CallError], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its address, the variable that names it, and what it said; never its password."""
    with serve_proxy(status) as port:
        proxy = use_proxy(monkeypatch, port)
        error = fail()
    assert f"{HOST}: the proxy {proxy} {text}" in str(error)
    assert type(error) is kind


def test_a_proxy_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may come back, so the request is sent again."""
    with reserve_closed_port() as port:
        proxy = use_proxy(monkeypatch, port)
        text = str(fail())
    assert f"the proxy {proxy} refused the connection. " in text
    assert f"add {HOST} to NO_PROXY" in text


def test_a_proxy_that_hangs_up_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection was cut before there was a tunnel, so nothing was sent."""
    with serve(close_at_once) as port:
        proxy = use_proxy(monkeypatch, port)
        text = str(fail())
    assert f"it was cut before anything was sent, by way of the proxy {proxy}. " in text


def test_a_proxy_whose_certificate_nobody_trusts_is_named(
    certificates: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the proxy's, and not the API's."""
    with serve_tls(certificates["good"]) as port:
        proxy = use_proxy(monkeypatch, port, scheme="https")
        text = str(fail())
    assert f"the proxy {proxy}'s certificate is not trusted by this machine. " in text


UNREADABLE = [
    f"http://user:{CANARY}#1@127.0.0.1:3128",
    f"http://user:12#{CANARY}@127.0.0.1:3128",
    f"http://user:{CANARY}/1@127.0.0.1:3128",
    f"http://user:{CANARY}?@127.0.0.1:3128",
    f"http://127.0.0.1:{CANARY}",
    f"ftp://user:{CANARY}@127.0.0.1:3128",
    f"user:{CANARY}@127.0.0.1:3128",
]


@pytest.mark.parametrize("url", UNREADABLE)
def test_a_url_that_is_no_proxys_is_named_by_its_variable(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password with special characters breaks it; what looks like the host is a part of it."""
    monkeypatch.setenv("HTTPS_PROXY", url)
    error = fail()
    assert f"{HOST}: HTTPS_PROXY is not the URL of a proxy. " in str(error)
    assert isinstance(error, ConnectionSettingsError)


def test_a_socks_proxy_without_its_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library for it is no dependency."""
    monkeypatch.setenv("all_proxy", f"socks5://user:{CANARY}@127.0.0.1:1080")
    assert "all_proxy names a SOCKS proxy, for which a package is missing" in str(fail())


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("http://proxy.example.com:3128", Proxy("proxy.example.com:3128", "https_proxy")),
        ("proxy.example.com:3128", Proxy("proxy.example.com:3128", "https_proxy")),
        (f"http://user:{CANARY}@[::1]:3128", Proxy("[::1]:3128", "https_proxy")),
        (f"http://{CANARY}@proxy.example.com", Proxy("proxy.example.com", "https_proxy")),
        (f"http://user:{CANARY}#@proxy.example.com", Proxy(None, "https_proxy")),
        ("http://[::1", Proxy(None, "https_proxy")),
    ],
)
def test_a_proxy_is_known_by_its_host_alone(url: str, proxy: Proxy) -> None:
    """Neither user nor password are kept."""
    assert parse_proxy(url, {"PATH": url, "https_proxy": url}) == proxy
    assert parse_proxy(url, {}) == Proxy(proxy.address)


# Connections


def test_a_server_that_speaks_no_tls_is_named() -> None:
    """Most often the port is the one for plain HTTP."""

    def answer(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with serve(answer) as port:
        error = fail(f"https://localhost:{port}")
    assert "the server does not speak TLS at this port. " in str(error)
    assert isinstance(error, ConnectionSettingsError)


def test_a_handshake_that_is_cut_is_named() -> None:
    """Nothing was sent before it was over."""
    with serve(close_at_once) as port:
        assert "the TLS handshake failed. " in str(fail(f"https://localhost:{port}"))


def test_a_name_that_cannot_be_resolved_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """No resolver is asked in a test: it answers as one does that does not know the name."""

    def fail_to_resolve(*_args: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, CANARY)

    monkeypatch.setattr(socket, "getaddrinfo", fail_to_resolve)
    assert f"{HOST}: its name cannot be resolved. " in str(fail())


def test_a_refused_connection_is_named() -> None:
    """With where to look."""
    with reserve_closed_port() as port:
        text = str(fail(f"http://127.0.0.1:{port}"))
    assert "the connection was refused. " in text
    assert "cloudflare:baseUrl (CLOUDFLARE_BASE_URL)" in text


def test_a_name_that_no_server_can_have_is_named() -> None:
    """A label of a name has at most 63 characters."""
    error = fail(f"https://{'a' * 64}.example.com")
    assert "no server can have this name. " in str(error)
    assert isinstance(error, ConnectionSettingsError)
