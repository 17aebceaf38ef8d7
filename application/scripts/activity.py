"""Read the scripts with their activity, and the versions of one with their use."""

from collections.abc import Sequence
from uuid import UUID

from attrs import frozen

from application.ports.activity import ScriptActivity
from application.ports.scripts import Scripts
from application.ports.system import Clock
from application.ports.version_usage import ReadVersionUsage
from domain.activity import Activity, Period, Window, window
from domain.script import Script
from domain.version_usage import VersionUsage, most_examined
from domain.versions import VersionSummary


@frozen
class ScriptsWithActivity:
    """A page of scripts, each with its activity in the window."""

    window: Window
    items: Sequence[tuple[Script, Activity]]


@frozen(kw_only=True)
class ActivityUseCases:
    """The use cases of activity with their ports bound, once for each process."""

    scripts: Scripts
    activity: ScriptActivity
    version_usage: ReadVersionUsage
    clock: Clock

    async def page(self, period: Period, before: UUID | None, limit: int) -> ScriptsWithActivity:
        """Read a page of the scripts with the activity of each."""
        shown = window(period, self.clock())
        scripts = await self.scripts.page(before, limit)
        found = await self.activity.read([one.id for one in scripts], shown)
        return ScriptsWithActivity(shown, [(one, found[one.id]) for one in scripts])

    async def versions(
        self, script_id: UUID, before: int | None, limit: int
    ) -> Sequence[tuple[VersionSummary, VersionUsage]]:
        """Read a page of a script's versions with the use of each."""
        versions = await self.scripts.versions(script_id, before, limit)
        found = await self.version_usage(script_id, [one.number for one in versions], most_examined(len(versions)))
        return [(one, found[one.number]) for one in versions]
