"""Replays on a version: a store in memory, a deterministic sandbox, and the processes that carry them on."""

import asyncio
import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Final
from uuid import UUID

import pytest
from attrs import define, evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

from adapters.json.bodies import JsonBodies
from adapters.memory.replay_work import MemoryReplayWork
from adapters.memory.store import MemoryStore
from adapters.system import utc_now, uuid7
from application.executions.read import ExecutionOfAnotherScript
from application.ports.bodies import MalformedJson
from application.ports.comparison import ComparisonChoices
from application.ports.encryption import DecryptionFailed, MasterKeyMissing
from application.ports.errors import Unavailable
from application.ports.executions import ExecutionDetails, NewExecution
from application.ports.queue import Completion
from application.ports.stored_bodies import StoredBody
from application.ports.version_replays import ReplayRecord, Settlement
from application.replays import settle_execution
from application.replays.read import ReplayRef, UnknownReplay
from application.replays.runner import MOST_HELD, MOST_UNDER_WAY, ReplayRunner
from application.replays.start import StartReplay, VersionReplayPorts
from application.replays.use_cases import VersionReplayUseCases
from application.scripts.known import KnownScripts
from application.scripts.read import UnknownScript, UnknownVersion
from domain.audit import ANONYMOUS, Actor
from domain.comparison.paths import compare_values
from domain.comparison.report import (
    ComparisonRefused,
    ComparisonStopped,
    ResultComparison,
    StopReason,
    TableComparison,
    ValueComparison,
)
from domain.comparison.summary import MOST_COLUMNS, ColumnSummary
from domain.difference_text import difference_text
from domain.execution import Claim, Pending, Running
from domain.outcome import Logs, Outcome, Produced
from domain.redaction import remove_content
from domain.replay_sums import ReplayCounts, RowCounts
from domain.replayed_executions import ReplayedExecution, ReplayOutcome, ReplayReason
from domain.script import ScriptArchived, ScriptName
from domain.transitions import cancel, finish, start
from domain.version_replays import (
    ChosenExecutions,
    LatestExecutions,
    ReplayNotFinished,
    ReplayRequest,
    ReplayStatus,
    Selection,
    acceptance_note,
)
from domain.versions import ScriptVersion
from tests.support.replaying import carry_on, runner_of
from tests.support.values import a_body, a_failure, a_pending, a_run, a_script, an_id

pytestmark = pytest.mark.anyio
BODIES: Final = JsonBodies()

WANTED: Final = acceptance_note("as wanted").unwrap()

Program = Callable[[Any], Any]


def _starting(pending: Pending, at: datetime) -> Running:
    return start(pending, Claim(an_id(), "w"), at)


@define
class Comparing:
    """The port `CompareResults`, on values without tables; it refuses or fails as a test wants."""

    refusal: ComparisonRefused | None = None
    table: TableComparison | None = None
    failure: Exception | None = None
    compared: int = 0

    async def __call__(
        self, before: StoredBody, after: StoredBody, choices: ComparisonChoices
    ) -> Result[ResultComparison, ComparisonRefused]:
        self.compared += 1
        if self.failure is not None:
            raise self.failure
        if self.refusal is not None:
            return Failure(self.refusal)
        if self.table is not None:
            return Success(self.table)
        one, other = [json.loads(b"".join([part async for part in body.parts()])) for body in (before, after)]
        paths = tuple(compare_values(one, other, choices.tolerance))
        return Success(ValueComparison(len(paths), paths))


class System:
    """A script, whose versions are functions, and the processes that carry its replays on."""

    def __init__(self, *programs: Program, comparing: Comparing | None = None, depth: int = 0) -> None:
        self.programs, self.comparing, self.depth = list(programs), comparing or Comparing(), depth
        self.store = MemoryStore(utc_now, timedelta(minutes=1))
        self.observed: list[ReplayOutcome] = []
        self.script, version = a_script()
        self.versions = [evolve(version, number=number + 1) for number in range(len(programs))]
        self.known = KnownScripts(self.store.scripts)
        ports = VersionReplayPorts(
            known_scripts=self.known,
            replays=self.store.replays,
            completions=self.store.endings,
            clock=utc_now,
            new_id=uuid7,
        )
        self.use_cases = VersionReplayUseCases(ports)
        self.runner = self.process(self.store.replay_work)

    def process(self, work: MemoryReplayWork) -> ReplayRunner:
        return runner_of(self.store, self.comparing, self.observed.append, work, self.depth)

    async def host(self) -> None:
        (await self.store.scripts.add(self.script, self.versions[0])).unwrap()
        for version in self.versions[1:]:
            (await self.store.scripts.add_version(version)).unwrap()

    async def submit(self, dataset: Any, version: ScriptVersion | None = None) -> UUID:
        body = a_body(json.dumps(dataset).encode())
        pending = a_pending(version or self.versions[0], dataset=body)
        (await self.store.executions.add(NewExecution(pending, body))).unwrap()
        return pending.submission.id

    async def run_one(self) -> bool:
        """Run the oldest pending execution, replays last; tell whether there was one."""
        queue = self.store.queue
        claimed = await queue.claim(1, _starting) or await queue.claim_replays(1, _starting)
        for one in claimed:
            running = one.running
            outcome = self.outcome(running.submission.script.version, json.loads(one.dataset.data))
            run = a_run(outcome, circumstances=running.submission.circumstances)
            finished = finish(running, run, timedelta(milliseconds=1))
            result = outcome.result if isinstance(outcome, Produced) else None
            await queue.finish([Completion(running.claim.id, finished, Logs(), result)])
            self.runner.offer(finished)
        return bool(claimed)

    def outcome(self, version: int, dataset: Any) -> Outcome:
        try:
            return Produced(a_body(json.dumps(self.programs[version - 1](dataset)).encode()))
        except ValueError as error:
            return a_failure(str(error))

    async def run_all(self) -> None:
        while await self.run_one():
            pass

    async def executed(self, *datasets: Any) -> list[UUID]:
        ids = [await self.submit(one) for one in datasets]
        await self.run_all()
        return ids

    async def start(self, selection: Selection, version: int = 1, **choices: Any) -> ReplayRecord:
        request = ReplayRequest(selection=selection, **choices)
        command = StartReplay(script=self.script.id, version=version, request=request, actor=ANONYMOUS)
        return (await self.use_cases.start(command)).unwrap()

    async def carry_on(self, runner: ReplayRunner | None = None) -> None:
        """Take one round of the runner's step, without its pause."""
        await carry_on(runner or self.runner)

    async def finished(self, record: ReplayRecord) -> ReplayRecord:
        for _ in range(100):
            await self.carry_on()
            await self.run_all()
            found = await self.found(record)
            if found.replay.status is ReplayStatus.FINISHED:
                return found
        raise AssertionError("it does not finish")

    async def found(self, record: ReplayRecord) -> ReplayRecord:
        found = await self.store.replays.find(record.replay.id)
        assert found is not None
        return found

    async def members(self, record: ReplayRecord) -> list[ReplayedExecution]:
        return list(await self.use_cases.executions(record.replay.id, 0, 2_000))

    async def outcomes(self, record: ReplayRecord) -> list[tuple[ReplayOutcome, ReplayReason | None]]:
        settled = [one.settled for one in await self.members(record)]
        return [(one.outcome, one.reason) for one in settled if one is not None]

    async def differences(self, record: ReplayRecord) -> list[Any]:
        found = await self.use_cases.differences(record.replay.id, 0, 2_000)
        return [[one.execution.number, json.loads(await BODIES.decode(one.body))] for one in found]

    def alter(self, execution_id: UUID, **changes: Any) -> None:
        rows = self.store.executions._kept
        rows[execution_id] = evolve(rows[execution_id], **changes)

    async def execution(self, execution_id: UUID) -> Any:
        report = await self.store.executions.report(execution_id, 0)
        return None if report is None else report.execution


def echo(dataset: Any) -> Any:
    return dataset


def failing_below_zero(dataset: Any) -> Any:
    if dataset < 0:
        raise ValueError(f"{dataset} is below zero")
    return dataset


async def hosted(*programs: Program, **how: Any) -> System:
    system = System(*programs, **how)
    await system.host()
    return system


@settings(max_examples=25)
@given(st.lists(st.integers(-3, 3) | st.lists(st.integers(), max_size=3), max_size=6), st.integers(1, 9))
async def test_a_replay_of_a_version_over_its_own_executions_shows_equality(datasets: list[Any], last: int) -> None:
    system = await hosted(lambda one: failing_below_zero(one) if isinstance(one, int) else one[::-1])
    await system.executed(*datasets)
    record = await system.finished(await system.start(LatestExecutions(last)))
    count = min(last, len(datasets))
    assert record.report.counts == ReplayCounts(total=count, equal=count)
    assert not record.report.counts.has_differences
    assert await system.differences(record) == []
    assert system.comparing.compared == 0  # equal digests are not read
    for one in await system.members(record):
        replayed = await system.execution(one.execution_id)
        assert replayed.submission.replay_of == one.original_id
        assert replayed.content_removed_at is not None


async def test_each_execution_has_its_outcome_and_its_differences() -> None:
    def next_version(dataset: Any) -> Any:
        if dataset == 5:
            raise ValueError("no five")
        return abs(dataset) + (dataset == 7)

    system = await hosted(failing_below_zero, next_version)
    ids = await system.executed(1, 5, -2, 7)
    actor = Actor(an_id())
    request = ReplayRequest(selection=ChosenExecutions(tuple(ids)))
    command = StartReplay(script=ScriptName("corporate-cards"), version=2, request=request, actor=actor)
    record = await system.finished((await system.use_cases.start(command)).unwrap())
    assert [outcome for outcome, _ in await system.outcomes(record)] == [
        ReplayOutcome.EQUAL,
        ReplayOutcome.NOW_FAILING,
        ReplayOutcome.NOW_SUCCEEDING,
        ReplayOutcome.CHANGED,
    ]
    assert record.report.counts == ReplayCounts(total=4, equal=1, changed=1, now_failing=1, now_succeeding=1)
    assert sorted(system.observed) == sorted(outcome for outcome, _ in await system.outcomes(record))
    numbers, shown = zip(*await system.differences(record), strict=True)
    assert numbers == (1, 2, 3)
    assert shown[0][0]["after"] == {"state": "failed", "error": {"kind": "script_error", "message": "no five"}}
    assert (shown[2][0]["pointer"], shown[2][0]["before"], shown[2][0]["after"]) == ("", 7, 8)
    replayed = await system.execution((await system.members(record))[1].execution_id)
    assert replayed.submission.attribution.submitted_by == actor.key_id


@pytest.mark.parametrize("count", [1, MOST_COLUMNS])
async def test_the_columns_of_a_finished_replay_are_those_of_content_that_is_still_there(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_threads: list[object] = []

    async def to_thread(work: Any, *arguments: Any) -> Any:
        on_threads.append(work)
        return work(*arguments)

    monkeypatch.setattr(asyncio, "to_thread", to_thread)  # virtual time knows of no threads
    columns = {f"column {n}": ColumnSummary(3, 1, Decimal("0.5")) for n in range(count)}
    system = await hosted(
        echo, lambda dataset: [dataset], comparing=Comparing(table=TableComparison(None, 0, 1, 0, 0, columns, ()))
    )
    await system.executed(1, 2)
    record = await system.start(LatestExecutions(2), 2)
    wanted = ReplayRef(script=system.script.id, version=2, id=record.replay.id)
    assert (await system.use_cases.read(wanted)).unwrap().columns is None
    assert (await system.finished(record)).report.rows == RowCounts(0, 2, 0, 0)
    read = (await system.use_cases.read(wanted)).unwrap()
    assert read.columns == {name: ColumnSummary(6, 2, Decimal("0.5")) for name in columns}
    assert (await system.use_cases.accept(wanted, WANTED, ANONYMOUS)).unwrap().columns == read.columns
    for left, member in enumerate(await system.members(record)):
        removed = remove_content(await system.execution(member.execution_id), utc_now())
        await system.store.executions.remove_content(removed)
        assert (await system.use_cases.read(wanted)).unwrap().columns == ({} if left else columns)
    assert bool(on_threads) == (count == MOST_COLUMNS)


async def test_what_cannot_be_run_again_is_skipped_and_reported() -> None:
    system = await hosted(echo)
    altered, removed = await system.executed(1, 2)
    cancelled, pending = await system.submit(3), await system.submit(4)
    unfinished = await system.execution(cancelled)
    (await system.store.executions.cancel(unfinished, cancel(unfinished, utc_now()))).unwrap()
    await system.store.executions.remove_content(remove_content(await system.execution(removed), utc_now()))
    system.alter(altered, dataset=evolve(a_body(b"5"), digest=a_body(b"1").digest))
    record = await system.start(ChosenExecutions((altered, removed, cancelled, pending, an_id())))
    await system.carry_on()
    assert await system.outcomes(record) == [
        (ReplayOutcome.SKIPPED, ReplayReason.DATASET_ALTERED),
        (ReplayOutcome.SKIPPED, ReplayReason.CONTENT_REMOVED),
        (ReplayOutcome.SKIPPED, ReplayReason.NO_RUN),
        (ReplayOutcome.SKIPPED, ReplayReason.NOT_FINISHED),
        (ReplayOutcome.SKIPPED, ReplayReason.UNKNOWN_EXECUTION),
    ]
    assert (await system.finished(record)).report.counts.skipped == 5
    assert await system.store.executions.replays_waiting(9) == 0


async def test_content_that_goes_between_the_look_and_the_read_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    system = await hosted(echo)
    first, second = await system.executed(1, 2)
    record = await system.start(ChosenExecutions((first, second)))
    dataset = system.store.executions.dataset

    async def gone(execution_id: UUID) -> StoredBody | None:
        if execution_id == second:
            raise ValueError("its data key does not decrypt")
        system.alter(execution_id, dataset=None)
        return await dataset(execution_id)

    monkeypatch.setattr(system.store.executions, "dataset", gone)
    await system.carry_on()
    assert [reason for _, reason in await system.outcomes(record)] == [
        ReplayReason.CONTENT_REMOVED,
        ReplayReason.DATASET_ALTERED,
    ]


async def test_few_executions_are_under_way_and_the_first_come_first() -> None:
    system = await hosted(echo)
    await system.executed(*range(3 * MOST_UNDER_WAY))
    record = await system.start(LatestExecutions(1_000))
    await system.carry_on()
    await system.carry_on()
    assert await system.store.executions.replays_waiting(99) == MOST_UNDER_WAY
    await system.run_one()
    await system.carry_on()
    await system.carry_on()
    assert (await system.found(record)).report.counts.equal == 1
    assert await system.store.executions.replays_waiting(99) == MOST_UNDER_WAY
    assert (await system.finished(record)).report.counts.equal == 3 * MOST_UNDER_WAY


async def test_a_full_queue_of_replays_delays_executions_and_loses_none() -> None:
    system = await hosted(echo, depth=2)
    await system.executed(*range(5))
    record = await system.start(LatestExecutions(5))
    await system.carry_on()
    assert await system.store.executions.replays_waiting(9) == 2
    await system.run_all()
    for _ in range(20):
        system.runner = system.process(system.store.replay_work)  # whose admission counts anew
        await system.carry_on()
        await system.run_all()
    assert (await system.found(record)).report.counts.equal == 5


async def test_two_processes_add_and_settle_each_execution_once() -> None:
    system = await hosted(echo, str)
    await system.executed(*range(4))
    record = await system.start(LatestExecutions(4), 2)
    one, other = system.runner, system.process(system.store.replay_work.of_another_process())
    (replay,) = await one._take()
    for runner in (one, other, one):
        await runner._carry_all_on([replay])  # as if its lease had expired meanwhile
    assert len(system.store.executions._kept) == 8
    await system.run_all()
    for runner in (one, other):
        await runner._carry_all_on([replay])
    assert system.observed == [ReplayOutcome.CHANGED] * 4
    assert (await system.found(record)).report.counts == ReplayCounts(total=4, changed=4)


async def test_an_execution_that_another_process_adds_at_the_same_time_is_no_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    system = await hosted(echo)
    await system.executed(1)
    record = await system.start(LatestExecutions(1))
    add = system.store.executions.add

    async def twice(new: NewExecution) -> Any:
        await add(new)
        raise RuntimeError("the id is taken")

    monkeypatch.setattr(system.store.executions, "add", twice)
    await system.carry_on()
    assert await system.outcomes(record) == []
    assert (await system.finished(record)).report.counts.equal == 1


async def test_what_is_added_and_does_not_decrypt_is_not_added_again(monkeypatch: pytest.MonkeyPatch) -> None:
    system = await hosted(echo)
    await system.executed(1)
    record = await system.start(LatestExecutions(1))

    async def damaged(_: UUID, __: int) -> Any:
        raise DecryptionFailed("damaged")

    with monkeypatch.context() as patched:
        patched.setattr(system.store.executions, "report", damaged)
        await system.carry_on()
    assert await system.outcomes(record) == []
    assert (await system.finished(record)).report.counts.equal == 1


async def test_replays_of_a_process_are_carried_on_together_and_others_wait() -> None:
    system = await hosted(echo)
    await system.executed(1)
    records = [await system.start(LatestExecutions(1)) for _ in range(MOST_HELD + 1)]
    await system.carry_on()
    statuses = [(await system.found(one)).replay.status for one in records]
    assert statuses == [ReplayStatus.RUNNING] * MOST_HELD + [ReplayStatus.PENDING]
    for one in records:
        assert (await system.finished(one)).report.counts.equal == 1


async def test_an_outage_is_survived_and_delays_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    system = await hosted(echo, str)
    ids = await system.executed(1, 2)
    record = await system.start(ChosenExecutions(tuple(ids)), 2)
    report = system.store.executions.report

    async def away(execution_id: UUID, limit: int) -> ExecutionDetails | None:
        if execution_id == ids[0]:
            raise Unavailable("no database")
        return await report(execution_id, limit)

    with monkeypatch.context() as patched:
        patched.setattr(system.store.executions, "report", away)
        with pytest.raises(Unavailable):
            await system.carry_on()
        await system.run_all()
        with pytest.raises(Unavailable):
            await system.carry_on()
    assert len(await system.outcomes(record)) == 1
    assert (await system.finished(record)).report.counts.changed == 2


@pytest.mark.parametrize(("error", "logged"), [(ValueError("damaged"), True), (MasterKeyMissing(["a"]), False)])
@pytest.mark.parametrize("part", ["original", "replay"])
async def test_a_damaged_execution_is_incomplete_and_stops_no_other(
    error: Exception, logged: bool, part: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    system = await hosted(echo)
    ids = await system.executed(1, 2)
    record = await system.start(ChosenExecutions(tuple(ids)))
    damaged = ids[0] if part == "original" else (await system.members(record))[0].execution_id
    report = system.store.executions.report

    async def read(execution_id: UUID, limit: int) -> ExecutionDetails | None:
        details = await report(execution_id, limit)
        if execution_id == damaged and details is not None:
            raise error
        return details

    with monkeypatch.context() as patched:
        patched.setattr(system.store.executions, "report", read)
        await system.carry_on()
        await system.run_all()
        await system.carry_on()
    assert await system.outcomes(record) == [
        (ReplayOutcome.INCOMPLETE, ReplayReason.NOT_COMPARABLE),
        (ReplayOutcome.EQUAL, None),
    ]
    assert bool([one for one in caplog.records if one.levelno == logging.ERROR]) == logged


async def test_a_replay_whose_records_were_deleted_or_removed_meanwhile_is_incomplete() -> None:
    system = await hosted(echo, str)
    ids = await system.executed(1, 2, 3)
    record = await system.start(ChosenExecutions(tuple(ids)), 2)
    await system.carry_on()
    await system.run_all()
    del system.store.executions._kept[ids[0]]
    await system.store.executions.remove_content(remove_content(await system.execution(ids[1]), utc_now()))
    replayed = (await system.members(record))[2].execution_id
    await system.store.executions.remove_content(remove_content(await system.execution(replayed), utc_now()))
    await system.carry_on()
    assert await system.outcomes(record) == [
        (ReplayOutcome.INCOMPLETE, ReplayReason.UNKNOWN_EXECUTION),
        (ReplayOutcome.INCOMPLETE, ReplayReason.CONTENT_REMOVED),
        (ReplayOutcome.INCOMPLETE, ReplayReason.CONTENT_REMOVED),
    ]


async def test_a_replay_that_a_client_cancels_is_incomplete() -> None:
    system = await hosted(echo)
    await system.executed(1)
    record = await system.start(LatestExecutions(1))
    await system.carry_on()
    replayed = await system.execution((await system.members(record))[0].execution_id)
    (await system.store.executions.cancel(replayed, cancel(replayed, utc_now()))).unwrap()
    assert (await system.finished(record)).report.counts.incomplete == 1
    assert await system.outcomes(record) == [(ReplayOutcome.INCOMPLETE, ReplayReason.CANCELLED)]


async def test_an_execution_that_another_process_settles_meanwhile_is_counted_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    system = await hosted(echo)
    await system.executed(1)
    record = await system.start(LatestExecutions(1))
    await system.carry_on()
    await system.run_all()
    settle, rival = system.store.replay_work.settle, system.store.replay_work.of_another_process()

    async def late(settlement: Settlement) -> bool:
        assert await rival.settle(settlement)
        return await settle(settlement)

    monkeypatch.setattr(system.store.replay_work, "settle", late)
    await system.carry_on()
    assert (system.observed, (await system.found(record)).report.counts.equal) == ([], 1)


@pytest.mark.parametrize(
    ("comparing", "reason"),
    [
        (Comparing(refusal=ComparisonStopped(StopReason.TIME)), ReplayReason.NOT_COMPARABLE),
        (Comparing(failure=RuntimeError("a bug")), ReplayReason.NOT_COMPARABLE),
    ],
)
async def test_results_that_cannot_be_compared_are_incomplete(comparing: Comparing, reason: ReplayReason) -> None:
    system = await hosted(echo, str, comparing=comparing)
    await system.executed(1)
    record = await system.finished(await system.start(LatestExecutions(1), 2))
    assert await system.outcomes(record) == [(ReplayOutcome.INCOMPLETE, reason)]
    assert record.report.counts.has_differences


async def test_a_comparison_that_lacked_a_process_is_tried_again() -> None:
    class Passing(Comparing):
        async def __call__(self, before: StoredBody, after: StoredBody, choices: ComparisonChoices) -> Any:
            self.refusal = None if self.compared == 2 else ComparisonStopped(StopReason.UNAVAILABLE)
            return await Comparing.__call__(self, before, after, choices)

    system = await hosted(echo, str, comparing=Passing())
    await system.executed(1)
    record = await system.finished(await system.start(LatestExecutions(1), 2))
    assert (record.report.counts.changed, system.comparing.compared) == (1, 3)
    failing = await hosted(echo, str, comparing=Comparing(refusal=ComparisonStopped(StopReason.DISK)))
    await failing.executed(1)
    record = await failing.finished(await failing.start(LatestExecutions(1), 2))
    assert (record.report.counts.incomplete, failing.comparing.compared) == (1, 3)


async def test_results_that_do_not_decrypt_are_incomplete(monkeypatch: pytest.MonkeyPatch) -> None:
    system = await hosted(echo, str)
    await system.executed(1)
    record = await system.start(LatestExecutions(1), 2)

    async def broken(_: UUID) -> StoredBody | None:
        raise ValueError("its data key does not decrypt")

    monkeypatch.setattr(system.store.executions, "result", broken)
    assert (await system.finished(record)).report.counts.incomplete == 1
    (settled,) = [one.settled for one in await system.members(record)]
    assert settled is not None
    assert settled.detail == "a stored result cannot be decrypted"


async def test_equality_within_a_tolerance_removes_the_content_too() -> None:
    system = await hosted(echo, lambda one: one, comparing=Agreeing())
    system.programs[1] = float
    await system.executed(1)
    record = await system.finished(await system.start(LatestExecutions(1), 2))
    assert system.comparing.compared == 1
    assert record.report.counts.equal == 1
    (one,) = await system.members(record)
    assert await system.store.executions.dataset(one.execution_id) is None


class Agreeing(Comparing):
    """A comparison to which 1 and 1.0 are equal, as they are."""

    async def __call__(
        self, before: StoredBody, after: StoredBody, choices: ComparisonChoices
    ) -> Result[ResultComparison, ComparisonRefused]:
        self.compared += 1
        return Success(ValueComparison(0, ()))


async def too_deep(_: JsonBodies, __: bytes) -> Result[Any, MalformedJson]:
    return Failure(MalformedJson("it is nested too deeply", None))


@pytest.mark.parametrize(
    ("replaced", "by", "detail"),
    [
        (settle_execution, "difference_text", "2 differences are too long to be stored"),
        (JsonBodies, "encode", "the differences are nested too deeply to be stored"),
    ],
)
async def test_differences_that_cannot_be_stored_are_counted(
    replaced: object, by: str, detail: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = await hosted(echo, lambda one: {"a": one["a"] * 90, "b": one["b"] * 90, "c": 1})
    await system.executed({"a": "x", "b": "y"})
    monkeypatch.setattr(
        replaced, by, {"encode": too_deep, "difference_text": partial(difference_text, limit_bytes=200)}[by]
    )
    record = await system.finished(await system.start(LatestExecutions(1), 2))
    (settled,) = [one.settled for one in await system.members(record)]
    assert settled is not None
    assert (settled.outcome, settled.detail) == (ReplayOutcome.CHANGED, detail)


async def test_a_step_ends_when_nothing_is_left_and_looks_at_once_at_what_this_process_has_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    system = await hosted(echo)
    await system.executed(1)
    record = await system.start(LatestExecutions(1))
    await system.runner.renew()
    await system.runner.release()

    take, rounds = system.store.replay_work.take, 0

    async def counted(count: int) -> Any:
        nonlocal rounds
        rounds += 1
        if rounds == 2:
            await system.run_all()
        return await take(count)

    monkeypatch.setattr(system.store.replay_work, "take", counted)
    await system.runner.step()
    assert (await system.found(record)).replay.status is ReplayStatus.FINISHED
    await system.runner.renew()
    await system.carry_on(system.runner)
    assert rounds == 5


async def test_leases_are_renewed_and_released() -> None:
    system = await hosted(echo)
    await system.executed(1)
    await system.start(LatestExecutions(1))
    await system.carry_on()
    await system.runner.renew()
    rival = system.store.replay_work.of_another_process()
    assert await rival.take(9) == []
    await system.runner.release()
    assert len(await rival.take(9)) == 1


async def test_a_replay_is_refused_if_script_version_or_executions_are_not_right() -> None:
    system = await hosted(echo)
    (own,) = await system.executed(1)
    other_script, other_version = a_script("other")
    (await system.store.scripts.add(other_script, other_version)).unwrap()
    foreign = await system.submit(1, other_version)
    request = ReplayRequest(selection=ChosenExecutions((own, foreign)))
    right = StartReplay(script=system.script.id, version=1, request=request, actor=ANONYMOUS)
    start = system.use_cases.start
    assert await start(right) == Failure(ExecutionOfAnotherScript(foreign))
    assert isinstance((await start(evolve(right, version=2))).failure(), UnknownVersion)
    assert isinstance((await start(evolve(right, script=an_id()))).failure(), UnknownScript)
    await system.store.scripts.set_archived_at(evolve(system.script, archived_at=utc_now()))
    assert await start(right) == Failure(ScriptArchived(system.script.name))


async def test_a_replay_goes_on_after_its_script_was_archived() -> None:
    system = await hosted(echo)
    await system.executed(1)
    record = await system.start(LatestExecutions(1))
    await system.store.scripts.set_archived_at(evolve(system.script, archived_at=utc_now()))
    assert (await system.finished(record)).report.counts.equal == 1


async def test_a_replay_is_found_below_its_version_only() -> None:
    system = await hosted(echo, echo)
    record = await system.start(LatestExecutions(1))
    right = ReplayRef(script=system.script.id, version=1, id=record.replay.id)
    use_cases = system.use_cases
    assert (await use_cases.find(right)).unwrap() == record
    assert (await use_cases.page(system.script.id, 1, None, 9)).unwrap() == [record]
    assert (await use_cases.page(system.script.id, 2, None, 9)).unwrap() == []
    for wrong in (evolve(right, version=2), evolve(right, id=an_id())):
        assert await use_cases.find(wrong) == Failure(UnknownReplay(wrong.id))
        assert isinstance((await use_cases.accept(wrong, WANTED, ANONYMOUS)).failure(), UnknownReplay)
    assert isinstance((await use_cases.find(evolve(right, version=3))).failure(), UnknownVersion)
    assert isinstance((await use_cases.page(system.script.id, 3, None, 9)).failure(), UnknownVersion)


async def test_a_reader_waits_for_the_end_and_no_longer() -> None:
    system = await hosted(echo)
    record = await system.start(LatestExecutions(1))
    wanted = ReplayRef(script=system.script.id, version=1, id=record.replay.id)
    waited = await system.use_cases.read(wanted, 0.01)
    assert waited.unwrap().replay.status is ReplayStatus.PENDING
    finished = await system.finished(record)
    assert (await system.use_cases.read(wanted, 60)).unwrap() == evolve(finished, columns={})


async def test_a_replay_that_is_deleted_while_its_reader_waits_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    system = await hosted(echo)
    record = await system.start(LatestExecutions(1))
    wanted = ReplayRef(script=system.script.id, version=1, id=record.replay.id)
    find, seen = system.store.replays.find, []

    async def once(replay_id: UUID) -> ReplayRecord | None:
        seen.append(replay_id)
        return await find(replay_id) if len(seen) == 1 else None

    monkeypatch.setattr(system.store.replays, "find", once)
    assert await system.use_cases.read(wanted, 0.01) == Failure(UnknownReplay(record.replay.id))


async def test_differences_are_accepted_after_the_end_with_a_note() -> None:
    system = await hosted(echo)
    record = await system.start(LatestExecutions(1))
    wanted, accept = ReplayRef(script=system.script.id, version=1, id=record.replay.id), system.use_cases.accept
    assert isinstance((await accept(wanted, WANTED, ANONYMOUS)).failure(), ReplayNotFinished)
    await system.finished(record)
    accepted = (await accept(wanted, WANTED, ANONYMOUS)).unwrap()
    assert accepted.replay.acceptance is not None
    assert accepted.replay.acceptance.note == "as wanted"
    assert (await accept(wanted, acceptance_note("again").unwrap(), ANONYMOUS)).unwrap() == accepted


async def test_a_replay_of_a_replay_repeats_that_one() -> None:
    system = await hosted(echo, lambda one: one + 1)
    await system.executed(1)
    first = await system.finished(await system.start(LatestExecutions(1), 2))
    (one,) = await system.members(first)
    second = await system.finished(await system.start(ChosenExecutions((one.execution_id,)), 2))
    assert await system.outcomes(second) == [(ReplayOutcome.EQUAL, None)]
