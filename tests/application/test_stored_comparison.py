"""Stored bodies are compared with their digests and with each other, in any parts and codings."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from attrs import evolve
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.json.bodies import JsonBodies
from application.executions.stored_comparison import (
    MAX_EXCERPT_CHARACTERS,
    first_difference,
    read_verified,
    stored_sha256,
)
from application.ports.stored_bodies import StoredBody, stored
from domain.body import Body, Encoding, digest
from tests.support.values import a_body

BODIES = JsonBodies()
texts = st.text("aé€😀", max_size=30).map(str.encode)


def in_parts(body: Body, size: int) -> StoredBody:
    async def parts() -> AsyncIterator[bytes]:
        for at in range(0, len(body.data), size):
            yield body.data[at : at + size]

    return StoredBody(body.digest, body.encoding, len(body.data), parts)


@given(texts, texts, texts, st.integers(1, 9), st.integers(1, 9))
@example(b"", b"", b"a", 1, 1)
@settings(max_examples=60)
def test_the_first_difference_is_found_and_quoted(
    same: bytes, one: bytes, other: bytes, first: int, second: int
) -> None:
    left, right = same * 3 + one, same * 3 + other
    found = asyncio.run(first_difference(BODIES, in_parts(a_body(left), first), in_parts(a_body(right), second)))
    if left == right:
        assert found is None
        return
    at = next((n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    assert found is not None
    assert found.byte == at
    for text, excerpt in ((left, found.expected), (right, found.actual)):
        assert len(excerpt) <= MAX_EXCERPT_CHARACTERS
        assert excerpt in text.decode()
        begun = text[:at].decode(errors="ignore")
        assert excerpt.startswith(begun[-20:])
        assert len(excerpt) == MAX_EXCERPT_CHARACTERS or text.decode().endswith(excerpt)


def test_texts_of_many_pieces_are_compared_in_bounded_memory() -> None:
    text = b"[" + b"1," * 1_500_000 + b"1]"
    changed = text[:2_000_000] + b"2" + text[2_000_001:]
    one, other = (asyncio.run(BODIES.encode(each)).unwrap() for each in (text, changed))
    assert one.encoding is Encoding.ZSTD
    found = asyncio.run(first_difference(BODIES, stored(one), stored(other)))
    assert found is not None
    assert found.byte == 2_000_000
    assert asyncio.run(first_difference(BODIES, stored(one), stored(one))) is None


@given(st.binary(min_size=1, max_size=2000).map(lambda data: b'"' + data.hex().encode() * 2 + b'"'), st.data())
@settings(max_examples=40)
def test_a_body_with_any_other_byte_is_not_the_recorded_one(text: bytes, data: st.DataObject) -> None:
    body = asyncio.run(BODIES.encode(text)).unwrap()
    assert asyncio.run(read_verified(BODIES, stored(body))) == body
    assert asyncio.run(stored_sha256(BODIES, stored(body))) == body.digest.sha256
    at = data.draw(st.integers(0, len(body.data) - 1))
    flipped = bytes([body.data[at] ^ 1 << data.draw(st.integers(0, 7))])
    altered = evolve(body, data=body.data[:at] + flipped + body.data[at + 1 :])
    if asyncio.run(stored_sha256(BODIES, stored(altered))) != body.digest.sha256:  # a bit of a frame's head may be idle
        assert asyncio.run(read_verified(BODIES, stored(altered))) is None
    else:
        assert body.encoding is Encoding.ZSTD


@pytest.mark.parametrize("data", [b"", b"[1", b"[1,2]", b"[2]"])
def test_a_body_of_another_length_or_content_is_not_the_recorded_one(data: bytes) -> None:
    altered = Body(digest(b"[1]"), Encoding.IDENTITY, data)
    assert asyncio.run(read_verified(BODIES, stored(altered))) is None


def test_a_body_that_does_not_decrypt_is_not_the_recorded_one() -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b"[1]"
        raise ValueError("not encrypted for this execution")

    broken = StoredBody(digest(b"[1]"), Encoding.IDENTITY, 3, parts)
    assert asyncio.run(read_verified(BODIES, broken)) is None
    assert asyncio.run(stored_sha256(BODIES, broken)) is None
