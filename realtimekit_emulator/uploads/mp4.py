"""The MP4 file of a composite recording: as small as a player lets it be, and without a track."""

from __future__ import annotations


def create_mp4(title: str, seconds: float) -> bytes:
    """Return the bytes of an MP4 file that holds ``title`` and the length in ``seconds``."""
    text = f"{title} realtimekit_emulator {seconds:.3f} s".encode()
    return _encode_box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2mp41") + _encode_box(b"free", text)


def _encode_box(name: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4, "big") + name + body
