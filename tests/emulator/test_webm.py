"""The bytes of a WebM file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from realtimekit_emulator.webm import webm

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        assert place + size <= len(data)
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


def test_a_file_is_ebml_of_the_type_webm_with_an_opus_track() -> None:
    """Read by an independent reader, every element ends where its size says."""
    read = flat(webm("title", 1.5))
    assert read[0x4282] == b"webm"
    assert read[0x86] == b"A_OPUS"
    assert read[0x63A2].startswith(b"OpusHead")
    assert read[0xA3].endswith(b"\xf8\xff\xfe")


def test_a_file_begins_with_header_and_segment() -> None:
    """In this order, and nothing else."""
    assert [identifier for identifier, _ in elements(webm("", 0))] == [0x1A45DFA3, 0x18538067]


def test_files_tell_what_they_are_of() -> None:
    """The title and the length make two files differ."""
    assert flat(webm("recording/layer", 1.5))[0x7BA9] == b"recording/layer"
    assert webm("a", 1) != webm("b", 1)
    assert webm("a", 1) != webm("a", 2)
