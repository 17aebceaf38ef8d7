"""Changes of a script's tests wait for a promotion that has the script locked."""

import asyncio
from collections.abc import Callable

import psycopg
from attrs import evolve

from adapters.postgres.connections import open_pool
from adapters.postgres.script_tests import PostgresScriptTests
from adapters.postgres.scripts import PostgresScripts
from application.ports.script_tests import NewTest
from domain.preconditions import UNCONDITIONAL
from domain.script_tests import ScriptTestResult
from tests.support.script_tests import a_content, a_script_test
from tests.support.values import NOON, a_script, a_source
from tests.support.waiting import eventually_sees

WAITING = b"select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"


async def test_every_change_waits_for_a_promotion_of_the_script(lent_database: Callable[[], str]) -> None:
    url, (script, version) = lent_database(), a_script()
    async with (
        open_pool(url, "tests", size=4) as pool,
        await psycopg.AsyncConnection.connect(url) as promotion,
        await psycopg.AsyncConnection.connect(url, autocommit=True) as observer,
    ):
        tests = PostgresScriptTests(pool)
        (await PostgresScripts(pool).add(script, version)).unwrap()
        kept, removed = (a_script_test(script.id, name) for name in ("kept", "removed"))
        for test in (kept, removed):
            (await tests.put(NewTest(test, a_content()))).unwrap()
        await promotion.execute("select from scripts where id = %s for no key update", [script.id])
        results = [ScriptTestResult(kept.id, passed=True)]
        changes = [
            asyncio.ensure_future(change)
            for change in (
                tests.put(NewTest(a_script_test(script.id, "new"), a_content())),
                tests.remove(script.id, removed.name, UNCONDITIONAL),
                tests.record(version, results, NOON),
                tests.add_version(evolve(version, number=2, source=a_source("// 2")), results),
            )
        ]

        async def all_wait() -> bool:
            row = await (await observer.execute(WAITING)).fetchone()
            return row is not None and row[0] == len(changes)

        await eventually_sees(all_wait)
        assert not any(change.done() for change in changes)
        await promotion.commit()
        await asyncio.gather(*changes)
        assert [one.name.value for one in await tests.of_script(script.id)] == ["kept", "new"]
