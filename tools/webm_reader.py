"""A reader of WebM that shares no code with the program that wrote the file."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["read_elements", "read_leaf_elements", "read_title"]

_KIND, _CODEC, _TITLE = 0x4282, 0x86, 0x7BA9
MASTERS = {0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0xE1, 0x1F43B675}


def read_elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Read EBML elements as their specification says: variable-length id and size, then body."""
    offset = 0
    while offset < len(data):
        id_length = 9 - data[offset].bit_length()
        identifier = int.from_bytes(data[offset : offset + id_length], "big")
        offset += id_length
        size_length = 9 - data[offset].bit_length()
        size = int.from_bytes(data[offset : offset + size_length], "big")
        size &= (1 << 7 * size_length) - 1
        offset += size_length
        if offset + size > len(data):
            raise ValueError("an element is longer than the file")
        yield identifier, data[offset : offset + size]
        offset += size


def read_leaf_elements(data: bytes) -> dict[int, bytes]:
    """Return the body of every element without elements inside, by its id."""
    found: dict[int, bytes] = {}
    for identifier, body in read_elements(data):
        if identifier in MASTERS:
            found.update(read_leaf_elements(body))
        else:
            found[identifier] = body
    return found


def read_title(data: bytes) -> str:
    """Return the title of what has to be a WebM file with an Opus track.

    Raises:
        ValueError: It is something else.
    """
    read = read_leaf_elements(data)
    if (read.get(_KIND), read.get(_CODEC)) != (b"webm", b"A_OPUS"):
        raise ValueError("this is not a WebM file with an Opus track")
    return read[_TITLE].decode()
