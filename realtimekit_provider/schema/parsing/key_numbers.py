"""The numbers of private and public keys, and whether they belong together.

A key that lost or changed a character still looks like one; its numbers do not agree any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

__all__ = [
    "CURVES",
    "Curve",
    "RsaNumbers",
    "check_ec_numbers",
    "check_public_point",
    "check_public_rsa_numbers",
    "check_rsa_numbers",
]

_SHORTEST_RSA_KEY = 1024
_SMALLEST_RSA_EXPONENT = 3


class RsaNumbers(NamedTuple):
    """The numbers of an RSA key, in the order of PKCS #1."""

    n: int
    e: int
    d: int
    p: int
    q: int
    dp: int
    dq: int
    q_inverse: int


def check_rsa_numbers(key: RsaNumbers) -> None:
    """Raise a ``ValueError`` unless the numbers are those of one key of 1024 bits or more."""
    is_key = (
        min(key) > 1
        and key.n.bit_length() >= _SHORTEST_RSA_KEY
        and key.e % 2 == 1
        and key.p * key.q == key.n
        and key.d < key.n
        and key.d * key.e % (key.p - 1) == key.d * key.e % (key.q - 1) == 1
        and key.dp == key.d % (key.p - 1)
        and key.dq == key.d % (key.q - 1)
        and key.q_inverse < key.p
        and key.q_inverse * key.q % key.p == 1
    )
    if not is_key:
        raise ValueError("holds numbers that do not belong together")


def check_public_rsa_numbers(n: int, e: int) -> None:
    """Raise a ``ValueError`` unless the numbers may be those of a key of 1024 bits or more."""
    is_key = (
        n > 0
        and n.bit_length() >= _SHORTEST_RSA_KEY
        and n % 2 == e % 2 == 1
        and _SMALLEST_RSA_EXPONENT <= e < n
    )
    if not is_key:
        raise ValueError("holds numbers that no key has")


@dataclass(frozen=True)
class Curve:
    """One of NIST's curves: ``y² = x³ - 3x + b`` over a prime field (SEC 2).

    Attributes:
        object_id: Its id in DER.
        prime: The field's.
        order: Of the group that its base point makes.
        base: The point that a private number is multiplied with.
    """

    object_id: bytes
    prime: int
    order: int
    base: tuple[int, int]

    @property
    def size(self) -> int:
        """How many bytes a coordinate has."""
        return (self.prime.bit_length() + 7) // 8

    def has_point(self, point: tuple[int, int]) -> bool:
        """Whether a point is on the curve."""
        x, y = point
        is_in_field = max(x, y) < self.prime
        return is_in_field and self._subtract_sides(x, y) == self._subtract_sides(*self.base)

    def _subtract_sides(self, x: int, y: int) -> int:
        """Return ``y² - x³ + 3x``, which is ``b`` for all points of the curve."""
        return (y * y - x * x * x + 3 * x) % self.prime

    def multiply_base(self, number: int) -> tuple[int, int] | None:
        """Return the public point of a private number, ``None`` for the point at infinity."""
        result: tuple[int, int] | None = None
        addend: tuple[int, int] | None = self.base
        while number:
            if number & 1:
                result = self._add(result, addend)
            addend = self._add(addend, addend)
            number >>= 1
        return result

    def _add(
        self, one: tuple[int, int] | None, other: tuple[int, int] | None
    ) -> tuple[int, int] | None:
        if one is None or other is None:
            return one or other
        if one[0] == other[0] and (one[1] + other[1]) % self.prime == 0:
            return None
        if one == other:
            slope = (3 * one[0] * one[0] - 3) * pow(2 * one[1], -1, self.prime)
        else:
            slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, self.prime)
        x = (slope * slope - one[0] - other[0]) % self.prime
        return x, (slope * (one[0] - x) - one[1]) % self.prime


def check_ec_numbers(curve: Curve, number: int, point: bytes | None) -> None:
    """Raise a ``ValueError`` unless ``point`` is the public one of the private ``number``.

    Args:
        curve: The curve of both.
        number: The private number.
        point: The public point, uncompressed; ``None`` where the key does not hold it.
    """
    if not 0 < number < curve.order:
        raise ValueError("holds a number outside of its curve")
    public = _multiply_base(curve, number)
    if point is None or public is None:
        return  # there is no public point to compare with
    written = b"\x04" + b"".join(part.to_bytes(curve.size, "big") for part in public)
    if point != written:
        raise ValueError("holds numbers that do not belong together")


def check_public_point(curve: Curve, point: bytes) -> None:
    """Raise a ``ValueError`` unless ``point`` is one of the curve, uncompressed."""
    x, y = point[1 : curve.size + 1], point[curve.size + 1 :]
    is_uncompressed = point[:1] == b"\x04" and len(x) == len(y) == curve.size
    numbers = int.from_bytes(x, "big"), int.from_bytes(y, "big")
    if not is_uncompressed or not curve.has_point(numbers):
        raise ValueError("holds a point outside of its curve")


@lru_cache(maxsize=16)
def _multiply_base(curve: Curve, number: int) -> tuple[int, int] | None:
    return curve.multiply_base(number)


CURVES = {
    "nistp256": Curve(
        bytes.fromhex("2a8648ce3d030107"),
        2**256 - 2**224 + 2**192 + 2**96 - 1,
        0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
        (
            0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
            0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
        ),
    ),
    "nistp384": Curve(
        bytes.fromhex("2b81040022"),
        2**384 - 2**128 - 2**96 + 2**32 - 1,
        int(
            "ffffffffffffffffffffffffffffffffffffffffffffffff"
            "c7634d81f4372ddf581a0db248b0a77aecec196accc52973",
            16,
        ),
        (
            int(
                "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b98"
                "59f741e082542a385502f25dbf55296c3a545e3872760ab7",
                16,
            ),
            int(
                "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147c"
                "e9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
                16,
            ),
        ),
    ),
    "nistp521": Curve(
        bytes.fromhex("2b81040023"),
        2**521 - 1,
        int(
            "1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
            "a51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
            16,
        ),
        (
            int(
                "c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3d"
                "baa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
                16,
            ),
            int(
                "11839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e66"
                "2c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
                16,
            ),
        ),
    ),
}
"""The curves of SSH keys, by SSH's names for them."""
