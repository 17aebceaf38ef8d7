"""Read the scripts with their activity."""

from collections.abc import Sequence
from uuid import UUID

from attrs import frozen

from application.ports.activity import ScriptActivity
from application.ports.scripts import Scripts
from application.ports.system import Clock
from domain.activity import Activity, Period, Window, window
from domain.script import Script


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
    clock: Clock

    async def page(self, period: Period, before: UUID | None, limit: int) -> ScriptsWithActivity:
        """Read a page of the scripts with the activity of each."""
        shown = window(period, self.clock())
        scripts = await self.scripts.page(before, limit)
        found = await self.activity.read([one.id for one in scripts], shown)
        return ScriptsWithActivity(shown, [(one, found[one.id]) for one in scripts])
