"""The contract of every store for scripts."""

import asyncio

import pytest
from attrs import evolve
from returns.pipeline import is_successful

from application.ports.errors import Conflict
from application.ports.scripts import NameTaken
from domain.access import Scope, new_key, new_token
from domain.audit import ANONYMOUS, Actor
from domain.engine import EngineName
from domain.notes import Note
from domain.retention import INHERIT_ALL, Forever, retention
from domain.script import Description, ScriptName, archive, unarchive
from domain.versions import ScriptVersion, summarize
from domain.warnings import SourceWarningKind, source_warning
from tests.contracts.conftest import OpenStore
from tests.support.values import NOON, a_script, a_source, an_id

pytestmark = pytest.mark.parametrize("open_store", ["memory", "postgres"], indirect=True)  # nothing is sealed here


async def test_a_script_is_found_by_id_and_by_name_as_it_was_added(open_store: OpenStore) -> None:
    async with open_store() as store:
        script, version = a_script(text="function process() { return '\0é'; }")
        (await store.scripts.add(script, version)).unwrap()
        assert await store.scripts.find(script.id) == script
        assert await store.scripts.find(script.name) == script
        assert await store.scripts.version(script.id, 1) == version


async def test_an_unknown_script_is_not_found(open_store: OpenStore) -> None:
    async with open_store() as store:
        assert await store.scripts.find(an_id()) is None
        assert await store.scripts.find(ScriptName("nothing")) is None
        assert await store.scripts.version(an_id(), 1) is None
        assert await store.scripts.versions(an_id(), None, 10) == []
        assert await store.scripts.page(None, 10) == []


async def test_a_taken_name_is_refused_and_nothing_is_added(open_store: OpenStore) -> None:
    async with open_store() as store:
        script, version = a_script()
        other, other_version = a_script()
        (await store.scripts.add(script, version)).unwrap()
        assert (await store.scripts.add(other, other_version)).failure() == NameTaken(script.name)
        assert await store.scripts.find(other.id) is None
        assert await store.scripts.version(other.id, 1) is None


async def test_of_concurrent_registrations_one_gets_the_name(open_store: OpenStore) -> None:
    async with open_store() as store:
        added = await asyncio.gather(*(store.scripts.add(*a_script()) for _ in range(8)))
        assert sum(one.failure() == NameTaken(ScriptName("corporate-cards")) for one in added if one.value_or(1)) == 7
        assert len(await store.scripts.page(None, 10)) == 1


def next_version(version: ScriptVersion) -> ScriptVersion:
    return evolve(version, number=version.number + 1, source=a_source(f"// {version.number + 1}"))


async def test_a_next_version_is_the_latest(open_store: OpenStore) -> None:
    async with open_store() as store:
        script, first = a_script()
        await store.scripts.add(script, first)
        second = next_version(first)
        (await store.scripts.add_version(second)).unwrap()
        assert await store.scripts.find(script.id) == evolve(script, latest_version=2)
        assert await store.scripts.version(script.id, 2) == second
        assert await store.scripts.version(script.id, 1) == first


async def test_versions_are_read_with_their_engines_even_one_that_only_a_later_release_knows(
    open_store: OpenStore,
) -> None:
    async with open_store() as store:
        script, first = a_script(engine=EngineName.DUKPY)
        await store.scripts.add(script, first)
        second, third = evolve(first, number=2, engine="a-later-engine"), evolve(first, number=3, engine="quickjs-ng")
        for one in (second, third):
            (await store.scripts.add_version(one)).unwrap()
            assert await store.scripts.find(script.name) == evolve(script, latest_version=one.number, engine=one.engine)
        assert [await store.scripts.version(script.id, number) for number in (1, 2, 3)] == [first, second, third]
        assert await store.scripts.versions(script.id, None, 10) == [summarize(one) for one in (third, second, first)]
        (listed,) = await store.scripts.page(None, 10)
        assert listed.engine == "quickjs-ng"


async def test_a_version_is_read_with_its_warnings(open_store: OpenStore) -> None:
    warnings = (
        source_warning(SourceWarningKind.MISSING_INTL, 'não há "Intl"', 3, 14),
        source_warning(SourceWarningKind.NO_MODULES, ""),
    )
    async with open_store() as store:
        script, first = a_script(warnings=warnings)
        await store.scripts.add(script, first)
        second, third = evolve(first, number=2, warnings=()), evolve(first, number=3, warnings=warnings[:1])
        for one in (second, third):
            (await store.scripts.add_version(one)).unwrap()
        assert await store.scripts.version(script.id, 1) == first
        assert await store.scripts.versions(script.id, None, 10) == [summarize(one) for one in (third, second, first)]


async def test_a_version_is_read_with_its_note_and_the_name_of_its_author_s_key(open_store: OpenStore) -> None:
    async with open_store() as store:
        key = new_key(an_id(), "deployment", [Scope.SCRIPTS_WRITE], NOON, None).unwrap()
        await store.api_keys.add(key, new_token(bytes(32)).digest)
        script, first = a_script()
        first = evolve(first, note=Note("Primeira versão — 💳\n'; drop table scripts; --"))
        await store.scripts.add(script, first, Actor(key.id))
        second, third = evolve(first, number=2, note=Note("")), evolve(first, number=3)
        added = [await store.scripts.add_version(one, by) for one, by in ((second, Actor(key.id)), (third, ANONYMOUS))]
        named = [evolve(first, created_by="deployment"), evolve(second, created_by="deployment"), third]
        assert [one.unwrap() for one in added] == named[1:]
        assert [await store.scripts.version(script.id, number) for number in (1, 2, 3)] == named
        assert await store.scripts.versions(script.id, None, 10) == [summarize(one) for one in reversed(named)]


async def test_of_concurrent_revisions_one_gets_the_number(open_store: OpenStore) -> None:
    async with open_store() as store:
        script, first = a_script()
        await store.scripts.add(script, first)
        added = await asyncio.gather(*(store.scripts.add_version(next_version(first)) for _ in range(8)))
        assert sum(is_successful(one) for one in added) == 1


async def test_an_archived_script_gets_no_version_until_it_is_open_again(open_store: OpenStore) -> None:
    async with open_store() as store:
        script, first = a_script()
        await store.scripts.add(script, first)
        archived = archive(script, NOON)
        await store.scripts.set_archived_at(archived)
        assert await store.scripts.find(script.id) == archived
        assert (await store.scripts.add_version(next_version(first))).failure() == Conflict()
        await store.scripts.set_archived_at(unarchive(archived))
        (await store.scripts.add_version(next_version(first))).unwrap()


async def test_a_retention_is_stored_and_changes_nothing_else(open_store: OpenStore) -> None:
    async with open_store() as store:
        script, first = a_script()
        other, other_version = a_script("other")
        await store.scripts.add(script, first)
        await store.scripts.add(other, other_version)
        forever = retention(36_500, Forever.FOREVER).unwrap()
        for own in (retention(1, 36_500).unwrap(), forever, retention(None, 7).unwrap(), INHERIT_ALL):
            await store.scripts.set_retention(evolve(archive(script, NOON), retention=own))
            assert await store.scripts.find(script.name) == evolve(script, retention=own)
            assert await store.scripts.page(None, 10) == [other, evolve(script, retention=own)]


async def test_a_description_is_changed_and_nothing_else(open_store: OpenStore) -> None:
    async with open_store() as store:
        (script, first), (other, other_version) = a_script(), a_script("other")
        await store.scripts.add(script, first)
        await store.scripts.add(other, other_version)
        for text in ("Cartões — 💳", ""):
            changed = evolve(script, description=Description(text))
            await store.scripts.set_description(evolve(archive(changed, NOON), retention=retention(1, 2).unwrap()))
            assert await store.scripts.page(None, 10) == [other, changed]


async def test_pages_go_from_the_newest_to_the_oldest_without_gap(open_store: OpenStore) -> None:
    async with open_store() as store:
        scripts = [a_script(name=f"script-{number}") for number in range(5)]
        for script, version in scripts:
            await store.scripts.add(script, version)
        first = await store.scripts.page(None, 2)
        rest = await store.scripts.page(first[-1].id, 10)
        assert [*first, *rest] == [script for script, _ in reversed(scripts)]


async def test_versions_go_from_the_newest_to_the_oldest_without_gap(open_store: OpenStore) -> None:
    async with open_store() as store:
        script, version = a_script()
        await store.scripts.add(script, version)
        versions = [version]
        for _ in range(3):
            versions.append(next_version(versions[-1]))
            (await store.scripts.add_version(versions[-1])).unwrap()
        first = await store.scripts.versions(script.id, None, 2)
        rest = await store.scripts.versions(script.id, first[-1].number, 10)
        assert [*first, *rest] == [summarize(one) for one in versions[::-1]]


async def test_a_description_is_stored_as_it_is(open_store: OpenStore) -> None:
    async with open_store() as store:
        script, version = a_script()
        script = evolve(script, description=Description("Cartões — 💳\n'; drop table scripts; --"))
        await store.scripts.add(script, version)
        assert await store.scripts.find(script.id) == script
