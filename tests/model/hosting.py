"""Users' acts on scripts."""

from typing import Final, Literal, TypeAlias, cast
from uuid import UUID

from attrs import evolve, field, frozen
from returns.result import Failure, Result, Success

from adapters.system import uuid7
from application.ports.sandbox import CheckScript, NotRunnable
from application.ports.scripts import NameTaken, Scripts
from application.scripts.read import UnknownScript
from application.scripts.register import Register as RegisterCommand
from application.scripts.register import RegistrationRefused, register_script
from application.scripts.revise import Revise as ReviseCommand
from application.scripts.revise import RevisionRefused, archive_script, revise_script, unarchive_script
from application.scripts.set_retention import set_retention
from domain.body import digest
from domain.engine import DEFAULT_ENGINE, EngineName
from domain.limits import Limits
from domain.retention import ScriptRetention
from domain.script import Description, Revised, Revision, Script, ScriptArchived, ScriptName, Unchanged
from domain.versions import ScriptVersion, Source, VersionSummary
from domain.warnings import SourceWarning, SourceWarningKind, source_warning
from tests.model.environments import World
from tests.model.invariants import Hosted, HostedVersion
from tests.model.ledger import Ledger
from tests.model.steps import Around, Meanwhile, nothing
from tests.support.values import a_request, a_source

Registered: TypeAlias = Result[tuple[Script, ScriptVersion], RegistrationRefused]


WARNED: Final = (source_warning(SourceWarningKind.MISSING_INTL, "there is no Intl", 1),)


def checking(meanwhile: Meanwhile) -> CheckScript:
    """Create a sandbox that accepts every source, with a warning, and takes its time."""

    async def check(
        source: Source, limits: Limits, engine: EngineName
    ) -> Result[tuple[SourceWarning, ...], NotRunnable]:
        await meanwhile()
        return Success(WARNED)

    return check


@frozen
class Register:
    """A user registers a script; something may happen while its source is tried."""

    api: int
    name: str
    text: str
    meanwhile: Meanwhile = field(default=nothing, repr=False)
    engine: EngineName | None = None

    async def act(self, world: World) -> Registered:
        api = world.apis[self.api]
        first = a_request(a_source(self.text), engine=self.engine)
        command = RegisterCommand(name=ScriptName(self.name), description=Description(""), first=first)
        return await register_script(api.scripts, checking(self.meanwhile), api.clock, uuid7, command)

    def tell(self, ledger: Ledger, answer: Registered) -> None:
        if self.name in ledger.scripts:
            assert answer == Failure(NameTaken(ScriptName(self.name)))
        else:
            script, _ = answer.unwrap()
            first = HostedVersion(self.text.encode(), self.engine or DEFAULT_ENGINE)
            ledger.scripts[self.name] = Hosted(script.id, (first,))


@frozen
class Revise:
    """A user revises a script; something may happen while its source is tried, or before it is written."""

    api: int
    name: str
    text: str
    at: Literal["check", "write"] = "check"
    meanwhile: Meanwhile = field(default=nothing, repr=False)
    engine: EngineName | None = None

    async def act(self, world: World) -> Result[Revision, RevisionRefused]:
        api = world.apis[self.api]
        at_check, at_write = (self.meanwhile, nothing) if self.at == "check" else (nothing, self.meanwhile)
        scripts = cast("Scripts", Around(api.scripts, "add_version", before=at_write))
        wanted = a_request(a_source(self.text), engine=self.engine)
        command = ReviseCommand(script=ScriptName(self.name), wanted=wanted)
        return await revise_script(scripts, checking(at_check), api.clock, command)

    def tell(self, ledger: Ledger, answer: Result[Revision, RevisionRefused]) -> None:
        hosted, text = ledger.scripts[self.name], self.text.encode()
        if hosted.archived:
            assert answer == Failure(ScriptArchived(ScriptName(self.name)))
            return
        revision = answer.unwrap()
        assert isinstance(revision, Unchanged if self._is_met_by(hosted.versions[-1]) else Revised)
        assert (revision.version.source.data, revision.version.warnings) == (text, WARNED)
        if isinstance(revision, Revised):
            made = HostedVersion(text, self.engine or DEFAULT_ENGINE)
            ledger.scripts[self.name] = evolve(hosted, versions=(*hosted.versions, made))
        assert revision.version.number == len(ledger.scripts[self.name].versions)
        assert revision.version.engine == ledger.scripts[self.name].versions[-1].engine

    def _is_met_by(self, latest: HostedVersion) -> bool:
        return latest.source == self.text.encode() and (self.engine is None or latest.engine == self.engine)


@frozen
class Close:
    """A user archives a script, or opens it again."""

    api: int
    name: str
    archived: bool = True

    async def act(self, world: World) -> Result[Script, UnknownScript]:
        api, name = world.apis[self.api], ScriptName(self.name)
        if self.archived:
            return await archive_script(api.scripts, api.clock, name)
        return await unarchive_script(api.scripts, name)

    def tell(self, ledger: Ledger, answer: Result[Script, UnknownScript]) -> None:
        ledger.scripts[self.name] = evolve(ledger.scripts[self.name], archived=self.archived)
        ledger.scripts[self.name].agrees(self.name, answer.unwrap())


@frozen
class Retain:
    """An operator sets a script's retention."""

    api: int
    name: str
    own: ScriptRetention

    async def act(self, world: World) -> Result[Script, UnknownScript]:
        return await set_retention(world.apis[self.api].scripts, ScriptName(self.name), self.own)

    def tell(self, ledger: Ledger, answer: Result[Script, UnknownScript]) -> None:
        ledger.scripts[self.name] = evolve(ledger.scripts[self.name], retention=self.own)
        ledger.scripts[self.name].agrees(self.name, answer.unwrap())


@frozen
class LookAtScripts:
    """A user lists all scripts and their versions, two a page."""

    api: int

    async def act(self, world: World) -> list[tuple[Script, list[VersionSummary]]]:
        scripts, shown, before = world.apis[self.api].scripts, list[tuple[Script, list[VersionSummary]]](), None
        while page := await scripts.page(before, 2):
            shown += [(one, await _versions(scripts, one.id)) for one in page]
            before = page[-1].id
            assert len(shown) == len({one.id for one, _ in shown})
        return shown

    def tell(self, ledger: Ledger, answer: list[tuple[Script, list[VersionSummary]]]) -> None:
        assert sorted(one.name.value for one, _ in answer) == sorted(ledger.scripts)
        for script, versions in answer:
            hosted = ledger.scripts[script.name.value]
            hosted.agrees(script.name.value, script)
            expected = [
                (number, digest(version.source), version.engine)
                for number, version in enumerate(hosted.versions, start=1)
            ][::-1]
            assert [(one.number, one.digest, one.engine) for one in versions] == expected


async def _versions(scripts: Scripts, script_id: UUID) -> list[VersionSummary]:
    shown: list[VersionSummary] = []
    while page := await scripts.versions(script_id, shown[-1].number if shown else None, 2):
        shown += page
        assert len(shown) == len({one.number for one in shown})
    return shown
