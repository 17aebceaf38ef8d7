"""Submissions to scripts that the process remembers: no script is read for them, and none runs what is outdated."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any, Final, cast

import pytest
from attrs import define, evolve, field
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Result

from adapters.memory.executions import MemoryExecutions
from adapters.memory.store import MemoryStore
from adapters.system import utc_now
from application.executions.submission import Submit
from application.executions.submit import Accepted, SubmissionRefused, SubmitPorts, submit
from application.ports.executions import ExecutionFilter, Executions, NewExecution
from application.ports.scripts import ScriptRef, Scripts
from application.scripts.aliases import AliasUseCases
from application.scripts.known import KnownScripts
from application.scripts.read import NoVersionOfAlias, UnknownScript, UnknownVersion
from domain.aliases import LIVE, AliasName, VersionRef, select_version
from domain.audit import ANONYMOUS
from domain.execution import Execution, Succeeded
from domain.idempotency import IdempotencyKey, KeyReused
from domain.promotion import Promotion, Removal
from domain.script import Script, ScriptArchived, ScriptName, archive, unarchive
from domain.versions import ScriptVersion
from tests.application.test_direct_start import Altered, Gate, Slow, a_place, is_running
from tests.application.test_executions import NAME, ports_of
from tests.application.test_executions import hosted as hosted
from tests.application.test_worker import QUICK
from tests.contracts.test_scripts import next_version
from tests.support.values import NOON, a_script
from tests.support.waiting import eventually_sees

Answer = Result[Accepted, SubmissionRefused]
KEY: Final = IdempotencyKey("a key")
CANARY: Final = AliasName("canary")


@define
class Counted:
    """The port `Scripts`, with a list of the references that were read."""

    scripts: Scripts
    found: list[ScriptRef] = field(factory=list)

    async def find(self, script: ScriptRef) -> Script | None:
        self.found.append(script)
        return await self.scripts.find(script)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.scripts, name)


def process(store: MemoryStore, most: int = 100) -> tuple[SubmitPorts, Counted]:
    """Start another process over the store, which knows no script yet."""
    counted = Counted(store.scripts)
    return evolve(ports_of(store), known_scripts=KnownScripts(cast("Scripts", counted), most)), counted


async def ask(
    ports: SubmitPorts, version: VersionRef | None = None, script: ScriptRef = NAME, key: IdempotencyKey | None = None
) -> Answer:
    return await submit(ports, Submit(script=script, dataset=b"[1]", version=version, idempotency_key=key))


def number_of(answer: Answer) -> int:
    return answer.unwrap().report.execution.submission.script.version


async def the_script(store: MemoryStore) -> tuple[Script, ScriptVersion]:
    script = await store.scripts.find(NAME)
    assert script is not None
    version = await store.scripts.version(script.id, script.latest_version)
    assert version is not None
    return script, version


async def revise(store: MemoryStore) -> None:
    _, latest = await the_script(store)
    (await store.scripts.add_version(next_version(latest))).unwrap()


async def close(store: MemoryStore) -> None:
    script, _ = await the_script(store)
    await store.scripts.set_archived_at(archive(script, NOON))


async def reopen(store: MemoryStore) -> None:
    script, _ = await the_script(store)
    await store.scripts.set_archived_at(unarchive(script))


async def promote_first(store: MemoryStore, alias: AliasName = LIVE) -> None:
    await pointed(store, alias, 1)


async def promote_latest(store: MemoryStore, alias: AliasName = LIVE) -> None:
    script, _ = await the_script(store)
    await pointed(store, alias, script.latest_version)


async def pointed(store: MemoryStore, alias: AliasName, version: int) -> None:
    script, _ = await the_script(store)
    aliases = AliasUseCases(scripts=store.scripts, aliases=store.aliases)
    assert (await aliases.promote(script.id, Promotion(alias=alias, version=version), ANONYMOUS)).unwrap().alias


async def unpoint(store: MemoryStore) -> None:
    await AliasUseCases(scripts=store.scripts, aliases=store.aliases).remove(NAME, Removal(alias=LIVE), ANONYMOUS)


CHANGES: Final[dict[str, Callable[[MemoryStore], Awaitable[None]]]] = {
    "revise": revise,
    "archive": close,
    "unarchive": reopen,
    "promote the first": promote_first,
    "promote the latest": promote_latest,
    "remove live": unpoint,
    "promote canary": partial(promote_latest, alias=CANARY),
}
REFERENCES: Final[dict[str, VersionRef]] = {"one": 1, "two": 2, "live": LIVE, "canary": CANARY}
ACTS: Final = ("default", "default", "default", "keyed", *REFERENCES, *CHANGES)


async def stored(store: MemoryStore) -> list[Execution]:
    return [*await store.executions.page(ExecutionFilter(), None, 999)]


async def test_a_script_is_read_for_its_first_submission_by_each_reference_only(hosted: MemoryStore) -> None:
    ports, counted = process(hosted)
    script, _ = await the_script(hosted)
    for reference in (NAME, NAME, script.id, script.id, NAME):
        for version in (None, 1):
            assert number_of(await ask(ports, version, reference)) == 1
    assert counted.found == [NAME, script.id]


async def test_an_outdated_memory_costs_one_read(hosted: MemoryStore) -> None:
    ports, counted = process(hosted)
    assert number_of(await ask(ports)) == 1
    await revise(hosted)
    assert [number_of(await ask(ports)) for _ in range(3)] == [2, 2, 2]
    assert counted.found == [NAME] * 2


@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 2)), min_size=15, max_size=40))
async def test_processes_that_remember_answer_as_one_that_reads(acts: list[tuple[str, int]]) -> None:
    store = MemoryStore(utc_now, timedelta(minutes=1))
    (await store.scripts.add(*a_script())).unwrap()
    processes = [process(store)[0] for _ in range(3)]
    ids = set()
    for number, (act, which) in enumerate(acts):
        script, _ = await the_script(store)
        if act in CHANGES:
            if act != "revise" or script.archived_at is None:
                await CHANGES[act](store)
            continue
        wanted = REFERENCES.get(act)
        key = IdempotencyKey(str(number)) if act == "keyed" else None
        answer = await ask(processes[which], wanted, key=key)
        selected = select_version(wanted, script.latest_version, script.aliases).value_or(None)
        if isinstance(wanted, AliasName) and selected is None:
            assert answer == Failure(NoVersionOfAlias(script, wanted))
        elif selected is None or selected.number > script.latest_version:
            assert answer == Failure(UnknownVersion(script, cast("int", wanted)))
        elif script.archived_at is not None:
            assert answer == Failure(ScriptArchived(NAME))
            assert key is None or await store.keys.find(key) is None
        else:
            submission = answer.unwrap().report.execution.submission
            assert submission.script.version == selected.number
            assert submission.attribution.alias == (selected.alias and selected.alias.value)
            ids.add(submission.id)
    assert {one.submission.id for one in await stored(store)} == ids


async def test_the_absence_of_a_script_is_not_remembered(store: MemoryStore) -> None:
    ports, counted = process(store)
    for _ in range(2):
        assert await ask(ports) == Failure(UnknownScript(NAME))
    (await store.scripts.add(*a_script())).unwrap()
    assert number_of(await ask(ports)) == 1
    assert counted.found == [NAME] * 3


async def test_a_script_that_is_gone_is_forgotten(hosted: MemoryStore) -> None:
    """As after a backup of an earlier time was restored."""
    ports, counted = process(hosted)
    await ask(ports)
    script, _ = await the_script(hosted)
    del hosted.scripts._scripts[script.id]
    for _ in range(2):
        assert await ask(ports) == Failure(UnknownScript(NAME))
    again, version = a_script()
    (await hosted.scripts.add(again, version)).unwrap()
    assert (await ask(ports)).unwrap().report.execution.submission.script.id == again.id
    assert counted.found == [NAME] * 4


async def test_the_least_recently_used_references_are_forgotten(store: MemoryStore) -> None:
    ports, counted = process(store, most=2)
    names = [ScriptName(f"script-{number}") for number in range(3)]
    for name in names:
        (await store.scripts.add(*a_script(name.value))).unwrap()
    for number in (0, 1, 0, 2, 0, 1, 2):
        assert number_of(await ask(ports, script=names[number])) == 1
        assert len(ports.known_scripts._heads) <= 2
    assert counted.found == [names[number] for number in (0, 1, 2, 1, 2)]


async def test_a_memory_counts_the_aliases_of_its_scripts_too(store: MemoryStore) -> None:
    ports, counted = process(store, most=4)
    names = [NAME, ScriptName("script-1"), ScriptName("script-2")]
    for name in names:
        (await store.scripts.add(*a_script(name.value))).unwrap()
    for alias in ("a", "b"):
        await pointed(store, AliasName(alias), 1)
    for name in (*names[1:], NAME, NAME, names[2], names[2]):
        assert number_of(await ask(ports, script=name)) == 1
    assert counted.found == [*names[1:], NAME]
    assert number_of(await ask(ports, script=names[1])) == 1  # the third of them had made this one forgotten
    assert counted.found == [*names[1:], NAME, names[1]]


async def test_the_same_request_after_a_promotion_returns_its_first_execution(hosted: MemoryStore) -> None:
    await revise(hosted)
    await pointed(hosted, LIVE, 1)
    ports, _ = process(hosted)
    for number, version in enumerate((None, LIVE)):
        key = IdempotencyKey(str(number))
        await pointed(hosted, LIVE, 1)
        first = await ask(ports, version, key=key)
        assert number_of(first) == 1
        await pointed(hosted, LIVE, 2)
        assert await ask(ports, version, key=key) == first.map(lambda one: Accepted(one.report, repeated=True))
        await unpoint(hosted)
        assert await ask(ports, version, key=key) == first.map(lambda one: Accepted(one.report, repeated=True))
        assert await ask(ports, 1, key=key) == Failure(KeyReused(key))


async def test_a_script_that_is_archived_after_it_was_read_takes_no_execution(hosted: MemoryStore) -> None:
    """Nothing was remembered here, so the refusal of the store needs no second read."""

    async def add(executions: MemoryExecutions, new: NewExecution) -> Any:
        await close(hosted)
        return await executions.add(new)

    ports, counted = process(hosted)
    altered = evolve(ports, executions=cast("Executions", Altered(hosted.executions, add=add)))
    assert await ask(altered) == Failure(ScriptArchived(NAME))
    assert await stored(hosted) == []
    assert counted.found == [NAME]
    await reopen(hosted)
    assert number_of(await ask(ports)) == 1


async def test_the_version_that_was_read_runs_even_if_another_one_comes_meanwhile(hosted: MemoryStore) -> None:
    async def add(executions: MemoryExecutions, new: NewExecution) -> Any:
        await revise(hosted)
        return await executions.add(new)

    ports, counted = process(hosted)
    altered = evolve(ports, executions=cast("Executions", Altered(hosted.executions, add=add)))
    assert number_of(await ask(altered)) == 1
    assert number_of(await ask(altered)) == 3  # version 1 is remembered; it had 2, got 3 and then 4 meanwhile
    assert number_of(await ask(ports)) == 4
    assert counted.found == [NAME] * 3


async def test_a_refusal_uses_up_no_key_and_an_accepted_request_is_replayed_nonetheless(hosted: MemoryStore) -> None:
    ports, _ = process(hosted)
    await ask(ports)
    await close(hosted)
    assert await ask(ports, key=KEY) == Failure(ScriptArchived(NAME))
    assert await hosted.keys.find(KEY) is None
    await reopen(hosted)
    await revise(hosted)
    first = await ask(ports, key=KEY)
    assert number_of(first) == 2
    await revise(hosted)
    await close(hosted)
    assert await ask(ports, key=KEY) == first.map(lambda one: Accepted(one.report, repeated=True))


@pytest.mark.parametrize("change", ["archive", "revise"])
async def test_a_run_that_began_with_an_outdated_script_is_aborted_and_leaves_nothing(change: str) -> None:
    gate, begun = Gate(), {"archive": 2, "revise": 3}
    async with a_place(gate) as place:
        gate.open.set()
        await place.read(await place.submit())
        gate.open.clear()
        await CHANGES[change](place.store)
        slow = Slow(place.store.executions)
        place.use(slow)
        submitting = asyncio.create_task(ask(place.ports))
        await eventually_sees(lambda: is_true(len(gate.begun) == 2))
        slow.may_store.set()
        answer = await submitting
        await eventually_sees(lambda: is_true((len(gate.begun), gate.aborted) == (begun[change], 1)))
        assert await place.store.executions.report(gate.begun[1].running.submission.id, 0) is None
        if change == "archive":
            assert answer == Failure(ScriptArchived(NAME))
            await reopen(place.store)
        else:
            assert (number_of(answer), is_running(answer.unwrap())) == (2, True)
        gate.open.set()
        await eventually_sees(lambda: all_over(place.store))
        gate.open.clear()
        assert all([is_running(await place.submit()) for _ in range(QUICK.slots)])  # every slot is free again
        gate.open.set()
    assert place.worker.stale == 0


async def is_true(value: bool) -> bool:
    return value


async def all_over(store: MemoryStore) -> bool:
    return all(isinstance(one, Succeeded) for one in await stored(store))
