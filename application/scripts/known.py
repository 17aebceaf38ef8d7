"""The scripts that this process has read, so that a submission to one of them reads nothing.

What is remembered may be outdated: another process may have archived the script, or given it a version. So it decides
nothing alone: the store adds an execution only if the script is as expected, and a refusal that a memory suggests is
confirmed by a read. That a script does not exist is never remembered.
"""

from collections import OrderedDict
from typing import Final

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Result, Success

from application.ports.scripts import ScriptRef, Scripts
from application.scripts.read import UnknownScript, VersionNotFound, read_script, read_version
from domain.script import Script, ScriptHead, ScriptVersion, head_of

MOST_KNOWN: Final = 10_000
"""References that a process remembers, with some 500 bytes each; the least recently used are forgotten."""


@frozen
class ResolvedVersion:
    """The script and the version that a submission refers to; `is_remembered` if they were not read for it."""

    script: ScriptHead
    version: ScriptVersion
    is_remembered: bool


class KnownScripts:
    """The heads of scripts by the references, ids and names, under which they were read."""

    def __init__(self, scripts: Scripts, most: int = MOST_KNOWN) -> None:
        self._scripts, self._most = scripts, most
        self._heads: OrderedDict[ScriptRef, ScriptHead] = OrderedDict()

    async def find(self, script_ref: ScriptRef) -> Result[Script, UnknownScript]:
        """Read the script of that id or name."""
        return await read_script(self._scripts, script_ref)

    async def resolve(self, script_ref: ScriptRef, number: int | None) -> Result[ResolvedVersion, VersionNotFound]:
        """Resolve a reference to a version, the latest if no number is given: from memory, or else by a read."""
        head = self._heads.get(script_ref)
        if head is not None:
            self._heads.move_to_end(script_ref)
            version = await self._scripts.version(head.id, head.latest_version if number is None else number)
            if version is not None:
                return Success(ResolvedVersion(head, version, is_remembered=True))
        return await self.read(script_ref, number)

    async def read(self, script_ref: ScriptRef, number: int | None) -> Result[ResolvedVersion, VersionNotFound]:
        """Read the script and one of its versions, the latest if no number is given, and remember the script."""
        found = await read_version(self._scripts, script_ref, number)
        if not is_successful(found):
            self._heads.pop(script_ref, None)
        return found.map(lambda pair: ResolvedVersion(self._remember(script_ref, pair[0]), pair[1], False))

    def _remember(self, script_ref: ScriptRef, script: Script) -> ScriptHead:
        head = self._heads[script_ref] = head_of(script)
        self._heads.move_to_end(script_ref)
        if len(self._heads) > self._most:
            self._heads.popitem(last=False)
        return head
