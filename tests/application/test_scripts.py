"""Hosting a script, revising it, closing it, finding it."""

from attrs import evolve
from returns.pipeline import is_successful
from returns.result import Failure, Result

from adapters.memory.scripts import MemoryScripts
from adapters.memory.store import MemoryStore
from adapters.system import utc_now, uuid7
from application.ports.errors import Conflict
from application.ports.sandbox import NotRunnable
from application.ports.scripts import NameTaken, ScriptRef
from application.scripts.compare_versions import find_compared
from application.scripts.describe import describe_script
from application.scripts.read import UnknownScript, UnknownVersion, read_script, read_version
from application.scripts.register import Register, RegistrationRefused, register_script
from application.scripts.restore import RestorationRefused, Restore, find_restoration
from application.scripts.revise import Revise, RevisionRefused, archive_script, revise_script, unarchive_script
from application.scripts.set_retention import set_retention
from domain.audit import ANONYMOUS, Actor
from domain.engine import DEFAULT_ENGINE, EngineName
from domain.limits import DEFAULTS
from domain.notes import Note
from domain.retention import INHERIT_ALL, retention
from domain.script import Description, Revised, Revision, Script, ScriptArchived, ScriptName, Unchanged
from domain.versions import ScriptVersion, VersionEngineMissing
from domain.warnings import SourceWarning
from tests.application.conftest import FAULT, LOCALES, Checker
from tests.support.values import a_request, a_source

NAME = ScriptName("corporate-cards")


async def register(
    store: MemoryStore, checker: Checker, text: str = "one"
) -> Result[tuple[Script, ScriptVersion], RegistrationRefused]:
    command = Register(name=NAME, description=Description(""), first=a_request(a_source(text)))
    return await register_script(store.scripts, checker, utc_now, uuid7, command)


async def revise(
    scripts: MemoryScripts, checker: Checker, text: str, key: ScriptRef = NAME
) -> Result[Revision, RevisionRefused]:
    return await revise_script(scripts, checker, utc_now, Revise(script=key, wanted=a_request(a_source(text))))


async def test_a_registered_script_can_be_read_by_both_its_names(store: MemoryStore, checker: Checker) -> None:
    script, version = (await register(store, checker)).unwrap()
    assert (await read_script(store.scripts, NAME)).unwrap() == script
    assert (await read_version(store.scripts, script.id, None)).unwrap() == (script, version)
    assert (await read_version(store.scripts, script.id, 1)).unwrap() == (script, version)


async def test_a_source_that_the_sandbox_refuses_is_not_registered(store: MemoryStore, checker: Checker) -> None:
    assert (await register(store, checker, "{{{")).failure() == FAULT
    assert (await read_script(store.scripts, NAME)).failure() == UnknownScript(NAME)


async def test_a_taken_name_is_refused_before_the_source_is_tried(store: MemoryStore, checker: Checker) -> None:
    await register(store, checker)
    assert (await register(store, checker, "{{{")).failure() == NameTaken(NAME)
    assert len(checker.asked) == 1


async def test_a_name_that_is_taken_meanwhile_is_refused_too(store: MemoryStore, checker: Checker) -> None:
    class TakesTheName(Checker):
        async def __call__(self, *args: object) -> Result[tuple[SourceWarning, ...], NotRunnable]:
            await register(store, checker)
            return await checker(a_source(), DEFAULTS, DEFAULT_ENGINE)

    assert (await register(store, TakesTheName())).failure() == NameTaken(NAME)


async def test_a_missing_script_or_version_is_reported(store: MemoryStore, checker: Checker) -> None:
    script, _ = (await register(store, checker)).unwrap()
    nobody = ScriptName("nobody")
    assert (await read_version(store.scripts, nobody, 1)).failure() == UnknownScript(nobody)
    assert (await read_version(store.scripts, NAME, 2)).failure() == UnknownVersion(script, 2)
    assert (await revise(store.scripts, checker, "two", nobody)).failure() == UnknownScript(nobody)
    assert (await archive_script(store.scripts, utc_now, nobody)).failure() == UnknownScript(nobody)


async def test_a_revision_is_checked_and_stored(store: MemoryStore, checker: Checker) -> None:
    await register(store, checker)
    revised = (await revise(store.scripts, checker, "two")).unwrap()
    assert isinstance(revised, Revised)
    assert (await read_version(store.scripts, NAME, None)).unwrap() == (revised.script, revised.version)
    assert len(checker.asked) == 2


async def test_warnings_of_the_sandbox_are_stored_with_the_version(store: MemoryStore, checker: Checker) -> None:
    _, first = (await register(store, checker, "new Intl.Collator()")).unwrap()
    revised = (await revise(store.scripts, checker, "Intl")).unwrap()
    silent = (await revise(store.scripts, checker, "two")).unwrap()
    assert (first.warnings, revised.version.warnings, silent.version.warnings) == (LOCALES, LOCALES, ())
    kept = [(await read_version(store.scripts, NAME, number)).unwrap()[1] for number in (1, 2, 3)]
    assert [one.warnings for one in kept] == [LOCALES, LOCALES, ()]


async def test_the_same_source_again_is_the_same_version_and_is_not_tried(store: MemoryStore, checker: Checker) -> None:
    script, version = (await register(store, checker)).unwrap()
    assert (await revise(store.scripts, checker, "one")).unwrap() == Unchanged(version, script)
    assert len(checker.asked) == 1


async def test_a_revision_that_the_sandbox_refuses_is_not_stored(store: MemoryStore, checker: Checker) -> None:
    await register(store, checker)
    assert (await revise(store.scripts, checker, "{{{")).failure() == FAULT
    assert (await read_script(store.scripts, NAME)).unwrap().latest_version == 1


class Rivalled(MemoryScripts):
    """Another revision comes first, once, with the source `rival`."""

    def __init__(self, scripts: MemoryScripts, rival: str) -> None:
        self._inner, self._rival = scripts, rival
        self.find, self.version = scripts.find, scripts.version  # type: ignore[method-assign]

    async def add_version(self, version: ScriptVersion, by: Actor = ANONYMOUS) -> Result[ScriptVersion, Conflict]:
        if version.number == 2:
            (await self._inner.add_version(evolve(version, source=a_source(self._rival)))).unwrap()
        return await self._inner.add_version(version)


async def test_the_second_of_two_concurrent_revisions_gets_the_next_number(
    store: MemoryStore, checker: Checker
) -> None:
    await register(store, checker)
    revised = (await revise(Rivalled(store.scripts, "rival"), checker, "two")).unwrap()
    assert isinstance(revised, Revised)
    assert (revised.version.number, revised.version.source) == (3, a_source("two"))
    assert checker.asked == [a_source("one"), a_source("two")]


async def test_of_two_equal_concurrent_revisions_one_is_added(store: MemoryStore, checker: Checker) -> None:
    await register(store, checker)
    same = (await revise(Rivalled(store.scripts, "two"), checker, "two")).unwrap()
    assert isinstance(same, Unchanged)
    assert same.version.number == 2


async def test_an_archived_script_takes_no_revision_until_it_is_open_again(
    store: MemoryStore, checker: Checker
) -> None:
    script, _ = (await register(store, checker)).unwrap()
    archived = (await archive_script(store.scripts, utc_now, NAME)).unwrap()
    assert archived.archived_at is not None
    assert (await revise(store.scripts, checker, "two")).failure() == ScriptArchived(NAME)
    assert (await unarchive_script(store.scripts, script.id)).unwrap() == script
    assert isinstance((await revise(store.scripts, checker, "two")).unwrap(), Revised)


async def test_a_retention_is_set_by_id_or_by_name_and_refused_for_an_unknown_script(
    store: MemoryStore, checker: Checker
) -> None:
    script, _ = (await register(store, checker)).unwrap()
    own = retention(30, None).unwrap()
    retained = evolve(script, retention=own)
    assert (await set_retention(store.scripts, NAME, own)).unwrap() == retained
    assert await store.scripts.find(script.id) == retained
    assert (await set_retention(store.scripts, script.id, INHERIT_ALL)).unwrap() == script
    nobody = ScriptName("nobody")
    assert (await set_retention(store.scripts, nobody, own)).failure() == UnknownScript(nobody)


async def test_a_description_is_changed_even_of_an_archived_script(store: MemoryStore, checker: Checker) -> None:
    script, _ = (await register(store, checker)).unwrap()
    closed = (await archive_script(store.scripts, utc_now, NAME)).unwrap()
    changed = evolve(closed, description=Description("new"))
    assert (await describe_script(store.scripts, NAME, Description("new"))).unwrap() == changed
    assert (await read_script(store.scripts, script.id)).unwrap() == changed
    nobody = ScriptName("nobody")
    assert (await describe_script(store.scripts, nobody, Description("new"))).failure() == UnknownScript(nobody)


async def restore(
    store: MemoryStore, checker: Checker, number: int, engines: tuple[EngineName, ...] = tuple(EngineName)
) -> Result[Revision, RestorationRefused | RevisionRefused]:
    command = Restore(script=NAME, version=number, engines=engines, note=Note("back"))
    found = await find_restoration(store.scripts, command)
    if not is_successful(found):
        return Failure(found.failure())
    return await revise_script(store.scripts, checker, utc_now, found.unwrap())


async def test_a_restored_version_is_checked_again_and_is_the_latest_with_its_own_note(
    store: MemoryStore, checker: Checker
) -> None:
    script, first = (await register(store, checker)).unwrap()
    (await revise(store.scripts, checker, "two")).unwrap()
    restored = (await restore(store, checker, 1)).unwrap()
    assert restored.version == evolve(first, number=3, note=Note("back"), created_at=restored.version.created_at)
    assert (await read_version(store.scripts, NAME, None)).unwrap()[1] == restored.version
    assert len(checker.asked) == 3
    assert (await restore(store, checker, 1)).unwrap() == Unchanged(restored.version, evolve(script, latest_version=3))
    assert len(checker.asked) == 3
    assert (await restore(store, checker, 9)).failure() == UnknownVersion(evolve(script, latest_version=3), 9)


async def test_a_version_is_not_restored_to_an_archived_script_or_without_its_engine(
    store: MemoryStore, checker: Checker
) -> None:
    _, first = (await register(store, checker)).unwrap()
    (await revise(store.scripts, checker, "two")).unwrap()
    assert (await restore(store, checker, 1, ())).failure() == VersionEngineMissing(first, ())
    await archive_script(store.scripts, utc_now, NAME)
    assert (await restore(store, checker, 1)).failure() == ScriptArchived(NAME)
    assert [one.number for one in await store.scripts.versions(first.script_id, None, 9)] == [2, 1]


def replaced(number: int, other: int, before: str, after: str) -> str:
    """Write the diff of two sources with one line each."""
    header = f"--- a/{NAME.value}.js\tversion {number}\n+++ b/{NAME.value}.js\tversion {other}\n"
    changed = "".join(f"{line}\n\\ No newline at end of file\n" for line in (f"-{before}", f"+{after}"))
    return f"{header}@@ -1,1 +1,1 @@\n{changed}"


async def test_versions_are_compared_with_the_previous_one_or_another(store: MemoryStore, checker: Checker) -> None:
    script, _ = (await register(store, checker)).unwrap()
    for text in ("two", "three"):
        (await revise(store.scripts, checker, text)).unwrap()
    script = evolve(script, latest_version=3)
    compared = {
        (number, against): (await find_compared(store.scripts, NAME, number, against)).unwrap()
        for number, against in ((1, None), (3, None), (1, 3), (2, 2))
    }
    sizes = {key: one.size_bytes for key, one in compared.items()}
    assert sizes == {(1, None): 3, (3, None): 8, (1, 3): 8, (2, 2): 6}
    assert [one.diff().decode() for one in compared.values()] == [
        "--- /dev/null\n+++ b/corporate-cards.js\tversion 1\n@@ -0,0 +1,1 @@\n+one\n\\ No newline at end of file\n",
        replaced(2, 3, "two", "three"),
        replaced(3, 1, "three", "one"),
        "",
    ]
    assert (await find_compared(store.scripts, NAME, 9, None)).failure() == UnknownVersion(script, 9)
    assert (await find_compared(store.scripts, NAME, 3, 9)).failure() == UnknownVersion(script, 9)
