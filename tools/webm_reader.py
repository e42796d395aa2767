"""A reader of WebM that knows nothing of the program that wrote it."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["elements", "flat", "title"]

_KIND, _CODEC, _TITLE = 0x4282, 0x86, 0x7BA9
MASTERS = {0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0xE1, 0x1F43B675}


def elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Read EBML elements as their specification says: variable-length id and size, then body."""
    place = 0
    while place < len(data):
        id_length = 9 - data[place].bit_length()
        identifier = int.from_bytes(data[place : place + id_length], "big")
        place += id_length
        size_length = 9 - data[place].bit_length()
        size = int.from_bytes(data[place : place + size_length], "big")
        size &= (1 << 7 * size_length) - 1
        place += size_length
        if place + size > len(data):
            raise ValueError("an element is longer than the file")
        yield identifier, data[place : place + size]
        place += size


def flat(data: bytes) -> dict[int, bytes]:
    """Return every element that is not made of others."""
    found: dict[int, bytes] = {}
    for identifier, body in elements(data):
        if identifier in MASTERS:
            found.update(flat(body))
        else:
            found[identifier] = body
    return found


def title(data: bytes) -> str:
    """Return the title of what has to be a WebM file with an Opus track.

    Raises:
        ValueError: It is none.
    """
    read = flat(data)
    if (read.get(_KIND), read.get(_CODEC)) != (b"webm", b"A_OPUS"):
        raise ValueError("this is no WebM file with an Opus track")
    return read[_TITLE].decode()
