"""A stored body's text in pieces: the same text, whatever the stored form, or an error."""

import asyncio
import os

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from adapters.json.bodies import JsonBodies
from adapters.json.pieces import PIECE_BYTES, pieces
from domain.body import Body, Encoding, digest
from tests.values import a_body

BODIES = JsonBodies()
LONG = b"[" + b"1234567,\n" * 40_000 + b"0]"


def sealed(text: bytes) -> Body:
    return asyncio.run(BODIES.seal(text)).unwrap()


@given(st.text(st.characters(codec="utf-8"), max_size=50), st.integers(1, 3_000))
def test_the_pieces_are_the_text(text: str, times: int) -> None:
    written = b'"' + text.replace("\\", "").replace('"', "").encode() * times + b'"'
    body = a_body(written)
    assert b"".join(pieces(body)) == written
    assert all(0 < len(piece) <= PIECE_BYTES for piece in pieces(body))


def test_a_compressed_text_comes_in_pieces_too() -> None:
    body = sealed(LONG)
    assert body.encoding is Encoding.ZSTD
    got = [*BODIES.pieces(body)]
    assert (b"".join(got), len(got) > 5, max(map(len, got)) <= PIECE_BYTES) == (LONG, True, True)
    assert b"".join(BODIES.lines(body)) == b"1234567\n" * 40_000 + b"0\n"


def test_whether_a_stored_text_is_an_array_is_seen_in_its_first_piece() -> None:
    assert asyncio.run(BODIES.is_array(sealed(LONG)))
    assert not asyncio.run(BODIES.is_array(sealed(b'"' + b"[" * 100_000 + b'"')))
    body = sealed(b"[" + b",".join(b'"%s"' % os.urandom(30).hex().encode() for _ in range(9_000)) + b"]")
    assert asyncio.run(BODIES.is_array(evolve(body, data=body.data[: 150 * 1024])))


@pytest.mark.parametrize("encoding", Encoding)
@pytest.mark.parametrize("off_by", [-1, 1])
def test_a_text_of_another_length_than_the_digest_s_is_an_error(encoding: Encoding, off_by: int) -> None:
    data = sealed(LONG).data if encoding is Encoding.ZSTD else LONG
    false = evolve(digest(LONG), size_bytes=len(LONG) + off_by)
    with pytest.raises(ValueError, match="another length"):
        list(pieces(Body(false, encoding, data)))


def test_stored_bytes_that_do_not_decompress_are_an_error() -> None:
    with pytest.raises(ValueError, match="does not decompress"):
        list(pieces(Body(digest(LONG), Encoding.ZSTD, b"nothing of the kind")))
    with pytest.raises(ValueError, match="another length"):
        list(pieces(evolve(sealed(LONG), data=sealed(LONG).data[:-10])))
