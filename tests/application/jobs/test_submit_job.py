"""Submitting a job: the version is resolved, the rules of both stores hold, and with a key it is accepted once."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import pytest
from attrs import define, evolve
from returns.result import Failure, Result, Success

from adapters.memory.store import MemoryStore
from application.jobs.read import UnknownJob
from application.jobs.submission import SubmitJob
from application.jobs.submit_job import AcceptedJob
from application.ports.errors import Conflict
from application.ports.jobs import JobFilter, JobKeyRecord, JobRecord, NewJob
from application.scripts.known import KnownScripts
from application.scripts.read import UnknownScript
from domain.access import Scope, new_key, new_token
from domain.aliases import LIVE
from domain.audit import Actor
from domain.circumstances import EARLIEST_CLOCK, RequestedCircumstances
from domain.idempotency import IdempotencyKey, KeyReused
from domain.job_requests import Merge
from domain.job_submissions import job_circumstances
from domain.jobs import JobCounts
from domain.script import ScriptArchived, ScriptName, archive
from domain.stores import (
    NotForKey,
    NotForScript,
    Operation,
    OperationNotAllowed,
    StoreRefused,
    StoreRules,
    UnknownStore,
    folder,
    store_name,
)
from tests.application.jobs.cases import some_stores, submitted, use_cases
from tests.application.test_executions import NAME
from tests.application.test_executions import hosted as hosted
from tests.application.test_known_scripts import pointed
from tests.support.job_values import REQUEST
from tests.support.values import NOON, an_id

pytestmark = pytest.mark.anyio
KEY: Final = IdempotencyKey("a key")
COMMAND: Final = SubmitJob(script=NAME, request=REQUEST)
KEYED: Final = evolve(COMMAND, idempotency_key=KEY)
LAKE: Final = store_name("lake").unwrap()
OUT: Final = store_name("out").unwrap()
READ, WRITE = frozenset({Operation.READ}), frozenset({Operation.WRITE})


@define
class Jobs:
    """The jobs of a store, with a method replaced."""

    store: MemoryStore
    others: dict[str, Callable[..., Awaitable[Any]]]

    def __getattr__(self, name: str) -> Any:
        return self.others.get(name) or getattr(self.store.jobs, name)


async def test_a_job_is_of_the_version_that_its_reference_leads_to(hosted: MemoryStore) -> None:
    key = new_key(an_id(), "ci", {Scope.ADMIN}, NOON, None).unwrap()
    await hosted.api_keys.add(key, new_token(bytes(32)).digest)
    await pointed(hosted, LIVE, 1)
    requested = RequestedCircumstances(EARLIEST_CLOCK, None)
    command = evolve(COMMAND, actor=Actor(key.id), key_name="ci", circumstances=requested)
    accepted = (await use_cases(hosted).submit(command)).unwrap()
    job, script = accepted.record.job, await hosted.scripts.find(NAME)
    assert script is not None
    version = await hosted.scripts.version(script.id, 1)
    assert version is not None
    assert (accepted.repeated, accepted.record.submitted_by) == (False, "ci")
    assert (job.script.id, job.script.version, job.alias, job.submitted_by) == (script.id, 1, "live", key.id)
    assert (job.limits, job.script.sha256) == (version.limits, version.source.digest.sha256)
    assert job.request == REQUEST
    assert job.circumstances == job_circumstances(REQUEST, requested, job.submitted_at)
    assert job.circumstances.clock == EARLIEST_CLOCK
    assert await hosted.jobs.find(job.id) == accepted.record


async def test_nothing_is_stored_of_what_is_refused(hosted: MemoryStore) -> None:
    cases, script = use_cases(hosted), await hosted.scripts.find(NAME)
    assert script is not None
    nobody = ScriptName("nobody")
    for command in (evolve(COMMAND, script=nobody), evolve(KEYED, script=nobody)):
        assert await cases.submit(command) == Failure(UnknownScript(nobody))
    await hosted.scripts.set_archived_at(archive(script, NOON))
    assert await cases.submit(KEYED) == Failure(ScriptArchived(NAME))
    assert await hosted.jobs.page(JobFilter(), None, 9) == []


@pytest.mark.parametrize(
    ("rules", "refusal"),
    [
        ({}, UnknownStore(LAKE)),
        ({"lake": StoreRules(WRITE)}, OperationNotAllowed(LAKE, Operation.READ)),
        ({"lake": StoreRules(READ)}, None),
        ({"lake": StoreRules(keys=("ci-*",))}, NotForKey(LAKE, "ops")),
        ({"lake": StoreRules(scripts=("other",))}, NotForScript(LAKE, NAME.value)),
        ({"lake": StoreRules(READ), "out": StoreRules(READ)}, OperationNotAllowed(OUT, Operation.WRITE)),
        ({"lake": StoreRules(READ, keys=("ops",)), "out": StoreRules(WRITE, scripts=("corp*",))}, None),
    ],
)
async def test_the_rules_of_both_stores_have_to_hold(
    hosted: MemoryStore, rules: dict[str, StoreRules], refusal: StoreRefused | None
) -> None:
    output = evolve(REQUEST.output, folder=folder("out://x/").unwrap())
    command = evolve(COMMAND, request=evolve(REQUEST, output=output), key_name="ops")
    stores = some_stores(**({"out": StoreRules()} | rules))
    found = await use_cases(hosted, stores=stores).submit(command)
    assert (found if refusal else found.map(lambda _: None)) == (Failure(refusal) if refusal else Success(None))


async def test_a_repeated_request_gets_its_job_whatever_has_changed_since(hosted: MemoryStore) -> None:
    first = (await use_cases(hosted).submit(KEYED)).unwrap()
    script = await hosted.scripts.find(NAME)
    assert script is not None
    await hosted.scripts.set_archived_at(archive(script, NOON))
    cases = use_cases(hosted, stores=some_stores())
    assert await cases.submit(KEYED) == Success(AcceptedJob(first.record, repeated=True))
    others = [
        evolve(KEYED, request=evolve(REQUEST, merge=Merge.SCRIPT)),
        evolve(KEYED, version=1),
        evolve(KEYED, circumstances=RequestedCircumstances(None, "0f" * 16)),
    ]
    for other in others:
        assert await cases.submit(other) == Failure(KeyReused(KEY))


async def test_a_key_that_is_taken_meanwhile_leads_to_the_job_of_the_other_request(hosted: MemoryStore) -> None:
    async def nothing(_: object) -> None:
        return None

    first = (await use_cases(hosted).submit(KEYED)).unwrap()
    blind = use_cases(hosted, jobs=Jobs(hosted, {"find_by_key": nothing}))
    assert await blind.submit(KEYED) == Success(AcceptedJob(first.record, repeated=True))
    gone = use_cases(hosted, jobs=Jobs(hosted, {"find": nothing}))
    assert await gone.submit(KEYED) == Failure(UnknownJob(first.record.job.id))
    accepted = (await gone.submit(COMMAND)).unwrap()  # deleted between the two: shown as it was stored
    assert accepted.record == JobRecord(accepted.record.job, JobCounts())


async def test_a_script_that_has_changed_since_it_was_remembered_is_read_again(hosted: MemoryStore) -> None:
    tries = list[NewJob]()

    async def add(new: NewJob) -> Result[None, JobKeyRecord | Conflict]:
        tries.append(new)
        return Failure(Conflict()) if len(tries) == 1 else await hosted.jobs.add(new)

    known = KnownScripts(hosted.scripts)
    await submitted(use_cases(hosted, known_scripts=known))
    cases = use_cases(hosted, known_scripts=known, jobs=Jobs(hosted, {"add": add}))
    accepted = (await cases.submit(COMMAND)).unwrap()
    assert [one.expected.latest for one in tries] == [1, None]
    assert accepted.record.job == tries[1].job
