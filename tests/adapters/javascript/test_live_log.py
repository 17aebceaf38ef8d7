"""The log of a run under way: always the beginning of what it will be, and bounded whatever the child sends."""

import asyncio

from attrs import define, evolve, field
from hypothesis import given
from hypothesis import strategies as st

from adapters.javascript import wire
from adapters.javascript.child_output import transcribe
from adapters.javascript.live_log import LiveLogs, LogFollower
from adapters.system import uuid7
from domain.limits import MIB
from domain.live_log import LIVE_LOG_BYTES
from domain.outcome import LogLevel, LogLine, Logs
from tests.adapters.javascript.sandboxes import TIGHT, Bench, a_claimed
from tests.adapters.javascript.test_child_output import CUT, DIFFERS, LINE, ODD, RESULT, fault, frame
from tests.support.waiting import eventually_sees

LONG = frame(wire.Frame.LOG, b"\x01" + b"x" * (LIVE_LOG_BYTES - 2 * wire.LINE_COST_BYTES - 1))
pieces = st.sampled_from([LINE, LONG, CUT, DIFFERS, RESULT, ODD, fault(), b"\xff", frame(wire.Frame.LOG, b"\x07")])


@define
class Sent:
    """A run of which a test decides what has come."""

    received: bytearray = field(factory=bytearray)


@given(st.lists(pieces, max_size=8).map(b"".join), st.lists(st.integers(0, 80_000), max_size=6).map(sorted))
def test_what_was_read_is_at_any_time_the_beginning_of_the_transcript(stream: bytes, ends: list[int]) -> None:
    sent = Sent()
    follower, final = LogFollower(TIGHT, sent), transcribe(stream, TIGHT)
    before: tuple[LogLine, ...] = ()
    for end in [*ends, len(stream)]:
        sent.received.extend(stream[len(sent.received) : end])
        logs = follower.read()
        assert logs.lines[: len(before)] == before
        assert logs.lines == final.lines[: len(logs.lines)]
        before = logs.lines
    if final.faultless:
        assert follower.read() == Logs(final.lines, final.truncated)


def test_of_a_longer_log_the_first_lines_are_kept() -> None:
    limits, sent = evolve(TIGHT, log_bytes=MIB), Sent(bytearray(LINE + LONG + LINE + RESULT))
    follower = LogFollower(limits, sent)
    logs = follower.read()
    assert ([len(line.message) for line in logs.lines], logs.truncated) == ([1, LIVE_LOG_BYTES - 65], True)
    sent.received.extend(LINE)
    assert follower.read() == logs


def test_a_flood_of_any_frames_ends_the_log_after_as_many_as_its_budget_has() -> None:
    """Each kind that belongs to a log counts: else a child could have the event loop read millions."""
    for kind in (frame(wire.Frame.LOG, b"\x01"), DIFFERS, CUT, frame(wire.Frame.LOG)):
        flood = Sent(bytearray(kind * 100_000))
        follower = LogFollower(TIGHT, flood)
        assert len(follower.read().lines) <= LIVE_LOG_BYTES / wire.LINE_COST_BYTES
        assert follower._next <= (LIVE_LOG_BYTES / wire.LINE_COST_BYTES + 1) * len(kind)


def test_a_huge_line_is_not_waited_for_nor_copied() -> None:
    sent = Sent(bytearray(LINE + wire.FRAME.pack(wire.Frame.LOG, 2**32 - 1) + bytes(3 * MIB)))
    assert LogFollower(TIGHT, sent).read() == Logs((LogLine(LogLevel.LOG, "a"),))
    sent.received.extend(LINE)  # which fails while a view of the bytes is left


def test_an_unknown_run_has_no_log() -> None:
    assert LiveLogs()(uuid7()) == Logs()


def test_lines_are_read_while_the_script_runs(bench: Bench) -> None:
    claimed = a_claimed("function process() { console.log('é \\ud83d'); console.warn(2); for (;;); }")
    claim_id = claimed.running.claim.id

    async def follow() -> Logs:
        run = asyncio.create_task(bench.sandbox.run(claimed))

        async def printed() -> Logs | None:
            logs = bench.sandbox.running_log(claim_id)
            return logs if len(logs.lines) == 2 else None

        logs = await eventually_sees(printed)
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
        assert logs is not None
        return logs

    assert bench.do(follow()) == Logs((LogLine(LogLevel.LOG, "é \ufffd"), LogLine(LogLevel.WARN, "2")))
    assert bench.sandbox.running_log(claim_id) == Logs()


def test_a_script_that_floods_its_log_shows_its_first_lines_while_it_runs(bench: Bench) -> None:
    claimed = a_claimed("function process() { for (let n = 0; ; n++) console.log(n); }")

    async def follow() -> Logs:
        run = asyncio.create_task(bench.sandbox.run(claimed))

        async def full() -> Logs | None:
            logs = bench.sandbox.running_log(claimed.running.claim.id)
            return logs if logs.truncated else None

        logs = await eventually_sees(full)
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
        assert logs is not None
        return logs

    lines = bench.do(follow()).lines
    assert [line.message for line in lines[:3]] == ["0", "1", "2"]
    assert sum(len(line.message) + wire.LINE_COST_BYTES for line in lines) <= LIVE_LOG_BYTES
