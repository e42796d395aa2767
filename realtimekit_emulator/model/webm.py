"""A WebM file small enough to make for every layer of every recording."""

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


def webm(title: str, seconds: float) -> bytes:
    """Return a WebM file with one Opus track that holds one silent frame.

    ``title`` and ``seconds`` are written into the file, so that two layers' files differ.
    """
    header = (
        _text(0x4282, "webm") + _number(0x4286, 1) + _number(0x42F7, 1) + _number(0x42F2, 4)
        + _number(0x42F3, 8) + _number(0x4287, 2) + _number(0x4285, 2)
    )  # fmt: skip
    info = (
        _number(0x2AD7B1, 1_000_000)
        + _text(0x7BA9, title)
        + _text(0x4D80, "realtimekit_emulator")
        + _text(0x5741, f"realtimekit_emulator {seconds:.3f} s")
    )
    track = (
        _number(0xD7, 1) + _number(0x73C5, 1) + _number(0x83, 2) + _text(0x86, "A_OPUS")
        + _element(0x63A2, _OPUS_HEAD) + _element(_AUDIO, _number(0x9F, 1))
    )  # fmt: skip
    cluster = _number(0xE7, 0) + _element(0xA3, b"\x81\x00\x00\x80" + _OPUS_SILENCE)
    segment = (
        _element(_INFO, info)
        + _element(_TRACKS, _element(_TRACK, track))
        + _element(_CLUSTER, cluster)
    )
    return _element(_EBML, header) + _element(_SEGMENT, segment)


def _element(identifier: int, body: bytes) -> bytes:
    name = identifier.to_bytes((identifier.bit_length() + 7) // 8, "big")
    return name + (len(body) | 1 << 56).to_bytes(8, "big") + body


def _number(identifier: int, value: int) -> bytes:
    return _element(identifier, value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big"))


def _text(identifier: int, value: str) -> bytes:
    return _element(identifier, value.encode())
