"""The PostgreSQL adapter's additions to the contract: cached versions, and not too many of them."""

from collections.abc import Callable

import pytest

from adapters.postgres import scripts
from adapters.postgres.connections import open_pool
from adapters.postgres.scripts import PostgresScripts
from adapters.postgres.warnings import source_warnings_from
from domain.limits import MIB
from domain.versions import summarize
from domain.warnings import SourceWarningKind, source_warning
from tests.adapters.postgres.test_outages import cut_connections
from tests.support.values import a_script


def test_a_warning_that_was_stored_without_a_column_has_none() -> None:
    stored = [{"kind": "missing-intl", "detail": "no Intl", "line": 3}]
    assert source_warnings_from(stored) == (source_warning(SourceWarningKind.MISSING_INTL, "no Intl", 3),)


async def test_a_version_that_was_read_is_read_again_without_the_database(new_database: Callable[[], str]) -> None:
    url = new_database()
    async with open_pool(url, "tests", size=1) as pool:
        store, (script, version) = PostgresScripts(pool), a_script()
        await store.add(script, version)
        assert await store.version(script.id, 1) == version
        cut_connections(url)
        assert await store.version(script.id, 1) == version


async def test_the_cache_of_versions_is_bounded(
    new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scripts, "_REMEMBERED", 2)
    async with open_pool(new_database(), "tests", size=1) as pool:
        store = PostgresScripts(pool)
        hosted = [a_script(name=f"script-{number}") for number in range(4)]
        for script, version in hosted:
            await store.add(script, version)
        for _ in range(2):
            for script, version in hosted:
                assert await store.version(script.id, 1) == version
                assert len(store._recent) <= 2


async def test_a_page_of_versions_holds_no_source_however_long(new_database: Callable[[], str]) -> None:
    async with open_pool(new_database(), "tests", size=1) as pool:
        store = PostgresScripts(pool)
        script, version = a_script(text="// " + "x" * (MIB - 3))
        await store.add(script, version)
        (row,) = await store._versions(script_id=script.id, limit=10)
        assert row["source"] is None
        assert await store.versions(script.id, None, 10) == [summarize(version)]


async def test_the_sources_that_are_remembered_have_a_bound_together(
    new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scripts, "_REMEMBERED_BYTES", 250)
    async with open_pool(new_database(), "tests", size=1) as pool:
        store = PostgresScripts(pool)
        for number in range(5):
            script, version = a_script(f"script-{number}", text="// " + "x" * 97)
            await store.add(script, version)
            assert await store.version(script.id, 1) == version
        assert len(store._recent) == 2
        script, version = a_script("long", text="// " + "x" * 1_000)
        await store.add(script, version)
        assert await store.version(script.id, 1) == version
        assert list(store._recent) == [(script.id, 1)]
