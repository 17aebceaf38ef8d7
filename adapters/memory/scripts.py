"""The port `Scripts` of the store in memory."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from attrs import evolve
from returns.result import Failure, Result, Success

from adapters.memory.audit import MemoryAudit
from application.ports.errors import Conflict
from application.ports.executions import Expected
from application.ports.scripts import NameTaken, ScriptRef
from domain.aliases import AliasName
from domain.audit import ANONYMOUS, Actor, description_event, retention_event, script_event, version_event
from domain.retention import ScriptRetention
from domain.script import Script
from domain.versions import ScriptVersion, VersionSummary, summarize


class MemoryScripts:
    """The port `Scripts`."""

    def __init__(self, audit: MemoryAudit) -> None:
        self.audit: Final = audit
        self._scripts: dict[UUID, Script] = {}
        self._versions: dict[tuple[UUID, int], ScriptVersion] = {}

    async def add(self, script: Script, version: ScriptVersion, by: Actor = ANONYMOUS) -> Result[None, NameTaken]:
        if any(other.name == script.name for other in self._scripts.values()):
            return Failure(NameTaken(script.name))
        self._scripts[script.id] = script
        self.audit.names[script.id] = script.name.value
        self._versions[script.id, version.number] = self._signed(version, by)
        self.audit.record(version_event(version, by))
        return Success(None)

    async def add_version(self, version: ScriptVersion, by: Actor = ANONYMOUS) -> Result[ScriptVersion, Conflict]:
        script = self._scripts[version.script_id]
        if script.archived_at is not None or version.number != script.latest_version + 1:
            return Failure(Conflict())
        self._versions[script.id, version.number] = added = self._signed(version, by)
        self._scripts[script.id] = evolve(script, latest_version=version.number, engine=version.engine)
        self.audit.record(version_event(version, by))
        return Success(added)

    def _signed(self, version: ScriptVersion, by: Actor) -> ScriptVersion:
        return evolve(version, created_by=self.audit.names.get(by.key_id))

    async def set_archived_at(self, script: Script, by: Actor = ANONYMOUS) -> None:
        kept = self._scripts[script.id]
        if kept.archived_at != script.archived_at:
            self._scripts[script.id] = evolve(kept, archived_at=script.archived_at)
            self.audit.record(script_event(script, by))

    async def set_retention(self, script: Script, by: Actor = ANONYMOUS) -> None:
        kept = self._scripts[script.id]
        if kept.retention != script.retention:
            self._scripts[script.id] = evolve(kept, retention=script.retention)
            self.audit.record(retention_event(script, by))

    async def set_description(self, script: Script, by: Actor = ANONYMOUS) -> None:
        kept = self._scripts[script.id]
        if kept.description != script.description:
            self._scripts[script.id] = evolve(kept, description=script.description)
            self.audit.record(description_event(script, by))

    def retention_of(self, script_id: UUID) -> ScriptRetention:
        """Return the script's own retention, for the other ports of the store."""
        return self._scripts[script_id].retention

    def version_of(self, script_id: UUID, number: int) -> ScriptVersion:
        """Return a version that is there, for the other ports of the store."""
        return self._versions[script_id, number]

    def is_as_expected(self, script_id: UUID, expected: Expected) -> bool:
        """Check the guard of a new execution, for the other ports of the store."""
        script = self._scripts.get(script_id)
        if script is None or (expected.must_be_open and script.archived_at is not None):
            return False
        if expected.alias is not None and script.aliases.get(expected.alias) != expected.leads_to:
            return False
        return expected.latest is None or script.latest_version <= expected.latest

    def point(self, script_id: UUID, alias: AliasName, version: int | None) -> None:
        """Point an alias to a version, or remove it, for the other ports of the store."""
        script = self._scripts[script_id]
        others = {name: number for name, number in script.aliases.items() if name != alias}
        aliases = others if version is None else others | {alias: version}
        self._scripts[script_id] = evolve(script, aliases=aliases)

    async def find(self, script: ScriptRef) -> Script | None:
        return next((one for one in self._scripts.values() if script in (one.id, one.name)), None)

    async def version(self, script_id: UUID, number: int) -> ScriptVersion | None:
        return self._versions.get((script_id, number))

    async def page(self, before: UUID | None, limit: int) -> Sequence[Script]:
        newest_first = sorted(self._scripts.values(), key=lambda script: script.id, reverse=True)
        return [script for script in newest_first if before is None or script.id < before][:limit]

    async def versions(self, script_id: UUID, before: int | None, limit: int) -> Sequence[VersionSummary]:
        own = [version for (owner, _), version in self._versions.items() if owner == script_id]
        newest_first = sorted(own, key=lambda version: version.number, reverse=True)
        return [summarize(version) for version in newest_first if before is None or version.number < before][:limit]
