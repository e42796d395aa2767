"""What this machine's environment says of proxies and certificates; no credential of it is kept."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from requests.utils import get_environ_proxies, select_proxy

from realtimekit_provider.redaction import describe_file_content, to_one_line

__all__ = ["CaBundle", "NetworkSettings", "Proxy", "parse_proxy", "read_network_settings"]

_CA_BUNDLE_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_LONGEST_PATH = 200


@dataclass(frozen=True)
class Proxy:
    """A proxy that requests go through.

    Attributes:
        address: Its host and port; ``None`` where the URL cannot be read without doubt, since
            what looks like the host may then be a part of the password.
        variable: The environment variable that names it; empty where the system's settings do.
    """

    address: str | None
    variable: str = ""


@dataclass(frozen=True)
class CaBundle:
    """The file or folder of certificates that servers are known by.

    Attributes:
        variable: The environment variable that names it.
        defect: What is wrong with it, after the name of the variable; empty if nothing is seen.
    """

    variable: str
    defect: str = ""

    @property
    def summary(self) -> str:
        """What is wrong, where it turned out that something is."""
        return f"{self.variable} {self.defect or 'names a file that holds no certificate'}"


@dataclass(frozen=True)
class NetworkSettings:
    """How this machine reaches the API.

    Attributes:
        host: The API's host and port.
        proxy: The proxy for it, if there is one.
        ca_bundle: The certificates that replace the usual ones, if a variable names any.
    """

    host: str
    proxy: Proxy | None = None
    ca_bundle: CaBundle | None = None


def read_network_settings(url: str, *, reads_environment: bool) -> NetworkSettings:
    """Return how this machine reaches ``url``, as the HTTP library sees it.

    Args:
        url: An address of the API.
        reads_environment: Whether requests obey the environment at all.
    """
    host = urlsplit(url).netloc
    if not reads_environment:
        return NetworkSettings(host)
    proxy = select_proxy(url, get_environ_proxies(url))
    return NetworkSettings(
        host,
        proxy=parse_proxy(proxy, os.environ) if proxy else None,
        ca_bundle=_find_ca_bundle(os.environ),
    )


def parse_proxy(url: str, environment: Mapping[str, str]) -> Proxy:
    """Return the proxy at ``url``, and which variable of ``environment`` names it."""
    named_by = [
        name
        for name, value in environment.items()
        if name.lower().endswith("_proxy") and value == url
    ]
    return Proxy(_parse_address(url), variable=min(named_by, default=""))


def _parse_address(url: str) -> str | None:
    scheme, separator, rest = url.partition("://")
    try:
        parts = urlsplit(f"http://{rest if separator else scheme}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    # An '@' behind the host belongs to a password with a '/', '?' or '#': the host is none then.
    is_clear = "@" not in f"{parts.path}{parts.query}{parts.fragment}"
    if not is_clear or not re.fullmatch(r"[A-Za-z0-9._:-]+", host):
        return None
    shown = f"[{host}]" if ":" in host else host
    return shown if port is None else f"{shown}:{port}"


def _find_ca_bundle(environment: Mapping[str, str]) -> CaBundle | None:
    for variable in _CA_BUNDLE_VARIABLES:
        if path := environment.get(variable):
            return CaBundle(variable, _describe_unusable_path(path))
    return None


def _describe_unusable_path(path: str) -> str:
    content = describe_file_content(path)
    if content is not None:
        return f"takes the path of a file, and holds {content}"
    shown = to_one_line(path[:_LONGEST_PATH])
    if not os.path.exists(path):  # noqa: PTH110 - a text that is no path is none that exists
        return f"names {shown}, which does not exist"
    if not os.access(path, os.R_OK):
        return f"names {shown}, which cannot be read"
    return ""
