"""Names of scripts by their ids, for messages. A script keeps its name and is never removed, so it is remembered."""

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from application.ports.scripts import Scripts
from domain.script import ScriptName

MOST_REMEMBERED: Final = 10_000


class ScriptNames:
    """The names of scripts, each looked up once by a process, unless very many are."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts
        self._names: dict[UUID, ScriptName] = {}

    async def of(self, ids: Iterable[UUID | None]) -> Mapping[UUID | None, ScriptName]:
        """Look up the names of scripts, of which those that are not there have none."""
        found: dict[UUID | None, ScriptName] = {}
        for script_id in {one for one in ids if one is not None}:
            name = self._names.get(script_id) or await self._look_up(script_id)
            if name is not None:
                found[script_id] = name
        return found

    async def _look_up(self, script_id: UUID) -> ScriptName | None:
        script = await self._scripts.find(script_id)
        if script is None:
            return None
        if len(self._names) >= MOST_REMEMBERED:
            self._names.clear()
        self._names[script_id] = script.name
        return script.name
