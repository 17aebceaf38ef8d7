"""A stored body's parts, and the buffer between a store that gives them and a reader that wants bytes."""

from hypothesis import example, given
from hypothesis import strategies as st

from application.ports.stored_bodies import PART_BYTES, PartBuffer, stored
from tests.support.stored_bodies import whole
from tests.support.values import a_body


async def test_a_body_in_memory_is_stored_in_parts() -> None:
    body = a_body(bytes(2 * PART_BYTES + 1))
    read = stored(body)
    assert [len(part) async for part in read.parts()] == [PART_BYTES, PART_BYTES, 1]
    assert (await whole(read), read.held_bytes) == (body, len(body.data))


@given(st.lists(st.binary(max_size=9)), st.integers(1, 7))
@example([b"a", b"", b"bc"], 2)
def test_a_buffer_returns_its_bytes_in_the_reader_s_pieces(parts: list[bytes], size: int) -> None:
    buffer, read = PartBuffer(), []
    for part in parts:
        buffer.add(part)
        assert buffer.wants_more
    buffer.add(None)
    while piece := buffer.read(size):
        assert len(piece) <= size
        read.append(piece)
    assert b"".join(read) == b"".join(parts)


def test_a_buffer_wants_no_more_while_it_has_more_than_a_decoder_reads_at_once() -> None:
    buffer, wanted = PartBuffer(), []
    for change in (lambda: buffer.add(bytes(PART_BYTES)), lambda: buffer.read(PART_BYTES), lambda: buffer.add(None)):
        change()
        wanted.append(buffer.wants_more)
    assert wanted == [False, True, False]


@given(st.lists(st.integers(0, 2 * PART_BYTES), max_size=4), st.integers(1, PART_BYTES))
@example([192 * 1024 - 1, 1, 1], 1)
def test_a_buffer_wants_more_below_192_kib(sizes: list[int], size: int) -> None:
    buffer, held = PartBuffer(), 0
    for added in sizes:
        buffer.add(bytes(added))
        held += added
        assert buffer.wants_more is (held < 192 * 1024)
        held -= len(buffer.read(size))
        assert buffer.wants_more is (held < 192 * 1024)
