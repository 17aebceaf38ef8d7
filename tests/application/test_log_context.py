"""Log lines about an execution carry the id of its trace, from every logger, and lines about others do not."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from attrs import evolve, fields
from returns.result import Result, Success

from adapters.memory.store import MemoryStore
from application.log_context import LogContext, LogContextFilter, current_log_context, in_log_context, log_context
from application.ports.executions import NewExecution
from application.ports.queue import Claimed, Completion
from application.ports.sandbox import RunFailure
from domain.execution import Attribution, Claim, State
from domain.outcome import Run
from domain.trace import TraceContext
from domain.transitions import start
from entrypoints.configuration.logs import FIELDS
from tests.application.test_worker import QUICK, Flaky, never_end, succeed, take_away, until, working
from tests.support.values import a_body, a_pending, a_run, a_script, an_id
from tests.support.virtual_time import virtual_now

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACE = TraceContext(TRACE_ID, "00f067aa0ba902b7", "01")
UNTRACED = None


@pytest.fixture(autouse=True)
def _lines(caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.addFilter(LogContextFilter())
    caplog.set_level(logging.INFO)


def said(caplog: pytest.LogCaptureFixture, part: str, field: str = "trace_id") -> list[object]:
    """List the trace ids (or another field) of the lines that contain the text."""
    return [vars(one).get(field) for one in caplog.records if part in one.getMessage()]


async def submitted(store: MemoryStore, *traces: TraceContext | None) -> list[UUID]:
    script, version = a_script()
    await store.scripts.add(script, version)
    pending = [a_pending(version) for _ in traces]
    traced = [
        evolve(one, submission=evolve(one.submission, attribution=Attribution(trace=trace)))
        for one, trace in zip(pending, traces, strict=True)
    ]
    for one in traced:
        await store.executions.add(NewExecution(one, a_body()))
    return [one.submission.id for one in traced]


async def test_concurrent_runs_log_under_their_own_traces(store: MemoryStore, caplog: pytest.LogCaptureFixture) -> None:
    together = asyncio.Barrier(2)

    async def run(claimed: Claimed) -> Result[Run, RunFailure]:
        await together.wait()
        logging.getLogger("sandbox").info("inside %s", claimed.running.submission.id)
        await asyncio.sleep(1.25)
        return Success(a_run())

    ids = await submitted(store, TRACE, None)
    async with working(store.queue, run):
        await until(store, ids, State.SUCCEEDED)
    assert [said(caplog, f"inside {one}") for one in ids] == [[TRACE_ID], [UNTRACED]]
    assert said(caplog, f"execution {ids[0]}, attempt 1: succeeded in 1250.0 ms") == [TRACE_ID]
    assert said(caplog, f"execution {ids[1]}") == []
    (attempt,) = [one for one in caplog.records if one.getMessage().startswith(f"execution {ids[0]}, attempt 1: ")]
    assert (vars(attempt)["attempt"], vars(attempt)["milliseconds"]) == (1, 1250.0)
    assert [said(caplog, f"inside {one}", "execution_id") for one in ids] == [[one] for one in ids]
    assert [said(caplog, f"inside {one}", "script") for one in ids] == [["corporate-cards@1"]] * 2
    assert len({said(caplog, f"inside {one}", "claim_id")[0] for one in ids} - {None}) == 2


async def test_a_bug_a_lost_claim_and_a_cancellation_are_logged_under_the_trace(
    store: MemoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    runs: list[Claimed] = []

    async def run(claimed: Claimed) -> Result[Run, RunFailure]:
        runs.append(claimed)
        if len(runs) == 1:
            raise ValueError("a bug")
        if len(runs) in (2, 3):
            if len(runs) == 3:
                worker.abort(claimed.running.claim.id)
            await take_away(store, claimed.running)
            await never_end(claimed)
        return Success(a_run())

    ids = await submitted(store, TRACE)
    async with working(store.queue, run, evolve(QUICK, slots=1, poll_seconds=0.01)) as worker:
        await until(store, ids, State.SUCCEEDED)
    parts = ("failed unexpectedly", "was lost; stopping its run", "was cancelled; stopping its run")
    for part, claimed in zip(parts, runs, strict=False):
        assert said(caplog, part) == [TRACE_ID], part
        assert said(caplog, part, "claim_id") == [claimed.running.claim.id], part


async def test_a_discarded_stale_result_is_logged_under_the_trace(
    store: MemoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    async def run(claimed: Claimed) -> Result[Run, RunFailure]:
        if not said(caplog, "discarded stale result"):
            await take_away(store, claimed.running)
        return Success(a_run())

    ids = await submitted(store, TRACE)
    async with working(store.queue, run, evolve(QUICK, renew_seconds=5, poll_seconds=0.01)):
        await until(store, ids, State.SUCCEEDED)
    assert said(caplog, "discarded stale result") == [TRACE_ID]
    (claim_id,) = said(caplog, "discarded stale result", "claim_id")
    assert f"discarded stale result of claim {claim_id} (1 so far)" in caplog.text


async def test_a_reclaimed_execution_is_logged_under_its_trace(caplog: pytest.LogCaptureFixture) -> None:
    store = MemoryStore(virtual_now, lease=timedelta(seconds=0.05))
    ids = await submitted(store, TRACE, None)
    await store.queue.claim(2, lambda pending, at: start(pending, Claim(an_id(), "dead"), at))
    async with working(store.queue, succeed, evolve(QUICK, poll_seconds=0.01)):
        await until(store, ids, State.SUCCEEDED)
    assert [said(caplog, f"reclaimed execution {one} from a lost worker") for one in ids] == [[TRACE_ID], [UNTRACED]]


async def test_a_completion_that_cannot_be_stored_is_logged_under_its_trace(caplog: pytest.LogCaptureFixture) -> None:
    store = MemoryStore(virtual_now, lease=timedelta(seconds=0.05))

    class Choosy(Flaky):
        def _once(self, name: str) -> None: ...

        async def finish(self, endings: Sequence[Completion]) -> frozenset[UUID]:
            if any(one.execution.attempt < 2 for one in endings):
                raise ValueError("cannot be stored")
            return await self.queue.finish(endings)

    ids = await submitted(store, TRACE)
    async with working(Choosy(store.queue), succeed, evolve(QUICK, poll_seconds=0.01)):
        await until(store, ids, State.SUCCEEDED)
    assert said(caplog, "leaving its lease to expire") == [TRACE_ID]


def test_an_execution_within_a_request_keeps_the_request_s_ids_and_replaces_its_trace() -> None:
    submission = a_pending(a_script()[1]).submission
    record = logging.LogRecord("any", logging.INFO, "file", 1, "words", (), None)
    request = LogContext(request_id="job-7", trace_id=TRACE_ID)
    with in_log_context(request):
        with log_context(submission):
            LogContextFilter().filter(record)
        assert current_log_context() == request
    logged = {name: vars(record).get(name) for name in ("request_id", "execution_id", "claim_id", "trace_id")}
    assert logged == {"request_id": "job-7", "execution_id": submission.id, "claim_id": None, "trace_id": None}
    assert current_log_context() == LogContext()


def test_every_field_of_the_context_may_be_logged() -> None:
    assert {one.name for one in fields(LogContext)} <= set(FIELDS)
