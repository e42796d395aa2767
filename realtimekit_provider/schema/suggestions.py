"""What a misspelled name may have meant, and what is said of a field that does not exist."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches

__all__ = ["closest_match", "describe_unknown_field"]

_SIMILARITY = 0.8


_OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "secretkey": ("secret",),
    "secretaccesskey": ("secret",),
    "awssecretaccesskey": ("secret",),
    "accesskeyid": ("access_key",),
    "awsaccesskeyid": ("access_key",),
    "keyid": ("access_key",),
    "connectionstring": ("access_key",),
    "accountkey": ("access_key",),
    "passphrase": ("password",),
    "passwd": ("password",),
    "sshkey": ("private_key",),
    "keyfile": ("private_key", "key", "secret"),
    "serviceaccountkey": ("key", "secret"),
    "credentials": ("key", "secret", "private_key"),
    "user": ("username",),
    "hostname": ("host",),
    "server": ("host",),
    "bucketname": ("bucket", "container"),
    "location": ("region",),
    "bucket": ("container",),
    "path": ("prefix",),
    "limiter": ("rateLimitShare",),
    "bounds": ("timing",),
    "poll": ("poll_interval",),
    "appear": ("visible_after_start",),
    "begin": ("running_after_start",),
    "release": ("inactive_after_stop",),
    "shortest": ("minimum_length",),
    "freshkey": ("key_propagation",),
    "alias": ("aliases",),
}
"""What other vendors, and earlier versions, call a name, without ``_``; what it may be here."""


def closest_match(name: str, known: Collection[str]) -> str | None:
    """Return the one of ``known`` that ``name`` may mean, in any case; ``None`` without one.

    It is what others call ``name``, and otherwise what is written nearly like it.
    """
    plain = name.lower().replace("_", "").replace("-", "")
    other_names = [one for one in _OTHER_NAMES.get(plain, ()) if one in known]
    if other_names:
        return other_names[0]
    by_lower_case = {one.lower(): one for one in known}
    matches = get_close_matches(name.lower(), by_lower_case, n=1, cutoff=_SIMILARITY)
    return by_lower_case[matches[0]] if matches else None


def describe_unknown_field(name: object, fields: Collection[str]) -> str:
    """Say that ``name`` is none of ``fields``: which one it may have meant, then all of them."""
    names = ", ".join(fields)
    match = closest_match(str(name), fields)
    if match is not None:
        return f"is not a field: did you mean {match}? There are {names}"
    return f"is not a field; there are {names}" if names else "is not a field"
