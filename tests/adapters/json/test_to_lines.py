"""An array's text as lines: each is an item as it is written, wherever the text is cut into pieces."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.json.bodies import JsonBodies
from adapters.json.to_lines import lines
from tests.adapters.json.texts import array, items, values, white_space
from tests.support.stored_bodies import in_parts

whites = st.lists(white_space, min_size=2, max_size=2)


def cut(text: bytes, size: int) -> Iterator[bytes]:
    return (text[start : start + size] for start in range(0, len(text), size))


def without_breaks(text: bytes) -> bytes:
    return text.replace(b"\n", b"").replace(b"\r", b"")


@given(items, whites, st.integers(1, 40))
def test_a_line_is_an_item_as_it_is_written(of: list[bytes], white: list[bytes], size: int) -> None:
    text = array(of, white)
    out = b"".join(lines(cut(text, size)))
    assert out == b"".join(without_breaks(item) + b"\n" for item in of)
    read = [json.loads(line, parse_float=str, parse_int=str) for line in out.split(b"\n")[:-1]]
    assert read == json.loads(text, parse_float=str, parse_int=str)


@given(items, whites, st.integers(1, 40))
def test_a_piece_is_no_longer_than_its_input(of: list[bytes], white: list[bytes], size: int) -> None:
    assert all(0 < len(piece) <= size + 1 for piece in lines(cut(array(of, white), size)))


@given(values, whites, st.integers(1, 40))
def test_an_array_is_recognised_by_its_first_character(value: bytes, white: list[bytes], size: int) -> None:
    text = white[0] + value + white[1]
    assert asyncio.run(JsonBodies().is_array(in_parts(text, size))) == isinstance(json.loads(text, parse_int=str), list)


def test_an_array_is_recognised_without_reading_on() -> None:
    async def text() -> AsyncIterator[bytes]:
        yield b" \n"
        yield b" ["
        raise AssertionError("no more is needed")

    assert asyncio.run(JsonBodies().is_array(text()))
    assert not asyncio.run(JsonBodies().is_array(in_parts(b"", 1)))


@pytest.mark.parametrize(
    "text", [b'["' + b"\\\\" * 100_001 + b'"]', b'["' + b'\\"' * 100_001 + b'"]', b"[" * 5_000 + b"]" * 5_000]
)
def test_the_length_of_a_string_and_the_depth_of_an_item_have_no_bound(text: bytes) -> None:
    assert b"".join(lines(cut(text, 64 * 1024))) == text[1:-1] + b"\n"
