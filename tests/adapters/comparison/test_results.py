"""The port `CompareResults` with its child process: limits, failures, and pathological results."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pytest
import uvloop
from attrs import evolve
from returns.result import Failure, Success

from adapters.comparison.process import ComparingProcess, WorkLimits
from adapters.comparison.results import ResultComparer, comparing_results
from adapters.json.bodies import JsonBodies
from application.ports.comparison import ComparisonChoices
from application.ports.stored_bodies import StoredBody, stored
from domain.body import Body, Encoding, digest
from domain.comparison.report import (
    ComparisonStopped,
    KeyNotUnique,
    ResultComparison,
    StopReason,
    TableComparison,
    ValueComparison,
)
from domain.limits import MIB
from tests.support.plain_comparison import PlainComparison
from tests.support.waiting import eventually, eventually_sees

BODIES: Final = JsonBodies()
PROPOSED: Final = ComparisonChoices()
LARGE: Final = b"[" + b",".join(b'{"id":"%d","n":%d}' % (number, number) for number in range(60_000)) + b"]"


def as_it_is(text: bytes) -> StoredBody:
    """Store text that was not checked."""
    return stored(Body(digest(text), Encoding.IDENTITY, text))


async def encoded(text: bytes) -> StoredBody:
    return stored((await BODIES.encode(text)).unwrap())


def child_of(compare: ResultComparer) -> int:
    assert compare._idle is not None
    return compare._idle.pid


async def eventually_ended(process: ComparingProcess) -> None:
    async def ended() -> bool:
        return process.has_ended

    await eventually_sees(ended)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def run(work: Callable[[ResultComparer], Awaitable[Any]], limits: WorkLimits | None = None) -> Any:
    async def comparing() -> Any:
        async with comparing_results(BODIES, limits) as compare:
            return await work(compare)

    return uvloop.run(comparing())  # as the service does


def differences(compared: ResultComparison) -> int:
    if isinstance(compared, ValueComparison):
        return compared.count
    return compared.changed + compared.added + compared.removed


def unreadable() -> AsyncIterator[bytes]:
    raise AssertionError("it was read")


async def works(compare: ResultComparer) -> bool:
    """Tell whether a small comparison is done."""
    return (await compare(as_it_is(b'[{"a":1}]'), as_it_is(b'[{"a":2}]'), PROPOSED)).unwrap().is_equal is False


def test_comparisons_share_a_child_of_low_priority_and_equal_digests_are_not_read() -> None:
    async def work(compare: ResultComparer) -> None:
        rows = [b'[{"id":%d,"n":%d.50},{"id":3,"n":null}]' % (number, number) for number in range(2)]
        before, after = await encoded(rows[0] * 1), await encoded(rows[1])
        for choices in (PROPOSED, ComparisonChoices(key=("id",))):
            expected = await PlainComparison(BODIES)(before, after, choices)
            assert await compare(before, after, choices) == expected
            pid = child_of(compare)
        assert child_of(compare) == pid
        assert os.getpriority(os.PRIO_PROCESS, pid) == 19
        assert Path(f"/proc/{pid}/oom_score_adj").read_text().strip() == "1000"
        assert "NODE" not in Path(f"/proc/{pid}/environ").read_text()
        unread = evolve(before, parts=unreadable)
        assert await compare(unread, unread, PROPOSED) == Success(ValueComparison(0, ()))

    run(work)


def test_a_compressed_result_is_compared_and_a_large_one_ends_its_child() -> None:
    async def work(compare: ResultComparer) -> None:
        other = LARGE.replace(b'"n":777}', b'"n":778}')
        before, after = await encoded(LARGE * 1), await encoded(other)
        assert before.encoding is Encoding.ZSTD
        compared = (await compare(before, after, PROPOSED)).unwrap()
        assert isinstance(compared, TableComparison)
        assert (compared.key, compared.equal, compared.changed) == (("id",), 59_999, 1)
        assert compare._idle is not None
        many = b"[" + b",".join([LARGE[1:-1]] * 3) + b"]"
        refused = await compare(as_it_is(many), as_it_is(LARGE), ComparisonChoices(key=("id",)))
        assert isinstance(refused.failure(), KeyNotUnique)
        assert compare._idle is None

    run(work)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(b"[1e400]", b"[1e401]", 1, id="beyond floats"),
        pytest.param(b"[1e4000000]", b"[1]", StopReason.NUMBER_RANGE, id="beyond bounds"),
        pytest.param(b"[" * 10**5 + b"]" * 10**5, b"1", 1, id="deep"),
        pytest.param(b"[" * 10**4 + b"]" * 10**4, b"[" * 10**4 + b"1" + b"]" * 10**4, 1, id="deep against deep"),
        pytest.param(b"[" + b'{"a":' * 2000 + b"1" + b"}" * 2000 + b"]", b'[{"a":1}]', 1, id="deep row"),
        pytest.param(b"{" + b",".join(b'"%d":1' % at for at in range(10**5)) + b"}", b"{}", 10**5, id="wide value"),
        pytest.param(b"[{" + b",".join(b'"%d":1' % at for at in range(10**5)) + b"}]", b'[{"0":1}]', 1, id="wide row"),
        pytest.param(b'[{"' + b"k" * 10**7 + b'":1}]', b'[{"k":1}]', 1, id="huge name"),
        pytest.param(b'[{"k":"' + b"k" * 10**7 + b'"}]', b'[{"k":"' + b"k" * 10**7 + b'l"}]', 2, id="huge key"),
        pytest.param(b"[" + b"9" * 10**6 + b"]", b"[" + b"9" * (10**6 - 1) + b"8]", 1, id="long number"),
        pytest.param(b'[{"a":"\\ud800"}]', b'[{"a":"\\udfff"}]', 2, id="half characters"),
        pytest.param(b"[1,", b"[1]", StopReason.UNREADABLE, id="cut off"),
        pytest.param(b'["\xff"]', b"[1]", StopReason.UNREADABLE, id="no UTF-8"),
        pytest.param(b"", b"[1]", StopReason.UNREADABLE, id="empty"),
    ],
)
def test_a_pathological_result_is_compared_or_refused(before: bytes, after: bytes, expected: int | StopReason) -> None:
    async def work(compare: ResultComparer) -> None:
        found = await compare(as_it_is(before), as_it_is(after), PROPOSED)
        if isinstance(expected, StopReason):
            assert found == Failure(ComparisonStopped(expected))
        else:
            assert differences(found.unwrap()) == expected
        assert await works(compare)

    run(work)


def test_a_stored_body_that_is_not_what_its_digest_says_is_unreadable() -> None:
    async def work(compare: ResultComparer) -> None:
        other = Body(digest(LARGE), Encoding.ZSTD, b"no frame of zstd at all" * 100)
        found = await compare(stored(other), as_it_is(b"[]"), PROPOSED)
        assert found == Failure(ComparisonStopped(StopReason.UNREADABLE))
        assert await works(compare)

    run(work)


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (WorkLimits(cpu_seconds=0), StopReason.TIME),
        (WorkLimits(wall_seconds=0.001), StopReason.TIME),
        (WorkLimits(memory_bytes=120 * MIB), StopReason.MEMORY),
        (WorkLimits(file_bytes=MIB), StopReason.DISK),
    ],
)
def test_a_comparison_beyond_a_limit_is_stopped(limits: WorkLimits, reason: StopReason) -> None:
    async def work(compare: ResultComparer) -> None:
        many = b"[" + b",".join([b"[1,2.5,{}]"] * 800_000) + b"]"
        found = await compare(as_it_is(b'{"a":%s}' % many), as_it_is(b'{"b":%s}' % many), PROPOSED)
        assert found == Failure(ComparisonStopped(reason))

    run(work, limits)


def test_a_cancelled_comparison_ends_its_child_and_the_next_one_has_another() -> None:
    async def work(compare: ResultComparer) -> None:
        assert await works(compare)
        pid, reading = child_of(compare), asyncio.Event()

        async def endless() -> AsyncIterator[bytes]:
            while True:
                yield b" " * 1000
                reading.set()
                await asyncio.sleep(0)

        held = evolve(as_it_is(LARGE), parts=endless)
        task = asyncio.create_task(compare(held, as_it_is(b"[]"), PROPOSED))
        await reading.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not is_alive(pid)
        assert await works(compare)
        assert child_of(compare) != pid

    run(work)


def test_a_child_that_dies_is_replaced_and_an_idle_one_ends() -> None:
    async def work(compare: ResultComparer) -> None:
        assert await works(compare)
        process = compare._idle
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)

        await eventually_ended(process)
        assert await asyncio.gather(*(works(compare) for _ in range(2))) == [True, True]
        assert compare._idle is not None
        await eventually_ended(compare._idle)
        assert await works(compare)

    run(work, WorkLimits(idle_seconds=0.2))
    gc.collect()  # an open pipe would be a warning, which fails the test


def test_a_child_ends_with_its_parent(repository: Path) -> None:
    program = """if True:
        import asyncio, os
        from adapters.comparison.process import ComparingProcess, WorkLimits

        async def main():
            child = await ComparingProcess.start(WorkLimits())
            await child.compare(Task(None, EXACTLY), [text(b"1"), text(b"2")])
            print(child.pid, flush=True)
            await asyncio.sleep(60)

        from adapters.comparison.work import Task
        from domain.comparison.values import EXACTLY

        async def text(value):
            yield value

        asyncio.run(main())
    """
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=repository) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        os.kill(pid, signal.SIGSTOP)  # so that it cannot see the end of its input
        parent.kill()
    try:
        eventually(lambda: not is_alive(pid), seconds=10)
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_a_child_that_is_killed_at_work_reports_a_lack_of_memory(caplog: pytest.LogCaptureFixture) -> None:
    async def work(compare: ResultComparer) -> None:
        assert await works(compare)
        process = compare._idle
        assert process is not None

        async def killing() -> AsyncIterator[bytes]:
            yield b"[" + b" " * MIB
            process._process.kill()
            while True:
                yield b" " * MIB

        held = evolve(as_it_is(LARGE * 50), parts=killing)
        found = await compare(held, as_it_is(b"[]"), PROPOSED)
        assert found == Failure(ComparisonStopped(StopReason.MEMORY))
        assert await works(compare)

    run(work)
    assert caplog.text == ""


def test_without_another_process_a_comparison_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise BlockingIOError

    monkeypatch.setattr(subprocess, "Popen", refuse)
    found = run(lambda compare: compare(as_it_is(b"1"), as_it_is(b"2"), PROPOSED))
    assert found == Failure(ComparisonStopped(StopReason.UNAVAILABLE))
