"""Why there was no connection, so that nothing was sent, and what to do about it."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping, Sequence
from typing import TypeVar
from urllib.parse import urlsplit

import requests
from urllib3 import exceptions as urllib3_errors

from realtimekit_provider.api.network_settings import NetworkSettings
from realtimekit_provider.errors import ConnectionSettingsError, NotSentError

__all__ = ["WITHOUT_CONNECTION", "explain_missing_connection", "find_error"]

_Error = TypeVar("_Error", bound=BaseException)

WITHOUT_CONNECTION = (
    urllib3_errors.NewConnectionError,
    urllib3_errors.ConnectTimeoutError,
    requests.ConnectTimeout,
)
"""The library's errors that are proof by themselves that there was no connection."""

_TOO_SLOW = (requests.Timeout, urllib3_errors.TimeoutError, TimeoutError)

_BASE_URL = "cloudflare:baseUrl (CLOUDFLARE_BASE_URL)"
_CHECK_REACH = f"check whether this machine can reach the API, and whether {_BASE_URL} is right"
_CHECK_PROXY = (
    "check whether {variable} names the right proxy and whether it runs; if the API is reached "
    "without one, add {hostname} to NO_PROXY"
)

_CAUSES: Mapping[str, tuple[type[NotSentError], str, str]] = {
    "unusable CA bundle": (
        ConnectionSettingsError,
        "{bundle}",
        "name a file with the certificates in PEM, or unset the variable",
    ),
    "unknown CA": (
        ConnectionSettingsError,
        "{whose} certificate is not trusted by this machine{via}",
        (
            "where a proxy or a firewall inspects TLS, ask whoever runs it for its CA certificate, "
            "and let REQUESTS_CA_BUNDLE name a file that holds it{current_bundle}"
        ),
    ),
    "certificate of another host": (
        ConnectionSettingsError,
        "{whose} certificate is for another host{via}",
        (
            "fix the host in {where}; if a firewall answers in its place, ask whoever runs the "
            "firewall"
        ),
    ),
    "certificate out of date": (
        ConnectionSettingsError,
        "{whose} certificate has expired or is not valid yet{via}",
        "check this machine's clock; if it is right, the server's certificate must be renewed",
    ),
    "no TLS": (
        ConnectionSettingsError,
        "{who} does not speak TLS at this port{via}",
        "fix scheme and port in {where}",
    ),
    "failed handshake": (
        NotSentError,
        "the TLS handshake failed{via}",
        f"a firewall or a proxy on the way may have cut it; {_CHECK_REACH}",
    ),
    "login at the proxy": (
        ConnectionSettingsError,
        "the proxy {proxy} asks for a login, or refuses the one that it was given",
        (
            "give user and password in {variable}, from the pipeline's secrets, with the special "
            "characters in them percent-encoded"
        ),
    ),
    "refusal of the proxy": (
        ConnectionSettingsError,
        "the proxy {proxy} refused to connect to it (HTTP {proxy_status})",
        (
            "ask whoever runs the proxy to allow {hostname}; if the API is reached without one, "
            "add {hostname} to NO_PROXY"
        ),
    ),
    "failure of the proxy": (
        NotSentError,
        "the proxy {proxy} could not connect to it (HTTP {proxy_status})",
        _CHECK_PROXY,
    ),
    "URL of the proxy": (
        ConnectionSettingsError,
        "{variable} is not the URL of a proxy",
        (
            "write it as http://HOST:PORT; in a user or a password, percent-encode the special "
            "characters, such as %23 for '#'"
        ),
    ),
    "SOCKS": (
        ConnectionSettingsError,
        "{variable} names a SOCKS proxy, for which a package is missing",
        "install PySocks, or use an HTTP proxy",
    ),
    "unknown name of the proxy": (
        NotSentError,
        "the name of the proxy {proxy} cannot be resolved",
        _CHECK_PROXY,
    ),
    "refused by the proxy": (
        NotSentError,
        "the proxy {proxy} refused the connection",
        _CHECK_PROXY,
    ),
    "no connection to the proxy": (
        NotSentError,
        "no connection to the proxy {proxy}",
        _CHECK_PROXY,
    ),
    "unknown name": (NotSentError, "its name cannot be resolved", _CHECK_REACH),
    "refused": (NotSentError, "the connection was refused", _CHECK_REACH),
    "too slow": (NotSentError, "no connection within the time allowed{via}", _CHECK_REACH),
    "no address": (ConnectionSettingsError, "no server can have this name", f"fix {_BASE_URL}"),
    "cut": (NotSentError, "no connection: it was cut before anything was sent{via}", _CHECK_REACH),
    "no connection": (NotSentError, "no connection{via}", _CHECK_REACH),
}

_CERTIFICATE_CAUSES = {
    9: "certificate out of date",
    10: "certificate out of date",
    62: "certificate of another host",
    64: "certificate of another host",
}
_NOT_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST")
_LIBRARIES_OF_FILES = ("X509", "PEM")
_PROXY_AUTHENTICATION_REQUIRED = 407


def explain_missing_connection(
    causes: Sequence[BaseException], network: NetworkSettings
) -> tuple[type[NotSentError], str, str]:
    """Return the error that a missing connection is, what happened, and what to do.

    Args:
        causes: What the library raised, and what that wraps, outermost first.
        network: How this machine reaches the API.
    """
    kind, summary, advice = _CAUSES[_find_cause(causes, network)]
    words = _choose_words(causes, network)
    return kind, summary.format_map(words), advice.format_map(words)


def find_error(causes: Sequence[BaseException], kind: type[_Error]) -> _Error | None:
    """Return the first of ``causes`` that is of that kind."""
    return next((cause for cause in causes if isinstance(cause, kind)), None)


def _find_cause(causes: Sequence[BaseException], network: NetworkSettings) -> str:
    of_settings = _find_cause_in_settings(causes, network)
    if of_settings is not None:
        return of_settings
    certificate = find_error(causes, ssl.SSLCertVerificationError)
    if certificate is not None:
        return _CERTIFICATE_CAUSES.get(certificate.verify_code, "unknown CA")
    is_unconnected = any(isinstance(cause, WITHOUT_CONNECTION) for cause in causes)
    if not is_unconnected and _is_bundle_at_fault(causes, network):
        return "unusable CA bundle"
    of_proxy = _find_cause_at_proxy(causes) if network.proxy is not None else None
    return of_proxy or _find_cause_of_connection(causes)


def _find_cause_in_settings(
    causes: Sequence[BaseException], network: NetworkSettings
) -> str | None:
    is_proxy_readable = network.proxy is None or network.proxy.address is not None
    if find_error(causes, requests.exceptions.InvalidProxyURL) or not is_proxy_readable:
        return "URL of the proxy"
    if find_error(causes, requests.exceptions.InvalidSchema):
        return "SOCKS"
    if find_error(causes, requests.exceptions.InvalidURL) or find_error(
        causes, urllib3_errors.LocationValueError
    ):
        return "no address" if network.proxy is None else "URL of the proxy"
    return None


def _is_bundle_at_fault(causes: Sequence[BaseException], network: NetworkSettings) -> bool:
    bundle = network.ca_bundle
    if bundle is None:
        return False
    tls = find_error(causes, ssl.SSLError)
    holds_none = getattr(tls, "library", None) in _LIBRARIES_OF_FILES
    return holds_none or bool(bundle.defect)


def _find_cause_at_proxy(causes: Sequence[BaseException]) -> str | None:
    status = _find_proxy_status(causes)
    if status == _PROXY_AUTHENTICATION_REQUIRED:
        return "login at the proxy"
    if status is not None:
        is_refusal = status // 100 == 4  # noqa: PLR2004 - the statuses of a refusal
        return "refusal of the proxy" if is_refusal else "failure of the proxy"
    if find_error(causes, urllib3_errors.ProxyError) is None:
        return None
    of_connection = _find_cause_of_connection(causes)
    return {
        "no TLS": "no TLS",
        "refused": "refused by the proxy",
        "unknown name": "unknown name of the proxy",
    }.get(of_connection, "no connection to the proxy")


def _find_cause_of_connection(causes: Sequence[BaseException]) -> str:
    if find_error(causes, urllib3_errors.NameResolutionError) is not None:
        return "unknown name"
    failed = find_error(causes, urllib3_errors.NewConnectionError)
    if failed is not None:
        return "refused" if "refused" in str(failed).lower() else "no connection"
    if any(isinstance(cause, _TOO_SLOW) for cause in causes):
        return "too slow"
    tls = find_error(causes, ssl.SSLError)
    if tls is not None:
        return "no TLS" if getattr(tls, "reason", None) in _NOT_TLS else "failed handshake"
    is_cut = any(isinstance(cause, (ConnectionError, requests.ConnectionError)) for cause in causes)
    return "cut" if is_cut else "no connection"


def _find_proxy_status(causes: Sequence[BaseException]) -> int | None:
    for cause in causes:
        found = re.match(r"Tunnel connection failed: (\d{3})\b", str(cause))
        if found:
            return int(found.group(1))
    return None


def _choose_words(causes: Sequence[BaseException], network: NetworkSettings) -> dict[str, str]:
    """Return the words of the table's texts.

    Returns:
        ``hostname``, ``who``, ``whose`` and ``where`` of the server that failed; ``proxy``,
        ``variable``, ``via`` and ``proxy_status`` of the proxy; ``bundle``, ``current_bundle``.
    """
    is_proxy = find_error(causes, urllib3_errors.ProxyError) is not None
    variable = (network.proxy.variable if network.proxy else "") or "the system's proxy setting"
    address = network.proxy.address if network.proxy else None
    proxy = f"{address} ({variable})"
    bundle = network.ca_bundle
    return {
        "hostname": urlsplit(f"//{network.host}").hostname or network.host,
        "who": f"the proxy {proxy}" if is_proxy else "the server",
        "whose": f"the proxy {proxy}'s" if is_proxy else "its",
        "where": variable if is_proxy else _BASE_URL,
        "proxy": proxy,
        "variable": variable,
        "via": f", by way of the proxy {proxy}" if network.proxy and not is_proxy else "",
        "proxy_status": str(_find_proxy_status(causes)),
        "bundle": bundle.summary if bundle else "",
        "current_bundle": f", beside what {bundle.variable} names now" if bundle else "",
    }
