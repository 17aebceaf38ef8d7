"""A stored body's text in pieces: the same text, for every stored form and every cut into parts, or an error."""

import asyncio
import random

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from adapters.json.bodies import JsonBodies
from adapters.json.pieces import PIECE_BYTES, pieces
from application.ports.stored_bodies import PART_BYTES, PartBuffer, stored
from domain.body import Body, Encoding, digest
from tests.support.values import a_body

BODIES = JsonBodies()
LONG = b"[" + b"1234567,\n" * 40_000 + b"0]"
MIXED = b'["' + random.Random(1).randbytes(400_000).hex().encode() + b'",' + b"0," * 1_500_000 + b"0]"
"""Large as it is stored, and in its second half much larger as text."""


def sealed(text: bytes) -> Body:
    return asyncio.run(BODIES.encode(text)).unwrap()


PACKED = sealed(MIXED)


def parts_of(body: Body, part_bytes: int) -> list[bytes]:
    return [body.data[at : at + part_bytes] for at in range(0, len(body.data), part_bytes)]


def pieces_of(body: Body, part_bytes: int = PART_BYTES) -> list[bytes]:
    """Collect the pieces from a store that returns so many bytes at a time, and only on demand."""
    parts, buffer, got = parts_of(body, part_bytes), PartBuffer(), []
    for piece in pieces(stored(body), buffer):
        if piece:
            got.append(piece)
        else:
            buffer.add(parts.pop(0) if parts else None)
    return got


@given(st.text(st.characters(codec="utf-8"), max_size=50), st.integers(1, 3_000), st.integers(100, 100_000))
def test_the_pieces_are_the_text(text: str, times: int, part_bytes: int) -> None:
    written = b'"' + text.replace("\\", "").replace('"', "").encode() * times + b'"'
    got = pieces_of(a_body(written), part_bytes)
    assert b"".join(got) == written
    assert max(map(len, got)) <= PIECE_BYTES


@given(st.integers(1_000, 600_000))
def test_a_compressed_text_comes_in_pieces_too(part_bytes: int) -> None:
    assert (PACKED.encoding, len(PACKED.data) > PART_BYTES) == (Encoding.ZSTD, True)
    got = pieces_of(PACKED, part_bytes)
    assert (b"".join(got) == MIXED, max(map(len, got)) <= PIECE_BYTES) == (True, True)


def test_no_part_is_requested_before_the_last_one_is_nearly_used_up() -> None:
    buffer, parts, unread = PartBuffer(), parts_of(PACKED, PART_BYTES), []
    for piece in pieces(stored(PACKED), buffer):
        if not piece:
            unread.append(buffer._size)
            buffer.add(parts.pop(0) if parts else None)
    assert max(unread) < PART_BYTES


def test_whether_a_stored_text_is_an_array_is_seen_in_its_first_piece() -> None:
    assert asyncio.run(BODIES.is_array(stored(a_body(LONG)).parts()))
    assert not asyncio.run(BODIES.is_array(stored(a_body(b'"' + b"[" * 100_000 + b'"')).parts()))


@pytest.mark.parametrize("encoding", Encoding)
@pytest.mark.parametrize("off_by", [-1, 1])
def test_a_text_of_another_length_than_the_digest_s_is_an_error(encoding: Encoding, off_by: int) -> None:
    data = sealed(LONG).data if encoding is Encoding.ZSTD else LONG
    false = evolve(digest(LONG), size_bytes=len(LONG) + off_by)
    with pytest.raises(ValueError, match="another length"):
        pieces_of(Body(false, encoding, data))


def test_stored_bytes_that_do_not_decompress_are_an_error() -> None:
    with pytest.raises(ValueError, match="does not decompress"):
        pieces_of(Body(digest(LONG), Encoding.ZSTD, b"nothing of the kind"))
    with pytest.raises(ValueError, match="another length"):
        pieces_of(evolve(sealed(LONG), data=sealed(LONG).data[:-10]))
