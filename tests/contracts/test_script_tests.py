"""The contract of every store for the tests of scripts and their results."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from attrs import evolve
from returns.pipeline import is_successful

from application.ports.access import AuditFilter
from application.ports.errors import Conflict
from application.ports.script_tests import NewTest, StoredTest
from domain.access import SECRET_BYTES, Scope, new_key, new_token
from domain.audit import Action, Actor
from domain.comparison.values import Tolerance
from domain.preconditions import UNCONDITIONAL, Precondition, PreconditionFailed
from domain.script import ScriptArchived, ScriptName, archive
from domain.script_tests import (
    MOST_TESTS,
    ResultExpectation,
    ScriptTest,
    ScriptTestName,
    ScriptTestResult,
    ScriptTestStanding,
    TooManyTests,
    UnknownTest,
)
from domain.versions import ScriptVersion
from tests.contracts.conftest import OpenStore, Store
from tests.support.script_tests import TIMEOUT, a_content, a_script_test
from tests.support.values import NOON, a_script, a_source, an_id

pytestmark = pytest.mark.parametrize("open_store", ["memory", "postgres", "postgres, sealed"], indirect=True)

WITHIN = ResultExpectation(Tolerance(Decimal("0.10"), Decimal("1E-9")), is_subset=True)


async def hosted(store: Store, name: str = "corporate-cards") -> ScriptVersion:
    script, version = a_script(name)
    (await store.scripts.add(script, version)).unwrap()
    return version


async def written(store: Store, test: ScriptTest, precondition: Precondition = UNCONDITIONAL) -> ScriptTest:
    (await store.script_tests.put(NewTest(test, a_content(), precondition))).unwrap()
    return test


async def audited(store: Store) -> list[tuple[Action, str | None, int | None]]:
    return [
        (one.event.action, one.event.test, one.event.version) for one in await store.audit.page(AuditFilter(), None, 9)
    ]


async def test_a_test_is_found_as_it_was_written(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await hosted(store)
        key = new_key(an_id(), "ci", (Scope.SCRIPTS_WRITE,), NOON, None).unwrap()
        await store.api_keys.add(key, new_token(bytes(SECRET_BYTES)).digest)
        for name, expectation, expected in (
            ("within", WITHIN, b'{"a": 1.50}'),
            ("fails", TIMEOUT, None),
            ("says", TIMEOUT, "ação".encode()),
        ):
            test = evolve(a_script_test(version.script_id, name, b"[1, 2]", expectation), from_execution=an_id())
            content = a_content(b"[1, 2]", expected)
            test = evolve(test, created_by="ci")
            assert (await store.script_tests.put(NewTest(test, content), Actor(key.id))).unwrap() == StoredTest(
                test, False
            )
            assert await store.script_tests.find(version.script_id, test.name) == (test, content)
        names = [one.name.value for one in await store.script_tests.of_script(version.script_id)]
        assert names == ["fails", "says", "within"]
        assert await store.script_tests.find(version.script_id, ScriptTestName("none")) is None
        assert await store.script_tests.find(an_id(), ScriptTestName("says")) is None
        assert await store.script_tests.of_script(an_id()) == []
        assert (await audited(store))[0] == (Action.WROTE_TEST, "says", None)


async def test_a_result_of_a_former_test_does_not_count(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await hosted(store)
        former = await written(store, a_script_test(version.script_id))
        other = await written(store, a_script_test(version.script_id, "other"))
        results = [ScriptTestResult(one.id, passed=True) for one in (former, other)]
        await store.script_tests.record(version, results, NOON)
        current = a_script_test(version.script_id)
        assert (await store.script_tests.put(NewTest(current, a_content()))).unwrap() == StoredTest(
            current, replaced=True
        )
        await store.script_tests.record(version, [ScriptTestResult(former.id, passed=True)], NOON)  # it ran meanwhile
        assert await store.script_tests.standings(version.script_id, 1) == [
            ScriptTestStanding(current),
            ScriptTestStanding(other, True, NOON),
        ]
        later = NOON + timedelta(hours=1)
        await store.script_tests.record(version, [ScriptTestResult(other.id, passed=False)], later)
        assert (await store.script_tests.standings(version.script_id, 1))[1] == ScriptTestStanding(other, False, later)
        assert (await store.script_tests.standings(version.script_id, 2))[1] == ScriptTestStanding(other)
        assert (await audited(store))[0] == (Action.CHECKED, None, 1)


async def test_a_removed_test_is_gone_with_its_results(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await hosted(store)
        test = await written(store, a_script_test(version.script_id))
        await store.script_tests.record(version, [ScriptTestResult(test.id, passed=True)], NOON)
        script = await store.scripts.find(version.script_id)
        assert script is not None
        await store.scripts.set_archived_at(archive(script, NOON))
        (await store.script_tests.remove(version.script_id, test.name, UNCONDITIONAL)).unwrap()
        assert await store.script_tests.standings(version.script_id, 1) == []
        assert (await audited(store))[0] == (Action.REMOVED_TEST, "empty", None)
        again = await store.script_tests.remove(version.script_id, test.name, UNCONDITIONAL)
        assert again.failure() == UnknownTest(ScriptName("corporate-cards"), test.name)
        refused = await store.script_tests.put(NewTest(test, a_content()))
        assert refused.failure() == ScriptArchived(ScriptName("corporate-cards"))


async def test_preconditions_are_decided_with_the_change(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await hosted(store)
        test = a_script_test(version.script_id)
        present, new, same = (
            Precondition(allows_absent=False),
            Precondition(allows_existing=False),
            Precondition(allows_absent=False, revisions=frozenset({str(test.id)})),
        )

        async def refused(test: ScriptTest, precondition: Precondition, current: UUID | None) -> None:
            failed = PreconditionFailed(current)
            assert (await store.script_tests.put(NewTest(test, a_content(), precondition))).failure() == failed

        await refused(test, present, None)
        await refused(test, same, None)
        await written(store, test, new)
        await refused(test, new, test.id)
        changed = await written(store, a_script_test(version.script_id), same)
        await refused(test, same, changed.id)
        kept = await store.script_tests.remove(version.script_id, test.name, same)
        assert kept.failure() == PreconditionFailed(changed.id)
        (await store.script_tests.remove(version.script_id, test.name, present)).unwrap()


async def test_a_script_has_no_more_tests_than_it_may_have_however_many_are_written_at_once(
    open_store: OpenStore,
) -> None:
    async with open_store() as store:
        version, other = await hosted(store), await hosted(store, "other")
        names = [f"test-{number}" for number in range(MOST_TESTS + 2)]
        for name in names[: MOST_TESTS - 1]:
            await written(store, a_script_test(version.script_id, name))
        last = [NewTest(a_script_test(version.script_id, name), a_content()) for name in names[MOST_TESTS - 1 :]]
        put = await asyncio.gather(*map(store.script_tests.put, last))
        refused = [one.failure() for one in put if one.value_or(None) is None]
        assert refused == [TooManyTests(ScriptName("corporate-cards"))] * 2
        assert len(await store.script_tests.of_script(version.script_id)) == MOST_TESTS
        await written(store, a_script_test(version.script_id, names[0]))
        await written(store, a_script_test(other.script_id, names[-1]))


async def test_a_version_is_stored_only_with_the_results_of_all_tests(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await hosted(store)
        following = evolve(version, number=2, source=a_source("// 2"))
        test = await written(store, a_script_test(version.script_id))
        results = [ScriptTestResult(test.id, passed=True)]
        for wrong in ([], [ScriptTestResult(an_id(), passed=True)], [*results, ScriptTestResult(an_id(), passed=True)]):
            assert (await store.script_tests.add_version(following, wrong)).failure() == Conflict()
        assert await store.scripts.version(version.script_id, 2) is None
        (await store.script_tests.add_version(following, results)).unwrap()
        assert await store.scripts.version(version.script_id, 2) == following
        standing = ScriptTestStanding(test, True, following.created_at)
        assert await store.script_tests.standings(version.script_id, 2) == [standing]
        assert (await audited(store))[:2] == [(Action.CHECKED, None, 2), (Action.REVISED, None, 2)]
        assert (await store.script_tests.add_version(following, results)).failure() == Conflict()


async def test_of_a_test_and_a_version_that_come_at_once_one_knows_of_the_other(open_store: OpenStore) -> None:
    async with open_store() as store:
        version = await hosted(store)
        for number in range(2, 6):
            following = evolve(version, number=number, source=a_source(f"// {number}"))
            known = [
                ScriptTestResult(one.id, passed=True) for one in await store.script_tests.of_script(version.script_id)
            ]
            put, added = await asyncio.gather(
                store.script_tests.put(NewTest(a_script_test(version.script_id, f"t{number}"), a_content())),
                store.script_tests.add_version(following, known),
            )
            assert not put.unwrap().replaced
            if not is_successful(added):  # the test came first
                known = [
                    ScriptTestResult(one.id, passed=True)
                    for one in await store.script_tests.of_script(version.script_id)
                ]
                (await store.script_tests.add_version(following, known)).unwrap()
