"""Readers of the two encodings that private keys are written in: DER, and SSH's own."""

from __future__ import annotations

__all__ = [
    "BIT_STRING",
    "INTEGER",
    "OBJECT_ID",
    "OCTET_STRING",
    "SEQUENCE",
    "DerReader",
    "SshReader",
]

INTEGER = 0x02
BIT_STRING = 0x03
OCTET_STRING = 0x04
OBJECT_ID = 0x06
SEQUENCE = 0x30

_LONG_LENGTH = 0x80
_LONGEST_LENGTH = 4


class SshReader:
    """Reads lengths and strings, one after the other (RFC 4251).

    Every method raises a ``ValueError`` where the content ends too early.
    """

    def __init__(self, content: bytes) -> None:
        self.rest = content

    def read_bytes(self, length: int) -> bytes:
        """Return that many bytes."""
        if length > len(self.rest):
            raise ValueError("ends too early")
        taken, self.rest = self.rest[:length], self.rest[length:]
        return taken

    def read_number(self) -> int:
        """Return an ``uint32``: a length, or a count."""
        return int.from_bytes(self.read_bytes(4), "big")

    def read_string(self) -> bytes:
        """Return a ``string``: bytes after their length."""
        return self.read_bytes(self.read_number())

    def read_integer(self) -> int:
        """Return an ``mpint``: a signed integer of any length."""
        return int.from_bytes(self.read_string(), "big", signed=True)


class DerReader:
    """Reads the elements of a DER sequence, one after the other (X.690).

    Every method raises a ``ValueError`` where something else stands there.
    """

    def __init__(self, content: bytes) -> None:
        self._reader = SshReader(content)

    @property
    def is_at_end(self) -> bool:
        """Whether no element is left."""
        return not self._reader.rest

    def read(self, tag: int) -> bytes:
        """Return the content of the next element, which has to be a ``tag``."""
        if self._reader.read_bytes(1)[0] != tag:
            raise ValueError("holds something else")
        return self._reader.read_bytes(self._read_length())

    def read_integer(self) -> int:
        """Return the next element, an ``INTEGER``."""
        content = self.read(INTEGER)
        if not content:
            raise ValueError("holds an empty number")
        return int.from_bytes(content, "big", signed=True)

    def read_sequence(self) -> DerReader:
        """Return a reader of the next element, a ``SEQUENCE``."""
        return DerReader(self.read(SEQUENCE))

    def _read_length(self) -> int:
        first = self._reader.read_bytes(1)[0]
        if first < _LONG_LENGTH:
            return first
        size = first - _LONG_LENGTH
        if not 1 <= size <= _LONGEST_LENGTH:
            raise ValueError("has no length")
        return int.from_bytes(self._reader.read_bytes(size), "big")
