"""The normal form of a field: equal for two spellings of one place, and for no two places.

State and API get what the user wrote. Whatever compares two values compares their normal forms:
otherwise ``EUROPE-WEST1`` in the place of ``europe-west1`` would be another bucket, and the
files in the first one would be deleted.
"""

from __future__ import annotations

import ipaddress
import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from realtimekit_provider.schema.parsing.private_keys import trim

__all__ = [
    "DEFAULT_OUTPUTS",
    "NORMAL_FORMS",
    "normalize_bucket",
    "normalize_endpoint",
    "normalize_field",
    "normalize_host",
    "normalize_id",
    "normalize_path",
    "normalize_prefix",
    "normalize_region",
]

_DEFAULT_PORTS = {"http": 80, "https": 443}
_DEFAULT_MAX_SECONDS = 86400
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]{32}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")

DEFAULT_OUTPUTS: Sequence[Mapping[str, str]] = [{"type": "REALTIMEKIT_BUCKET"}]
"""What a layer without outputs is sent with: the live API requires outputs."""


def normalize_region(region: str) -> str:
    """Return a region in lower case: no cloud has two that differ in case alone."""
    return region.lower()


def normalize_bucket(name: str) -> str:
    """Return the name as it is: S3 has old buckets whose names differ in case alone."""
    return name


def normalize_prefix(prefix: str) -> str:
    """Return a folder in a bucket without outer slashes; its case counts, and so does ``//``."""
    return prefix.strip("/")


def normalize_path(path: str) -> str:
    """Return a folder on a server; its case counts, and so does the slash that it begins with.

    Without that slash it lies in the home of its user, which is ``.``.
    """
    normal = posixpath.normpath(path)
    return f"/{normal.lstrip('/')}" if normal.startswith("/") else normal


def normalize_host(host: str) -> str:
    """Return a host's name in lower case without the root's dot, an IP address in its shortest."""
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return host.lower().removesuffix(".")


def normalize_endpoint(url: str) -> str:
    """Return a URL without the scheme's own port and without a slash at its end.

    Scheme and host are in their normal form; what else there is stays as it is. So does a text
    that is no URL.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return url
    if not host:
        return url
    name = normalize_host(host)
    login, at, _ = parts.netloc.rpartition("@")
    netloc = f"{login}{at}[{name}]" if ":" in name else f"{login}{at}{name}"
    if port not in (None, _DEFAULT_PORTS.get(parts.scheme)):
        netloc = f"{netloc}:{port}"
    return parts._replace(netloc=netloc, path=parts.path.rstrip("/")).geturl()


def normalize_id(text: str) -> str:
    """Return an id of hexadecimal digits, a UUID for one, in lower case; any other as it is."""
    return text.lower() if _HEXADECIMAL.fullmatch(text) else text


def _keep_as_written(text: str) -> str:
    return text


def _ignore_case(text: str) -> str:
    return text.lower()


NORMAL_FORMS: Mapping[str, Callable[[str], str]] = {
    "type": _ignore_case,
    "region": normalize_region,
    "host": normalize_host,
    "endpoint": normalize_endpoint,
    "path": normalize_prefix,
    "prefix": normalize_prefix,
    "bucket": normalize_bucket,
    "container": normalize_bucket,
    "account": _keep_as_written,
    "project": _keep_as_written,
    "username": _keep_as_written,
    "name": _keep_as_written,
    "private_key": trim,
    "host_key": trim,
}
"""The normal form of each text that says where something is, and of key files, by their fields.

``path`` is a folder in a bucket here; on an SFTP server it is :func:`normalize_path`.
"""

_DEFAULTS: Mapping[str, Any] = {"max_seconds": _DEFAULT_MAX_SECONDS, "outputs": DEFAULT_OUTPUTS}
"""What a field that is left out means: the API's own default, or what is sent for it."""


def normalize_field(name: str | int, value: Any, siblings: Mapping[str, Any]) -> Any:
    """Return what a field is compared by; the value itself where it has no normal form.

    Args:
        name: The field's name.
        value: Its value; ``None`` where it is left out. A text that says as little as leaving
            it out, such as an empty ``path``, becomes ``None``; so does a default that is
            written out.
        siblings: The mapping that the field is in: its ``type``, or a ``host``, tells an SFTP
            server from a bucket.
    """
    if isinstance(value, str) and name in NORMAL_FORMS:
        is_on_server = (
            _ignore_case(str(siblings.get("type"))) == "sftp" or siblings.get("host") is not None
        )
        form = normalize_path if name == "path" and is_on_server else NORMAL_FORMS[str(name)]
        return form(value) or None
    return None if value is None or value == _DEFAULTS.get(str(name)) else value
