"""The bytes of a WebM file."""

from __future__ import annotations

from realtimekit_emulator.uploads.webm import create_webm
from tools.webm_reader import read_elements, read_leaf_elements


def test_a_file_is_ebml_of_the_type_webm_with_an_opus_track() -> None:
    """Read by an independent reader, every element ends where its size says."""
    read = read_leaf_elements(create_webm("title", 1.5))
    assert read[0x4282] == b"webm"
    assert read[0x86] == b"A_OPUS"
    assert read[0x63A2].startswith(b"OpusHead")
    assert read[0xA3].endswith(b"\xf8\xff\xfe")


def test_a_file_begins_with_header_and_segment() -> None:
    """In this order."""
    assert [identifier for identifier, _ in read_elements(create_webm("", 0))] == [
        0x1A45DFA3,
        0x18538067,
    ]


def test_a_file_contains_its_title_and_its_length() -> None:
    """The title and the length make two files differ."""
    assert read_leaf_elements(create_webm("recording/layer", 1.5))[0x7BA9] == b"recording/layer"
    assert create_webm("a", 1) != create_webm("b", 1)
    assert create_webm("a", 1) != create_webm("a", 2)
