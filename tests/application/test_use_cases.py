"""The use cases with their ports bound: each passes on what it is given, and its actor."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from attrs import define, evolve, field
from hypothesis import given
from returns.result import Failure, Success

from adapters.memory.store import MemoryStore
from adapters.system import utc_now, uuid7
from application.access.manage_api_keys import CreateKey, create_key, revoke_key
from application.executions.read import UnknownExecution
from application.executions.submission import Submit
from application.executions.use_cases import ExecutionUseCases
from application.ports.access import AuditFilter
from application.ports.executions import ExecutionDetails, ExecutionFilter, Executions
from application.ports.sandbox import CheckScript
from application.scripts.read import UnknownScript
from application.scripts.register import Register
from application.scripts.restore import Restore
from application.scripts.revise import Revise
from application.scripts.use_cases import ScriptUseCases
from domain.access import Scope, new_token
from domain.audit import Action, Actor
from domain.engine import DEFAULT_ENGINE, EngineName
from domain.execution import Attribution, Failed, Succeeded
from domain.idempotency import IdempotencyKey
from domain.limits import CEILINGS, DEFAULTS
from domain.notes import Note
from domain.retention import ScriptRetention
from domain.script import Description, Revised, ScriptName
from domain.trace import TraceContext
from tests.application.conftest import Checker
from tests.application.test_executions import end, ports_of
from tests.support.stored_bodies import whole
from tests.support.values import a_request, a_source, an_id, traces

NAME, ABOUT = ScriptName("corporate-cards"), Description("about it")
ALICE, BOB = Actor(an_id(), "a request"), Actor(an_id(), "another request")


@pytest.fixture
def scripts(store: MemoryStore, checker: Checker) -> ScriptUseCases:
    check: CheckScript = checker
    return ScriptUseCases(scripts=store.scripts, check_script=check, clock=utc_now, new_id=uuid7)


@pytest.fixture
def executions(store: MemoryStore) -> ExecutionUseCases:
    return ExecutionUseCases(ports_of(store), store.endings, store.live_logs, store.log_news)


async def audited(store: MemoryStore) -> list[tuple[Action, Actor]]:
    """List the audited actions with their actors, oldest first."""
    found = await store.audit.page(AuditFilter(), None, 100)
    return [(record.event.action, record.event.actor) for record in reversed(found)]


async def test_a_script_is_registered_revised_read_and_archived(
    store: MemoryStore, checker: Checker, scripts: ScriptUseCases
) -> None:
    script, first = (
        await scripts.register(Register(name=NAME, description=ABOUT, first=a_request(a_source()), actor=ALICE))
    ).unwrap()
    assert await scripts.read(NAME) == await scripts.read(script.id) == Success(script)
    assert (script.name, script.description, script.created_at) == (NAME, ABOUT, first.created_at)
    wanted = a_request(a_source("other"), CEILINGS, EngineName.DUKPY)
    revision = (await scripts.revise(Revise(script=NAME, wanted=wanted, actor=BOB))).unwrap()
    assert isinstance(revision, Revised)
    assert checker.runs == [(DEFAULTS, DEFAULT_ENGINE), (CEILINGS, EngineName.DUKPY)]
    assert first.created_at <= revision.version.created_at <= utc_now()
    assert await scripts.read_version(NAME, 1) == Success((revision.script, first))
    assert await scripts.read_version(NAME, None) == Success((revision.script, revision.version))
    assert await scripts.page(None, 10) == [revision.script]
    assert await scripts.page(script.id, 10) == await scripts.page(None, 0) == []
    assert [one.number for one in await scripts.versions(script.id, None, 10)] == [2, 1]
    assert [one.number for one in await scripts.versions(script.id, 2, 10)] == [1]
    assert [one.number for one in await scripts.versions(script.id, None, 1)] == [2]
    back = Restore(script=NAME, version=1, engines=tuple(EngineName), note=Note("back"), actor=ALICE)
    restored = (await scripts.revise((await scripts.find_restoration(back)).unwrap())).unwrap()
    assert (restored.version.source, restored.version.note) == (first.source, back.note)
    assert (await scripts.find_compared(NAME, 3, 1)).unwrap().diff() == b""
    assert (await scripts.describe(NAME, Description("new"), BOB)).unwrap().description == Description("new")
    kept = ScriptRetention(content=timedelta(days=3))
    assert (await scripts.set_retention(NAME, kept, ALICE)).unwrap().retention == kept
    assert (await scripts.archive(NAME, BOB)).unwrap().archived_at is not None
    assert (await scripts.unarchive(NAME, ALICE)).unwrap().archived_at is None
    assert await audited(store) == [
        (Action.REGISTERED, ALICE),
        (Action.REVISED, BOB),
        (Action.REVISED, ALICE),
        (Action.DESCRIBED, BOB),
        (Action.SET_RETENTION, ALICE),
        (Action.ARCHIVED, BOB),
        (Action.UNARCHIVED, ALICE),
    ]
    unknown = ScriptName("unknown")
    assert await scripts.read(unknown) == Failure(UnknownScript(unknown))


async def test_an_execution_is_submitted_read_cancelled_and_cleared(
    store: MemoryStore, scripts: ScriptUseCases, executions: ExecutionUseCases
) -> None:
    (await scripts.register(Register(name=NAME, description=ABOUT, first=a_request(a_source())))).unwrap()
    done, cancelled = [
        (await executions.submit(Submit(script=NAME, dataset=b"[1]", actor=ALICE))).unwrap().report.execution
        for _ in range(2)
    ]
    assert (await executions.read(done.submission.id)).unwrap().execution == done
    assert await executions.page(ExecutionFilter(), None, 10) == [cancelled, done]
    assert await executions.page(ExecutionFilter(), cancelled.submission.id, 10) == [done]
    assert await executions.page(ExecutionFilter(), None, 1) == [cancelled]
    ended = (await executions.cancel(cancelled.submission.id, BOB)).unwrap().execution
    assert isinstance(ended, Failed)
    reader = asyncio.create_task(executions.read(done.submission.id, wait_seconds=60))
    await asyncio.sleep(0)
    assert isinstance(await end(store), Succeeded)
    found = (await reader).unwrap()
    assert found.result is not None
    result = (await executions.read_result(done.submission.id)).unwrap()
    assert result.submission == done.submission
    assert await whole((await result.fetch()).unwrap()) == found.result
    dataset = (await executions.read_dataset(done.submission.id)).unwrap()
    assert (await whole((await dataset.fetch()).unwrap())).data == b"[1]"
    assert await executions.remove_content(done.submission.id, ALICE) == Success(None)
    assert (await executions.read(done.submission.id)).unwrap().result is None
    assert (await audited(store))[1:] == [
        (Action.SUBMITTED, ALICE),
        (Action.SUBMITTED, ALICE),
        (Action.CANCELLED, BOB),
        (Action.REMOVED_CONTENT, ALICE),
    ]
    missing = an_id()
    assert await executions.read(missing) == Failure(UnknownExecution(missing))


@define
class Watched:
    """The port `Executions`, which records up to what size results are read."""

    executions: Executions
    sizes: list[int] = field(factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.executions, name)

    async def report(self, execution_id: UUID, result_up_to: int) -> ExecutionDetails | None:
        self.sizes.append(result_up_to)
        return await self.executions.report(execution_id, result_up_to)


async def test_a_result_is_read_only_where_it_is_shown(store: MemoryStore, scripts: ScriptUseCases) -> None:
    (await scripts.register(Register(name=NAME, description=ABOUT, first=a_request(a_source())))).unwrap()
    watched = Watched(store.executions)
    executions = ExecutionUseCases(
        evolve(ports_of(store), executions=watched), store.endings, store.live_logs, store.log_news
    )
    done, other = [
        (await executions.submit(Submit(script=NAME, dataset=b"[1]"))).unwrap().report.execution.submission.id
        for _ in range(2)
    ]
    (await executions.cancel(other, ALICE)).unwrap()
    await end(store)
    for use in (executions.read_result, executions.read_dataset):
        (await use(done)).unwrap()
    (await executions.remove_content(done, ALICE)).unwrap()
    assert watched.sizes == [0] * len(watched.sizes) != []
    watched.sizes.clear()
    (await executions.read(done)).unwrap()
    assert watched.sizes == [executions.ports.inline_result_bytes]


async def test_an_execution_is_read_once_and_at_once_unless_a_reader_waits(
    store: MemoryStore, scripts: ScriptUseCases
) -> None:
    (await scripts.register(Register(name=NAME, description=ABOUT, first=a_request(a_source())))).unwrap()
    watched, clock = Watched(store.executions), asyncio.get_running_loop().time
    executions = ExecutionUseCases(
        evolve(ports_of(store), executions=watched), store.endings, store.live_logs, store.log_news
    )
    pending = (await executions.submit(Submit(script=NAME, dataset=b"[1]"))).unwrap().report.execution
    watched.sizes.clear()
    began = clock()
    assert (await executions.read(pending.submission.id)).unwrap().execution == pending
    assert (clock() - began, len(watched.sizes)) == (0, 1)
    assert (await executions.read(pending.submission.id, wait_seconds=3)).unwrap().execution == pending
    assert clock() - began == pytest.approx(3)


@pytest.mark.parametrize("key", [None, IdempotencyKey("a key")])
@given(trace=traces)
async def test_a_submission_keeps_its_trace_and_its_actor(key: IdempotencyKey | None, trace: TraceContext) -> None:
    store = MemoryStore(utc_now, timedelta(minutes=1))
    scripts = ScriptUseCases(scripts=store.scripts, check_script=Checker(), clock=utc_now, new_id=uuid7)
    (await scripts.register(Register(name=NAME, description=ABOUT, first=a_request(a_source())))).unwrap()
    executions = ExecutionUseCases(ports_of(store), store.endings, store.live_logs, store.log_news)
    attribution = Attribution(trace=trace)
    command = Submit(script=NAME, version=1, dataset=b"[1]", idempotency_key=key, attribution=attribution, actor=ALICE)
    first = (await executions.submit(command)).unwrap()
    assert first.report.execution.submission.attribution == Attribution(trace=trace, submitted_by=ALICE.key_id)
    assert (await audited(store))[-1] == (Action.SUBMITTED, ALICE)
    again = (await executions.submit(command)).unwrap()
    assert again.repeated is (key is not None)


async def test_the_creation_and_the_revocation_of_a_key_are_audited(store: MemoryStore) -> None:
    command = CreateKey(name="a key", scopes=[Scope.READ], days=None, actor=ALICE)
    key = (await create_key(store.api_keys, utc_now, uuid7, new_token(bytes(32)), command)).unwrap()
    (await revoke_key(store.api_keys, utc_now, key.id, BOB)).unwrap()
    assert await audited(store) == [(Action.CREATED_KEY, ALICE), (Action.REVOKED_KEY, BOB)]
