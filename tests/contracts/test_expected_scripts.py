"""The contract of every store for the guard of a new execution: its script must be as it was when that was decided."""

import asyncio
from typing import TypeAlias

import pytest
from attrs import evolve, frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.ports.access import AuditFilter
from application.ports.errors import Conflict
from application.ports.executions import OPEN, ExecutionFilter, Expected, NewExecution
from domain.aliases import LIVE, AliasName
from domain.body import Body
from domain.idempotency import IdempotencyKey, KeyRecord
from domain.script import Script, archive, unarchive
from domain.versions import ScriptVersion
from tests.contracts.conftest import OpenStore, Store
from tests.contracts.test_aliases import promoted, removed
from tests.contracts.test_direct_start import a_start
from tests.contracts.test_idempotency import KEY, LARGE, SMALL, Attempt, an_attempt
from tests.contracts.test_scripts import next_version
from tests.support.values import NOON, a_pending, a_script, an_id

pytestmark = pytest.mark.parametrize("open_store", ["memory", "metered", "postgres, sealed"], indirect=True)

Stored: TypeAlias = Result[None, KeyRecord | Conflict]
FIRST, SECOND = Expected(latest=1), Expected(latest=2)
REFUSED = Failure(Conflict())


async def hosted(store: Store, name: str = "corporate-cards", versions: int = 1) -> tuple[Script, ScriptVersion]:
    """Host a script with so many versions, and return the first."""
    script, first = a_script(name)
    (await store.scripts.add(script, first)).unwrap()
    latest = first
    for _ in range(versions - 1):
        latest = next_version(latest)
        (await store.scripts.add_version(latest)).unwrap()
    return script, first


async def add(store: Store, attempt: Attempt, expected: Expected, keyed: bool) -> Stored:
    if keyed:
        return await store.keys.add(NewExecution(attempt.pending, attempt.dataset, expected=expected), attempt.request)
    return await store.executions.add(NewExecution(attempt.pending, attempt.dataset, expected=expected))


async def assert_nothing_of(store: Store, attempt: Attempt) -> None:
    execution_id = attempt.pending.submission.id
    assert await store.executions.report(execution_id, 0) is None
    assert await store.executions.dataset(execution_id) is None
    assert await store.audit.page(AuditFilter(execution=execution_id), None, 9) == []


@pytest.mark.parametrize("dataset", [SMALL, LARGE], ids=["small", "large"])
@pytest.mark.parametrize("keyed", [False, True], ids=["plain", "keyed"])
async def test_an_execution_is_added_only_if_its_script_is_as_expected(
    open_store: OpenStore, keyed: bool, dataset: Body
) -> None:
    async with open_store() as store:
        script, first = await hosted(store)
        second = next_version(first)

        async def tried(version: ScriptVersion, expected: Expected) -> bool:
            attempt = an_attempt(version, dataset=dataset, key=IdempotencyKey(str(len(seen))))
            seen.append(attempt)
            added = await add(store, attempt, expected, keyed)
            assert added in (Success(None), REFUSED)
            if not is_successful(added):
                await assert_nothing_of(store, attempt)
                assert await store.keys.find(attempt.request.key) is None
            return is_successful(added)

        seen: list[Attempt] = []
        unknown = evolve(first, script_id=a_script()[0].id)
        assert not await tried(unknown, OPEN)
        assert [await tried(first, one) for one in (OPEN, FIRST)] == [True, True]
        (await store.scripts.add_version(second)).unwrap()
        assert [await tried(first, one) for one in (OPEN, FIRST)] == [True, False]
        assert [await tried(second, one) for one in (OPEN, FIRST, SECOND)] == [True, False, True]
        await store.scripts.set_archived_at(archive(script, NOON))
        assert [await tried(second, one) for one in (OPEN, FIRST, SECOND)] == [False, False, False]
        await store.scripts.set_archived_at(unarchive(script))
        assert [await tried(second, one) for one in (OPEN, SECOND)] == [True, True]
        assert await store.executions.waiting(99) == 7


@pytest.mark.parametrize("keyed", [False, True], ids=["plain", "keyed"])
async def test_an_execution_is_added_only_if_its_alias_leads_where_it_did(open_store: OpenStore, keyed: bool) -> None:
    async with open_store() as store:
        script, first = await hosted(store, versions=2)
        other, _ = await hosted(store, "loans")
        unnamed = Expected(latest=2, alias=LIVE)
        expectations = [unnamed, *(Expected(alias=LIVE, leads_to=number) for number in (None, 1, 2))]

        async def accepted() -> set[int | Expected | None]:
            """Add an execution with each expectation, and return where those that were added expect it to lead."""
            attempts = [(one, an_attempt(first, key=IdempotencyKey(str(an_id())))) for one in expectations]
            added = [(one, await add(store, attempt, one, keyed)) for one, attempt in attempts]
            assert {stored for _, stored in added} <= {Success(None), REFUSED}
            return {unnamed if one == unnamed else one.leads_to for one, stored in added if is_successful(stored)}

        assert await accepted() == {None, unnamed}
        await promoted(store, other.id, 1)
        assert await accepted() == {None, unnamed}
        await promoted(store, script.id, 1, AliasName("canary"))
        assert await accepted() == {None, unnamed}
        for number in (2, 1):
            await promoted(store, script.id, number)
            assert await accepted() == {number}
        await removed(store, script.id)
        assert await accepted() == {None, unnamed}


async def test_a_refused_start_leaves_no_lease_and_no_execution(open_store: OpenStore) -> None:
    async with open_store() as store:
        script, first = await hosted(store)
        await store.scripts.set_archived_at(archive(script, NOON))
        running = a_start(first)
        assert await store.executions.add(NewExecution(running, SMALL, expected=FIRST)) == REFUSED
        assert await store.executions.report(running.submission.id, 0) is None
        assert await store.queue.renew([running]) == {running.claim.id}


async def test_a_repeated_request_gets_its_record_whatever_became_of_its_script(open_store: OpenStore) -> None:
    async with open_store() as store:
        script, first = await hosted(store)
        original = an_attempt(first)
        assert await add(store, original, FIRST, keyed=True) == Success(None)
        (await store.scripts.add_version(next_version(first))).unwrap()
        await store.scripts.set_archived_at(archive(script, NOON))
        for dataset in (SMALL, LARGE):
            assert await add(store, an_attempt(first, dataset=dataset), FIRST, keyed=True) == Failure(original.record)
        assert await add(store, original, FIRST, keyed=True) in (Success(None), Failure(original.record))


@frozen
class Coming:
    """A submission: to which of the scripts, what its sender believes to be the latest version, and its key, if any."""

    script: int
    latest: int | None
    key: int | None
    is_large: bool


comings = st.builds(
    Coming,
    script=st.integers(0, 3),
    latest=st.sampled_from([None, 1, 2, 2]),
    key=st.none() | st.integers(0, 3),
    is_large=st.sampled_from([False, False, False, True]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12, deadline=None)
@given(several=st.lists(comings, min_size=1, max_size=20))
async def test_of_a_batch_those_are_added_whose_scripts_are_as_expected(
    open_store: OpenStore, several: list[Coming]
) -> None:
    """Script 0 has two versions, 1 has one, 2 is archived, and 3 does not exist. All come at once."""
    async with open_store() as store:
        pairs = [await hosted(store, f"script-{number}", versions=2 if number == 0 else 1) for number in range(3)]
        await store.scripts.set_archived_at(archive(pairs[2][0], NOON))
        versions = [*(version for _, version in pairs), a_script("unknown")[1]]
        attempts = [
            an_attempt(versions[one.script], IdempotencyKey(str(one.key)), LARGE if one.is_large else SMALL)
            for one in several
        ]
        coming = zip(attempts, several, strict=True)
        added = await asyncio.gather(
            *(add(store, attempt, Expected(one.latest), one.key is not None) for attempt, one in coming)
        )
        kept = {one.submission.id for one in await store.executions.page(ExecutionFilter(), None, 99)}
        owners: dict[int, KeyRecord] = {}
        for attempt, one, stored in zip(attempts, several, added, strict=True):
            is_stored = attempt.pending.submission.id in kept
            assert is_stored == is_successful(stored)
            is_expected = one.script == 1 or (one.script == 0 and one.latest != 1)
            assert is_expected or not is_stored
            if one.key is None:
                assert stored == (Success(None) if is_expected else REFUSED)
            elif is_stored:
                assert one.key not in owners
                owners[one.key] = attempt.record
        for attempt, one, stored in zip(attempts, several, added, strict=True):
            record = None if one.key is None else owners.get(one.key)
            if record is not None and attempt.record != record:
                may_come_first = one.script > 1 or (one.script == 0 and one.latest == 1)
                assert stored in ([Failure(record), REFUSED] if may_come_first else [Failure(record)])
            if not is_successful(stored):
                await assert_nothing_of(store, attempt)
        for key in {one.key for one in several if one.key is not None}:
            assert await store.keys.find(IdempotencyKey(str(key))) == owners.get(key)


async def changed(store: Store, change: str, script: Script, first: ScriptVersion) -> None:
    if change == "archive":
        await store.scripts.set_archived_at(archive(script, NOON))
    elif change == "promote":
        await promoted(store, script.id, 2)
    else:
        (await store.scripts.add_version(next_version(first))).unwrap()


@pytest.mark.parametrize("change", ["archive", "revise", "promote"])
async def test_what_comes_after_a_change_was_answered_is_refused(open_store: OpenStore, change: str) -> None:
    """Submissions come all the time, by two processes, while the script changes."""
    async with open_store() as store:
        script, first = await hosted(store, versions=2 if change == "promote" else 1)
        expected = Expected(alias=LIVE, leads_to=1) if change == "promote" else FIRST
        if change == "promote":
            await promoted(store, script.id, 1)
        has_changed, is_over = asyncio.Event(), asyncio.Event()
        late: list[Stored] = []
        early: list[Stored] = []

        async def submit(number: int) -> None:
            while not is_over.is_set():
                answers = late if has_changed.is_set() else early
                if number % 2:
                    answers.append(await store.executions.add(NewExecution(a_pending(first), SMALL, expected=expected)))
                else:
                    attempt = an_attempt(first, evolve(KEY, value=f"{number} {len(early)} {len(late)}"))
                    new = NewExecution(attempt.pending, SMALL, expected=expected)
                    answers.append(await store.rival_keys.add(new, attempt.request))
                if len(early) > 20:
                    may_change.set()
                if len(late) > 20:
                    is_over.set()
                await asyncio.sleep(0)

        async def make_the_change() -> None:
            await may_change.wait()
            await changed(store, change, script, first)
            has_changed.set()

        may_change = asyncio.Event()
        await asyncio.gather(make_the_change(), *(submit(number) for number in range(6)))
        assert Success(None) in early
        assert set(map(is_successful, late)) == {False}
        kept = len(await store.executions.page(ExecutionFilter(), None, 9_999))
        assert kept == sum(map(is_successful, early))
