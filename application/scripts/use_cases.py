"""The use cases of scripts with their ports bound, once for each process."""

from collections.abc import Sequence
from uuid import UUID

from attrs import frozen
from returns.result import Result

from application.ports.sandbox import CheckScript
from application.ports.scripts import ScriptRef, Scripts
from application.ports.system import Clock, NewId
from application.scripts.compare_versions import Compared, find_compared
from application.scripts.describe import describe_script
from application.scripts.read import UnknownScript, VersionNotFound, read_script, read_version
from application.scripts.register import Register, RegistrationRefused, register_script
from application.scripts.restore import RestorationRefused, Restore, find_restoration
from application.scripts.revise import Revise, RevisionRefused, archive_script, revise_script, unarchive_script
from application.scripts.set_retention import set_retention
from domain.aliases import VersionRef
from domain.audit import Actor
from domain.retention import ScriptRetention
from domain.script import Description, Revision, Script
from domain.versions import ScriptVersion, VersionSummary


@frozen(kw_only=True)
class ScriptUseCases:
    """Register, revise, read and archive scripts."""

    scripts: Scripts
    check_script: CheckScript
    clock: Clock
    new_id: NewId

    async def register(self, command: Register) -> Result[tuple[Script, ScriptVersion], RegistrationRefused]:
        """Host a new script."""
        return await register_script(self.scripts, self.check_script, self.clock, self.new_id, command)

    async def revise(self, command: Revise) -> Result[Revision, RevisionRefused]:
        """Give a script its next version."""
        return await revise_script(self.scripts, self.check_script, self.clock, command)

    async def find_restoration(self, command: Restore) -> Result[Revise, RestorationRefused]:
        """Find the revision that restores a former version."""
        return await find_restoration(self.scripts, command)

    async def describe(
        self, script: ScriptRef, description: Description, actor: Actor
    ) -> Result[Script, UnknownScript]:
        """Change a script's description."""
        return await describe_script(self.scripts, script, description, actor)

    async def read(self, script: ScriptRef) -> Result[Script, UnknownScript]:
        """Read a script."""
        return await read_script(self.scripts, script)

    async def read_version(
        self, script: ScriptRef, wanted: VersionRef | None
    ) -> Result[tuple[Script, ScriptVersion], VersionNotFound]:
        """Read a script and one of its versions, by its number or an alias."""
        return await read_version(self.scripts, script, wanted)

    async def find_compared(
        self, script: ScriptRef, wanted: VersionRef, against: int | None
    ) -> Result[Compared, VersionNotFound]:
        """Find two versions of a script to compare."""
        return await find_compared(self.scripts, script, wanted, against)

    async def page(self, before: UUID | None, limit: int) -> Sequence[Script]:
        """Read a page of the scripts."""
        return await self.scripts.page(before, limit)

    async def versions(self, script_id: UUID, before: int | None, limit: int) -> Sequence[VersionSummary]:
        """Read a page of a script's versions."""
        return await self.scripts.versions(script_id, before, limit)

    async def archive(self, script: ScriptRef, actor: Actor) -> Result[Script, UnknownScript]:
        """Close a script to new versions and executions."""
        return await archive_script(self.scripts, self.clock, script, actor)

    async def unarchive(self, script: ScriptRef, actor: Actor) -> Result[Script, UnknownScript]:
        """Open an archived script again."""
        return await unarchive_script(self.scripts, script, actor)

    async def set_retention(
        self, script: ScriptRef, retention: ScriptRetention, actor: Actor
    ) -> Result[Script, UnknownScript]:
        """Set the retention of a script's executions."""
        return await set_retention(self.scripts, script, retention, actor)
