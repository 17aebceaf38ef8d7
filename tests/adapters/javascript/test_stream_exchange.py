"""The stream between a worker and a child goes both ways at once, and no further than it may."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import closing, suppress

import pytest
import uvloop
from hypothesis import given
from hypothesis import strategies as st

from adapters.javascript import wire
from adapters.javascript.stream_exchange import Answer, AnswerEnd, ChildStream, FrameScanner


def conversation(childs_part: bytes, request: list[bytes], most: int) -> Answer:
    """Exchange with a child that sends its part before it has read anything, and then hangs up."""
    ours, childs = socket.socketpair()
    ours.setblocking(False)

    def speak() -> None:
        with childs, suppress(ConnectionError):
            childs.sendall(childs_part)

    async def talk() -> Answer:
        child = asyncio.create_task(asyncio.to_thread(speak))
        stream = ChildStream(ours)
        heard = await stream.exchange(request, most)
        stream.close()
        await child
        return heard

    return uvloop.run(talk())  # as the service does: it handles errors of streams in its own way


def test_a_flood_is_not_read_to_its_end() -> None:
    answer = conversation(b"x" * 50_000_000, [b"request"], most=1_000_000)
    assert answer.end is AnswerEnd.FLOOD
    assert 1_000_000 < len(answer.content) < 2_000_000


def test_a_long_request_and_a_long_answer_do_not_wait_for_each_other() -> None:
    answer = conversation(b"x" * 3_000_000, [b"a" * 3_000_000], most=4_000_000)
    assert answer == Answer(bytearray(b"x" * 3_000_000), AnswerEnd.HANG_UP)


def test_the_output_of_a_child_that_leaves_its_request_unread_is_received() -> None:
    assert conversation(b"said", [b"a" * 3_000_000], most=100) == Answer(bytearray(b"said"), AnswerEnd.HANG_UP)


@pytest.mark.parametrize("loop_factory", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_an_answer_and_an_end_that_come_together_are_received(
    loop_factory: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    async def talk() -> Answer:
        ours, childs = socket.socketpair()
        ours.setblocking(False)
        with closing(ChildStream(ours)) as stream:
            answer = asyncio.create_task(stream.exchange([b"left unread"], most=1_000_000))
            await asyncio.sleep(0)  # until it is sent
            childs.sendall(b"x" * 100_000)
            childs.close()
            return await asyncio.wait_for(answer, 10)

    with asyncio.Runner(loop_factory=loop_factory) as runner:
        assert runner.run(talk()) == Answer(bytearray(b"x" * 100_000), AnswerEnd.HANG_UP)


@pytest.mark.parametrize("sizes", [[], [0], [1, 0, 1], [100, 200_000], [200_000, 100], [3_000_000, 1, 3_000_000]])
def test_a_request_of_any_parts_arrives_whole(sizes: list[int]) -> None:
    request = [bytes([number]) * size for number, size in enumerate(sizes)]
    ours, childs = socket.socketpair()
    ours.setblocking(False)

    def listen() -> bytes:
        with childs:
            heard = b""
            while len(heard) < sum(sizes):
                heard += childs.recv(1 << 20)
            childs.sendall(b"done")
            return heard

    async def talk() -> bytes:
        child = asyncio.create_task(asyncio.to_thread(listen))
        with closing(ChildStream(ours)) as stream:
            assert await stream.exchange(request, most=100) == Answer(bytearray(b"done"), AnswerEnd.HANG_UP)
        return await child

    assert asyncio.run(talk()) == b"".join(request)


frames = st.lists(st.tuples(st.sampled_from(wire.Frame), st.binary(max_size=20)), max_size=8)


@given(frames, st.lists(st.integers(1, 9)))
def test_an_answer_is_ready_with_the_last_byte_of_its_result(
    sent: list[tuple[wire.Frame, bytes]], cuts: list[int]
) -> None:
    stream = b"".join(wire.FRAME.pack(kind, len(payload)) + payload for kind, payload in sent)
    end = 0
    for kind, payload in sent:
        end += wire.FRAME.size + len(payload)
        if kind is wire.Frame.RESULT_READY:
            break
    else:
        end = len(stream) + 1
    scanner, answer = FrameScanner(), bytearray()
    for size in [*cuts, len(stream)]:
        answer += stream[len(answer) : len(answer) + size]
        is_ready = scanner.is_ready(answer)
        assert is_ready == (len(answer) >= end)
        if is_ready:
            break


RESULT = wire.FRAME.pack(wire.Frame.RESULT_READY, 1) + b"1"


async def test_a_child_that_may_stay_is_left_connected_after_its_result() -> None:
    ours, childs = socket.socketpair()
    ours.setblocking(False)
    with closing(ChildStream(ours)) as stream, childs:
        for _ in range(2):
            childs.sendall(RESULT)
            answer = await stream.exchange([b"request"], most=100, may_stay=True)
            assert answer == Answer(bytearray(RESULT), AnswerEnd.READY)
            assert stream.is_silent()
        childs.sendall(b"x")
        assert not stream.is_silent()
        ours.recv(1)
        assert stream.is_silent()
        childs.shutdown(socket.SHUT_WR)
        assert not stream.is_silent()


@pytest.mark.parametrize("ends", [False, True])
async def test_a_child_that_breaks_its_silence_is_found_out_and_not_watched_any_more(ends: bool) -> None:
    ours, childs = socket.socketpair()
    ours.setblocking(False)
    loop = asyncio.get_running_loop()
    with closing(ChildStream(ours)) as stream, childs:
        childs.sendall(RESULT)
        await stream.exchange([b"request"], most=100, may_stay=True)
        childs.close() if ends else childs.sendall(RESULT)
        async with asyncio.timeout(10):
            while stream._is_watched:  # it would wake the loop for ever
                await asyncio.sleep(0)
        assert not loop.remove_reader(ours)
        assert not stream.is_silent()


async def test_an_exchange_that_was_cancelled_receives_nothing_more() -> None:
    ours, childs = socket.socketpair()
    ours.setblocking(False)
    with closing(ChildStream(ours)) as stream, childs:
        exchange = asyncio.create_task(stream.exchange([b"request"], most=100, may_stay=True))
        await asyncio.sleep(0)
        exchange.cancel()
        await asyncio.wait([exchange])
        childs.sendall(RESULT)
        async with asyncio.timeout(10):
            while stream._is_watched:
                await asyncio.sleep(0)
        assert (exchange.cancelled(), stream.is_silent()) == (True, False)
