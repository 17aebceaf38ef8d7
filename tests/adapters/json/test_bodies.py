"""JSON text is checked, sealed and opened without ever becoming Python objects."""

import asyncio
import json
import tracemalloc

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from returns.pipeline import is_successful

from adapters.json.bodies import JsonBodies
from application.ports.bodies import MalformedJson
from domain.body import Body, Encoding, digest
from tests.support.zstd import zstd

BODIES = JsonBodies()
ROWS = b"[" + b",".join([b'{"row":1.50,"text":"repeated"}'] * 2_000) + b"]"
LONG = b"[" + b",".join([b'{"row":1.50,"text":"repeated"}'] * 60_000) + b"]"
"""Long enough to be encoded on two threads."""


def sealed(text: bytes) -> Body:
    return asyncio.run(BODIES.encode(text)).unwrap()


def refused(text: bytes) -> MalformedJson:
    return asyncio.run(BODIES.encode(text)).failure()


def opened(body: Body) -> bytes:
    return asyncio.run(BODIES.decode(body))


@pytest.mark.parametrize("text", [b"1", b' {"a":1,"a":2} ', ROWS, json.dumps("x" * 20_000).encode()])
def test_text_comes_back_byte_for_byte(text: bytes) -> None:
    body = sealed(text)
    assert (body.digest, opened(body)) == (digest(text), text)
    assert sealed(text) == body


@pytest.mark.parametrize("text", [b"[1]", ROWS, LONG])
def test_a_view_is_encoded_as_the_text_that_it_shows(text: bytes) -> None:
    assert asyncio.run(BODIES.encode(memoryview(bytearray(b"before" + text))[6:])).unwrap() == sealed(text)
    fault = asyncio.run(BODIES.encode(memoryview(text)[:-1])).failure()
    assert fault == refused(text[:-1])


@pytest.mark.parametrize("text", [b"[1]", ROWS, LONG])
def test_a_dataset_has_its_text_at_hand_and_is_otherwise_the_body_of_any_text(text: bytes) -> None:
    body = asyncio.run(BODIES.encode_dataset(text)).unwrap().body
    assert body == sealed(text)
    assert opened(body) is text
    assert opened(evolve(body, text=None)) == text


@pytest.mark.parametrize("text", [b"[1", ROWS[:-1], LONG[:-1]])
def test_a_dataset_is_refused_for_the_same_fault_as_any_text(text: bytes) -> None:
    fault = asyncio.run(BODIES.encode_dataset(text)).failure()
    assert fault == refused(text) == asyncio.run(BODIES.check(text)).failure()
    assert (fault.reason, fault.code, fault.at) == ("it ends too early", "json-truncated", len(text))


def test_only_text_that_gets_shorter_is_compressed() -> None:
    assert sealed(ROWS).encoding is Encoding.ZSTD
    assert len(sealed(ROWS).data) < len(ROWS) / 10
    assert sealed(b"[1]").encoding is Encoding.IDENTITY


@pytest.mark.parametrize(("size_bytes", "encoding"), [(1_023, Encoding.IDENTITY), (1_024, Encoding.ZSTD)])
def test_text_is_compressed_from_a_kibibyte_on(size_bytes: int, encoding: Encoding) -> None:
    text = b'"%b"' % (b"a" * (size_bytes - 2))
    assert sealed(text).encoding is encoding
    assert opened(sealed(text)) == text


finite = st.floats(allow_nan=False, allow_infinity=False)


@given(st.recursive(st.none() | st.booleans() | finite | st.integers() | st.text(), st.lists), st.booleans())
def test_it_accepts_python_s_json(value: object, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only).encode()
    assert opened(sealed(text)) == text


@given(st.text(alphabet='[]{}:,"\\u0d89 1.eE+-ntrfalse', max_size=12))
def test_it_draws_the_line_where_python_does(text: str) -> None:
    try:
        json.loads(text)
        accepted = True
    except ValueError:
        accepted = False
    assert is_successful(asyncio.run(BODIES.encode(text.encode()))) == accepted


@pytest.mark.parametrize("text", [rb'"\ud800"', rb'["\udc00x"]', rb'{"\ud83d":1}', rb'"\ud83dA\uDFFF"', rb'"\\ud800"'])
def test_half_a_surrogate_pair_may_be_escaped(text: bytes) -> None:
    assert opened(sealed(text)) == text


@pytest.mark.parametrize(
    ("text", "at", "reason"),
    [
        (b"", 0, "empty"),
        (b" \n", 2, "empty"),
        (b"\xef\xbb\xbf{}", 0, "byte order mark"),
        (b"[NaN]", 1, "invalid character"),
        (b"[1,-Infinity]", 3, "invalid character"),
        (b"[Infinity]", 1, "invalid character"),
        (b'{"a":[1,2,}]}', 10, "invalid character"),
        (b"[1,]", 2, "trailing comma"),
        (b"[01]", 1, "invalid number"),
        (b"[t]", 1, "invalid character"),
        (b"[1, tr", 6, "too early"),
        (b'["a\nb"]', 3, "invalid character"),
        (b"[1", 2, "too early"),
        (rb'["\ud800", x]', 11, "invalid character"),
        (rb'"\ud8zz"', 1, "unicode escape"),
        (b'["a", "\xff"]', 7, "UTF-8"),
        (b'"' + b"x" * (1 << 20) + b'\xe2\x82"', (1 << 20) + 1, "UTF-8"),
        (b'"' + b"x" * ((1 << 20) - 2) + b'\xe2\x82"', (1 << 20) - 1, "UTF-8"),
        ('"é'.encode() + b'\xed\xa0\x80"', 3, "UTF-8"),
    ],
)
def test_invalid_json_is_refused_with_the_place(text: bytes, at: int, reason: str) -> None:
    found = refused(text)
    assert (found.at, reason in found.reason) == (at, True), found


def test_a_character_across_two_steps_is_whole() -> None:
    text = b'"' + b"x" * ((1 << 20) - 2) + "€".encode() + b'"'
    assert opened(sealed(text)) == text


@pytest.mark.parametrize("depth", [20_000, 200_000])  # Python 3.13 goes ten times as deep as 3.11
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_nesting_without_end_is_refused(depth: int, opening: bytes, closing: bytes) -> None:
    assert "nested too deeply" in refused(opening * depth + b"1" + closing * depth).reason


def test_nesting_of_900_levels_is_fine() -> None:
    sealed(b"[" * 900 + b"]" * 900)


def stored(data: bytes, size_bytes: int) -> Body:
    return Body(evolve(digest(b""), size_bytes=size_bytes), Encoding.ZSTD, data)


FORMER = bytes.fromhex(
    "28b52ffd602904c50300a2440e14a0451d079ac14314b7ec720e9ce129a133fdaf42c65ddee55ddee55ddee55ddee55dde3d81058340"
    "0c0d51521d3bbc69b44a984acd3240112820e0370388e087335cf0c3192ef8e10c17fc70860b7e38c3053f9ce1023f9ce1821fce70c1"
    "0f67b8e087335cf0c3192ef8e10c17fc38ce44ba4406"
)
"""A body as earlier releases stored it, with the library `zstandard`."""


def test_bodies_of_earlier_releases_stay_readable() -> None:
    items = ",".join(f'{{"quarter":{20230 + i % 4},"brand":"VISA"}}' for i in range(40))
    text = f"[{items}]".encode()
    assert opened(Body(digest(text), Encoding.ZSTD, FORMER)) == text


@pytest.mark.parametrize("size_bytes", [0, 1, 65_535, 65_536, 65_537, 3_000_000])
def test_a_body_of_any_length_is_decoded_whole(size_bytes: int) -> None:
    text = b"0" * size_bytes
    assert opened(Body(digest(text), Encoding.ZSTD, zstd.compress(text))) == text


BOMB = bytes(50_000_000)


@pytest.mark.parametrize(
    "body",
    [
        stored(zstd.compress(BOMB), 1_000),
        stored(zstd.compress(BOMB, options={zstd.CompressionParameter.content_size_flag: 0}), 1_000),
        stored(zstd.compress(b"[1]"), 1_000),
        stored(zstd.compress(b"[1]") + b"more", 3),
        stored(zstd.compress(b"[1]") * 2, 6),
        stored(zstd.compress(b"[1]" * 9_000)[:-1], 27_000),
        stored(
            zstd.compress(
                BOMB, options={zstd.CompressionParameter.window_log: 29, zstd.CompressionParameter.content_size_flag: 0}
            ),
            1_000,
        ),
        stored(b"", 3),
        stored(b"no frame", 3),
        Body(digest(b"[1]"), Encoding.IDENTITY, b"[1, 2]"),
    ],
)
def test_a_body_that_does_not_match_its_digest_is_not_decoded(body: Body) -> None:
    with pytest.raises(ValueError):
        opened(body)


@pytest.mark.parametrize("options", [{}, {zstd.CompressionParameter.content_size_flag: 0}])
def test_a_bomb_is_decoded_no_further_than_its_digest_says(options: dict[int, int]) -> None:
    body = stored(zstd.compress(BOMB, options=options), 1_000)
    tracemalloc.start()
    try:
        with pytest.raises(ValueError):
            opened(body)
        assert tracemalloc.get_traced_memory()[1] < len(BOMB) // 20
    finally:
        tracemalloc.stop()
