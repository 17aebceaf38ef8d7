"""Port to the activity of scripts."""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from domain.activity import Activity, Window


class ScriptActivity(Protocol):
    """Counts of executions by script and time. They outlast the executions that are counted."""

    async def read(self, script_ids: Sequence[UUID], window: Window) -> Mapping[UUID, Activity]:
        """Read the activity of each of the scripts, also of those without any. The last bucket is read to its end."""
        ...

    async def sum_up(self) -> bool:
        """Add up hours that are over, so that reading them is cheap; return True if there are more.

        Any process may call it at any time. An execution that is stored late, up to three hours after the end of its
        hour, is still counted.
        """
        ...
