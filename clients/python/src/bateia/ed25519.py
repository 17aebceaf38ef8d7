"""Verification of Ed25519 signatures (RFC 8032, section 5.1.7), for receipts: there is nothing secret to protect here.

The curve is -x² + y² = 1 + d·x²·y² modulo p = 2²⁵⁵ - 19. Points are (X : Y : Z : T) with x = X/Z, y = Y/Z and xy = T/Z.
A signature is refused unless its scalar and its point are written in the one canonical way.
"""

from __future__ import annotations

import hashlib
from typing import TypeAlias

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)

Point: TypeAlias = "tuple[int, int, int, int]"
_NEUTRAL: Point = (0, 1, 1, 0)


def is_signature_of(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature is that of the message by the owner of the public key."""
    if len(public_key) != 32 or len(signature) != 64:
        return False
    key, commitment = _point(public_key), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or scalar >= _ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public_key + message).digest()
    challenge = int.from_bytes(digest, "little") % _ORDER
    return _are_equal(_times(scalar, _BASE), _sum(commitment, _times(challenge, key)))


def _point(encoded: bytes) -> Point | None:
    """Decode a point: the y coordinate, with the lowest bit of x at its top. None if there is no such point."""
    y = int.from_bytes(encoded, "little")
    is_odd, y = y >> 255, y & ((1 << 255) - 1)
    if y >= _P:
        return None
    x = _abscissa(y)
    if x is None or (x == 0 and is_odd):
        return None
    if x & 1 != is_odd:
        x = _P - x
    return x, y, 1, x * y % _P


def _abscissa(y: int) -> int | None:
    """Compute a root of x² = (y² - 1) / (d·y² + 1)."""
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    return None if (x * x - square) % _P else x


def _sum(one: Point, other: Point) -> Point:
    """Add two points, equal ones too."""
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = other
    a, b = (y1 - x1) * (y2 - x2) % _P, (y1 + x1) * (y2 + x2) % _P
    c, d = 2 * _D * t1 * t2 % _P, 2 * z1 * z2 % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(factor: int, point: Point) -> Point:
    total = _NEUTRAL
    while factor:
        if factor & 1:
            total = _sum(total, point)
        point = _sum(point, point)
        factor >>= 1
    return total


def _are_equal(one: Point, other: Point) -> bool:
    x1, y1, z1, _ = one
    x2, y2, z2, _ = other
    return (x1 * z2 - x2 * z1) % _P == 0 and (y1 * z2 - y2 * z1) % _P == 0


def _base() -> Point:
    """Compute the base point: y = 4/5, with the even x."""
    point = _point((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))
    assert point is not None
    return point


_BASE = _base()
