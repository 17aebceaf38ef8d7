"""Submitting the lines of a text: all are accepted or none, and with a key only once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

import pytest
from attrs import define, evolve, field
from returns.pipeline import is_successful
from returns.result import Failure, Result

from adapters.json.bodies import JsonBodies
from adapters.memory.store import MemoryStore
from adapters.system import utc_now, uuid7
from application.batches.read import UnknownBatch
from application.batches.submission import SubmitBatch
from application.batches.submit_batch import AcceptedBatch, BatchPorts, BatchRefused
from application.batches.use_cases import BatchUseCases
from application.executions.admission import Admission
from application.executions.read import UnknownExecution
from application.executions.submission import Submit
from application.executions.submit import submit as submit_execution
from application.ports.batches import BatchFilter, BatchRecord, NewBatch
from application.ports.bodies import MalformedJson, NoLines, TooManyLines
from application.ports.errors import Conflict, QueueFull
from application.ports.executions import ExecutionFilter
from application.ports.scripts import ScriptRef
from application.scripts.known import KnownScripts
from application.scripts.read import UnknownScript, UnknownVersion
from domain.access import Scope, new_key, new_token
from domain.aliases import LIVE
from domain.audit import Actor
from domain.batch_lines import MAX_BATCH_LINES, BatchPlace
from domain.batches import BatchCounts, BatchStatus, status_of
from domain.body import digest
from domain.circumstances import EARLIEST_CLOCK, RequestedCircumstances
from domain.execution import Attribution
from domain.idempotency import IdempotencyKey, KeyRecord, KeyReused
from domain.script import Script, ScriptArchived, ScriptName, archive
from domain.trace import trace_context
from tests.application.conftest import ROUNDED, PlainBodies
from tests.application.test_executions import NAME, ports_of
from tests.application.test_executions import hosted as hosted
from tests.application.test_known_scripts import pointed
from tests.support.batches import executions_of
from tests.support.values import NOON, a_script, a_source, an_id

KEY: Final = IdempotencyKey("a key")
LINES: Final = b"a [1]\n[9]\n\nb [3]\n"


def batch_ports(store: MemoryStore, depth: int = 0) -> BatchPorts:
    return BatchPorts(
        known_scripts=KnownScripts(store.scripts),
        batches=store.batches,
        executions=store.executions,
        idempotency_keys=store.keys,
        admission=Admission(store.executions.waiting, depth, lambda: 0),
        bodies=PlainBodies(),
        completions=store.endings,
        clock=utc_now,
        new_id=uuid7,
    )


async def submit(
    ports: BatchPorts, text: bytes = LINES, key: IdempotencyKey | None = None, **members: Any
) -> Result[AcceptedBatch, BatchRefused]:
    wanted = {"script": NAME} | members
    return await BatchUseCases(ports).submit(SubmitBatch(text=text, idempotency_key=key, **wanted))


async def stored(store: MemoryStore) -> tuple[int, int]:
    """Count the batches and the executions."""
    batches = await store.batches.page(BatchFilter(), None, 99)
    return len(batches), len(await store.executions.page(ExecutionFilter(), None, 99))


async def test_each_line_is_an_execution_in_its_order(hosted: MemoryStore) -> None:
    trace = trace_context("00-" + "1" * 32 + "-" + "2" * 16 + "-01")
    requested = RequestedCircumstances(EARLIEST_CLOCK, "0f" * 16)
    key = new_key(an_id(), "ci", {Scope.ADMIN}, NOON, None).unwrap()
    await hosted.api_keys.add(key, new_token(bytes(32)).digest)
    accepted = await submit(batch_ports(hosted), trace=trace, circumstances=requested, actor=Actor(key.id))
    record, repeated = accepted.unwrap().record, accepted.unwrap().repeated
    batch = record.batch
    assert (batch.lines, batch.submitted_by, batch.alias, batch.finished_at) == (3, key.id, None, None)
    assert (record.counts, record.submitted_by, repeated) == (BatchCounts(3, 0, 0, 0), "ci", False)
    assert status_of(record.counts) is BatchStatus.PENDING
    executions = await executions_of(hosted.executions, batch.id)
    submissions = [one.submission for one in executions]
    assert [one.attribution for one in submissions] == [
        Attribution(submitted_by=key.id, trace=trace, batch=BatchPlace(batch.id, line, reference))
        for line, reference in ((1, "a"), (2, None), (3, "b"))
    ]
    assert [one.dataset for one in submissions] == [digest(b"[1]"), digest(b"[9]"), digest(b"[3]")]
    assert [one.warnings for one in submissions] == [(), ROUNDED, ()]
    assert {one.submitted_at for one in submissions} == {batch.submitted_at}
    assert all(one.circumstances is not None and one.circumstances.clock == EARLIEST_CLOCK for one in submissions)
    assert all(one < other for one, other in pairwise([batch.id, *(one.id for one in submissions)]))
    assert {one.script for one in submissions} == {batch.script}


async def test_ids_that_are_no_later_than_the_ones_before_are_sorted(hosted: MemoryStore) -> None:
    ids = sorted((an_id() for _ in range(4)), reverse=True)
    ids = [ids.pop(), *ids]
    accepted = (await submit(evolve(batch_ports(hosted), new_id=iter(ids).__next__))).unwrap()
    executions = await executions_of(hosted.executions, accepted.record.batch.id)
    assert [one.submission.id for one in executions] == sorted(ids[1:])


async def test_nothing_is_stored_of_what_is_refused(hosted: MemoryStore) -> None:
    ports, script = batch_ports(hosted), await hosted.scripts.find(NAME)
    assert script is not None
    nobody = ScriptName("nobody")
    refusals = [
        (await submit(ports, b"[1]\na \n"), MalformedJson("nothing is there", 0)),
        (await submit(ports, b"\n"), NoLines()),
        (await submit(ports, b"[1]\n" * (MAX_BATCH_LINES + 1)), TooManyLines(MAX_BATCH_LINES)),
        (await submit(ports, version=2), UnknownVersion(script, 2)),
        (await submit(ports, script=nobody), UnknownScript(nobody)),
        (await submit(ports, script=nobody, key=KEY), UnknownScript(nobody)),
    ]
    await hosted.scripts.set_archived_at(archive(script, NOON))
    refusals.append((await submit(ports, key=KEY), ScriptArchived(NAME)))
    for result, refusal in refusals:
        assert result == Failure(refusal)
    assert await stored(hosted) == (0, 0)
    assert await hosted.keys.find(KEY) is None


async def test_a_batch_needs_room_for_all_of_its_lines(hosted: MemoryStore) -> None:
    ports = batch_ports(hosted, depth=4)
    assert is_successful(await submit(ports))
    assert await submit(ports) == Failure(QueueFull(5))
    assert is_successful(await submit(batch_ports(hosted, depth=4), b"[1]"))
    assert await submit(batch_ports(hosted, depth=4), b"") == Failure(QueueFull(5))  # refused before it is read
    assert await stored(hosted) == (2, 4)


async def test_a_refused_batch_takes_no_room(hosted: MemoryStore) -> None:
    ports = batch_ports(hosted, depth=4)
    assert await submit(ports, b"[1]\n" * 5) == Failure(QueueFull(5))
    assert await submit(ports, b"\n") == Failure(NoLines())
    assert is_successful(await submit(ports, b"[1]\n" * 4))


async def test_many_lines_are_decided_on_a_thread_and_few_at_once(
    hosted: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = []

    async def to_thread(work: Callable[..., object], *arguments: object) -> object:
        threads.append(work)
        return work(*arguments)

    monkeypatch.setattr(asyncio, "to_thread", to_thread)
    for lines, expected in ((200, 0), (201, 1)):
        assert (await submit(batch_ports(hosted), b"[1]\n" * lines)).unwrap().record.batch.lines == lines
        assert len(threads) == expected


def test_a_text_of_json_lines_is_submitted_with_real_threads() -> None:
    async def live() -> list[BatchPlace | None]:
        store = MemoryStore(utc_now, timedelta(minutes=1))
        await store.scripts.add(*a_script())
        ports = evolve(batch_ports(store), bodies=JsonBodies())
        text = b"".join(b'{"ref":"%d","data":[%d]}\n' % (one, one) for one in range(500))
        accepted = (await submit(ports, text, KEY)).unwrap()
        executions = await executions_of(store.executions, accepted.record.batch.id)
        return [one.submission.attribution.batch for one in executions]

    places = asyncio.run(live())
    assert [(one.line, one.reference) for one in places if one is not None] == [(n + 1, str(n)) for n in range(500)]


async def test_with_a_key_only_the_first_request_makes_a_batch(hosted: MemoryStore) -> None:
    ports = batch_ports(hosted)
    first, again = (await submit(ports, key=KEY)).unwrap(), (await submit(ports, key=KEY)).unwrap()
    assert (first.repeated, again) == (False, AcceptedBatch(first.record, repeated=True))
    await hosted.batches.cancel(first.record.batch.id, utc_now())
    later = (await submit(ports, key=KEY)).unwrap()
    assert (later.repeated, later.record.counts) == (True, BatchCounts(0, 0, 0, 3))
    assert await stored(hosted) == (1, 3)


async def test_another_request_under_the_key_is_refused(hosted: MemoryStore) -> None:
    ports = batch_ports(hosted)
    await submit(ports, key=KEY)
    requested = RequestedCircumstances(EARLIEST_CLOCK, None)
    others = [
        await submit(ports, b"[1]", KEY),
        await submit(ports, LINES + b"\n", KEY),
        await submit(ports, key=KEY, version=1),
        await submit(ports, key=KEY, circumstances=requested),
    ]
    assert others == [Failure(KeyReused(KEY))] * 4
    nobody = ScriptName("nobody")
    assert await submit(ports, key=KEY, script=nobody) == Failure(UnknownScript(nobody))
    single = Submit(script=NAME, dataset=LINES, idempotency_key=KEY)
    assert await submit_execution(ports_of(hosted), single) == Failure(KeyReused(KEY))
    assert await stored(hosted) == (1, 3)


async def test_the_key_of_a_single_submission_is_not_a_batch_s(hosted: MemoryStore) -> None:
    single = Submit(script=NAME, dataset=LINES, idempotency_key=KEY)
    assert is_successful(await submit_execution(ports_of(hosted), single))
    assert await submit(batch_ports(hosted), key=KEY) == Failure(KeyReused(KEY))
    assert await stored(hosted) == (0, 1)


async def test_a_repeated_request_is_answered_though_the_queue_is_full_and_the_script_archived(
    hosted: MemoryStore,
) -> None:
    first = (await submit(batch_ports(hosted, depth=3), key=KEY)).unwrap()
    script = await hosted.scripts.find(NAME)
    assert script is not None
    await hosted.scripts.set_archived_at(archive(script, NOON))
    again = (await submit(batch_ports(hosted, depth=3), key=KEY)).unwrap()
    assert again == AcceptedBatch(first.record, repeated=True)


@define
class Overtaken:
    """The batches of a store, where something happens before one is added."""

    store: MemoryStore
    meanwhile: Callable[[], Awaitable[object]]
    added: list[NewBatch] = field(factory=list)

    async def add(self, new: NewBatch) -> Result[None, KeyRecord | Conflict]:
        self.added.append(new)
        if len(self.added) == 1:
            await self.meanwhile()
        return await self.store.batches.add(new)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store.batches, name)


async def test_a_request_that_is_overtaken_by_an_equal_one_returns_its_batch(hosted: MemoryStore) -> None:
    faster: list[AcceptedBatch] = []

    async def overtake() -> None:
        faster.append((await submit(batch_ports(hosted), key=KEY)).unwrap())

    ports = evolve(batch_ports(hosted), batches=Overtaken(hosted, overtake))
    assert (await submit(ports, key=KEY)).unwrap() == AcceptedBatch(faster[0].record, repeated=True)
    assert await stored(hosted) == (1, 3)


async def test_a_remembered_script_that_has_changed_is_read_and_decided_anew(hosted: MemoryStore) -> None:
    script, version = await hosted.scripts.find(NAME), a_script()[1]
    assert script is not None

    async def revise() -> None:
        newer = evolve(version, script_id=script.id, number=2, source=a_source("function process() { return 2; }"))
        (await hosted.scripts.add_version(newer)).unwrap()

    overtaken = Overtaken(hosted, revise)
    ports = evolve(batch_ports(hosted), batches=overtaken)
    await ports.known_scripts.read(NAME, None)
    accepted = (await submit(ports, key=KEY)).unwrap()
    assert [one.batch.script.version for one in overtaken.added] == [1, 2]
    assert accepted.record.batch.script.version == 2
    assert await stored(hosted) == (1, 3)


async def test_a_script_that_is_archived_meanwhile_takes_no_batch(hosted: MemoryStore) -> None:
    script = await hosted.scripts.find(NAME)
    assert script is not None

    async def close() -> None:
        await hosted.scripts.set_archived_at(archive(script, NOON))

    for remembers in (False, True):
        await hosted.scripts.set_archived_at(script)
        ports = evolve(batch_ports(hosted), batches=Overtaken(hosted, close))
        if remembers:
            await ports.known_scripts.read(NAME, None)
        assert await submit(ports) == Failure(ScriptArchived(NAME))
    assert await stored(hosted) == (0, 0)


async def test_a_remembered_script_that_is_there_no_more_is_unknown(hosted: MemoryStore) -> None:
    """Nothing deletes a script; if something did, a batch would be refused like a submission."""
    script = await hosted.scripts.find(NAME)
    assert script is not None
    vanishing: Any = Vanishing(hosted)
    ports = evolve(batch_ports(hosted), known_scripts=KnownScripts(vanishing))
    await ports.known_scripts.read(NAME, None)
    vanishing.is_gone = True
    await hosted.scripts.set_archived_at(archive(script, NOON))
    assert await submit(ports) == Failure(UnknownScript(NAME))


@define
class Vanishing:
    """The scripts of a store, of which none is found any more once they are gone."""

    store: MemoryStore
    is_gone: bool = False

    async def find(self, script: ScriptRef) -> Script | None:
        return None if self.is_gone else await self.store.scripts.find(script)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store.scripts, name)


@define
class Unreadable:
    """The batches of a store, of which none is found."""

    store: MemoryStore

    async def find(self, batch_id: UUID) -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store.batches, name)


async def test_a_batch_that_cannot_be_read_back_is_returned_as_it_was_stored(hosted: MemoryStore) -> None:
    accepted = (await submit(evolve(batch_ports(hosted), batches=Unreadable(hosted)))).unwrap()
    (kept,) = await hosted.batches.page(BatchFilter(), None, 9)
    assert accepted == AcceptedBatch(BatchRecord(kept.batch, kept.counts))


async def test_a_batch_that_is_deleted_meanwhile_is_unknown(hosted: MemoryStore) -> None:
    batch = (await submit(batch_ports(hosted), key=KEY)).unwrap().record.batch
    assert await submit(evolve(batch_ports(hosted), batches=Unreadable(hosted)), key=KEY) == Failure(
        UnknownBatch(batch.id)
    )
    record = await hosted.keys.find(KEY)
    assert record is not None
    await hosted.batches.cancel(batch.id, NOON)
    assert (await hosted.expired.delete(timedelta(seconds=-1), UUID(int=0), 9)).count == 3
    hosted.keys.record(record)
    assert await submit(batch_ports(hosted), key=KEY) == Failure(UnknownExecution(record.execution_id))


async def test_without_a_version_that_of_the_alias_runs(hosted: MemoryStore) -> None:
    await pointed(hosted, LIVE, 1)
    for wanted, alias in ((None, "live"), (LIVE, "live"), (1, None)):
        batch = (await submit(batch_ports(hosted), version=wanted)).unwrap().record.batch
        (first, *_) = await executions_of(hosted.executions, batch.id)
        assert (batch.alias, first.submission.attribution.alias) == (alias, alias)
