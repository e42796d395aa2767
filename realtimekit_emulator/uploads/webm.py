"""The WebM file of a layer, small enough to make one for every layer of every recording."""

from __future__ import annotations

_EBML = 0x1A45DFA3
_SEGMENT = 0x18538067
_INFO = 0x1549A966
_TRACKS = 0x1654AE6B
_TRACK = 0xAE
_AUDIO = 0xE1
_CLUSTER = 0x1F43B675
_OPUS_SILENCE = b"\xf8\xff\xfe"
_OPUS_HEAD = b"OpusHead\x01\x01\x00\x00\x80\xbb\x00\x00\x00\x00\x00"


def create_webm(title: str, seconds: float) -> bytes:
    """Return the bytes of a WebM file: one Opus track that holds one silent frame.

    ``title`` and the length in ``seconds`` are in the file, so that the files of two layers differ.
    """
    header = (
        _encode_text(0x4282, "webm")
        + _encode_number(0x4286, 1)
        + _encode_number(0x42F7, 1)
        + _encode_number(0x42F2, 4)
        + _encode_number(0x42F3, 8)
        + _encode_number(0x4287, 2)
        + _encode_number(0x4285, 2)
    )
    info = (
        _encode_number(0x2AD7B1, 1_000_000)
        + _encode_text(0x7BA9, title)
        + _encode_text(0x4D80, "realtimekit_emulator")
        + _encode_text(0x5741, f"realtimekit_emulator {seconds:.3f} s")
    )
    track = (
        _encode_number(0xD7, 1)
        + _encode_number(0x73C5, 1)
        + _encode_number(0x83, 2)
        + _encode_text(0x86, "A_OPUS")
        + _encode_element(0x63A2, _OPUS_HEAD)
        + _encode_element(_AUDIO, _encode_number(0x9F, 1))
    )
    cluster = _encode_number(0xE7, 0) + _encode_element(0xA3, b"\x81\x00\x00\x80" + _OPUS_SILENCE)
    segment = (
        _encode_element(_INFO, info)
        + _encode_element(_TRACKS, _encode_element(_TRACK, track))
        + _encode_element(_CLUSTER, cluster)
    )
    return _encode_element(_EBML, header) + _encode_element(_SEGMENT, segment)


def _encode_element(identifier: int, body: bytes) -> bytes:
    name = identifier.to_bytes((identifier.bit_length() + 7) // 8, "big")
    return name + (len(body) | 1 << 56).to_bytes(8, "big") + body


def _encode_number(identifier: int, value: int) -> bytes:
    return _encode_element(identifier, value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big"))


def _encode_text(identifier: int, value: str) -> bytes:
    return _encode_element(identifier, value.encode())
