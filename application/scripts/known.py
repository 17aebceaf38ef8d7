"""The scripts that this process has read, so that a submission to one of them reads nothing.

What is remembered may be outdated: another process may have archived the script, given it a version, or moved an alias.
So it decides nothing alone: the store adds an execution only if the script is as expected, and a refusal that a memory
suggests is confirmed by a read. That a script or an alias does not exist is never remembered.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.ports.errors import Conflict
from application.ports.scripts import ScriptRef, Scripts
from application.scripts.read import UnknownScript, UnknownVersion, VersionNotFound, read_script, select
from domain.aliases import AliasName, SelectedVersion, VersionRef, select_version
from domain.script import Script, ScriptArchived, ScriptHead, head_of
from domain.versions import ScriptVersion

_Accepted = TypeVar("_Accepted")
_Refusal = TypeVar("_Refusal")

MOST_KNOWN: Final = 10_000
"""References that a process remembers, and aliases of theirs, with some 500 bytes each; the least recently used
references are forgotten."""


@frozen
class ResolvedVersion:
    """The script and the version that a submission refers to, and the alias that led to it, if one did;
    `is_remembered` if they were not read for it."""

    script: ScriptHead
    version: ScriptVersion
    is_remembered: bool
    alias: AliasName | None = None


class KnownScripts:
    """The heads of scripts by the references, ids and names, under which they were read."""

    def __init__(self, scripts: Scripts, most: int = MOST_KNOWN) -> None:
        self._scripts, self._most = scripts, most
        self._heads: OrderedDict[ScriptRef, ScriptHead] = OrderedDict()
        self._weight = 0

    async def find(self, script_ref: ScriptRef) -> Result[Script, UnknownScript]:
        """Read the script of that id or name."""
        return await read_script(self._scripts, script_ref)

    async def resolve(
        self, script_ref: ScriptRef, wanted: VersionRef | None
    ) -> Result[ResolvedVersion, VersionNotFound]:
        """Resolve a reference, from memory or else by a read; without one, to the version of `live` or the latest."""
        head = self._heads.get(script_ref)
        if head is not None:
            self._heads.move_to_end(script_ref)
            selected = select_version(wanted, head.latest_version, head.aliases)
            resolved = await self._version(head, selected.value_or(None), is_remembered=True)
            if resolved is not None:
                return Success(resolved)
        return await self.read(script_ref, wanted)

    async def read(self, script_ref: ScriptRef, wanted: VersionRef | None) -> Result[ResolvedVersion, VersionNotFound]:
        """Read the script and one of its versions, as `resolve` does, and remember the script."""
        found = await read_script(self._scripts, script_ref)
        resolved: Result[ResolvedVersion, VersionNotFound] = (
            await self._selected(found.unwrap(), wanted) if is_successful(found) else Failure(found.failure())
        )
        if is_successful(resolved):
            self._remember(script_ref, resolved.unwrap().script)
        else:
            self._forget(script_ref)
        return resolved

    async def store_confirmed(
        self,
        resolved: ResolvedVersion,
        script_ref: ScriptRef,
        wanted: VersionRef | None,
        store: Callable[[ResolvedVersion], Awaitable[Result[_Accepted, _Refusal | Conflict]]],
    ) -> Result[_Accepted, _Refusal | VersionNotFound | ScriptArchived]:
        """Store what follows from a resolved version, or from one read anew if its script may not be as remembered.

        The version read then is the latest for this request, even if another one comes before the store has answered.
        """
        stored = await store(resolved)
        if resolved.is_remembered and _may_be_outdated(stored):
            found = await self.read(script_ref, wanted)
            if not is_successful(found):
                return Failure(found.failure())
            resolved = found.unwrap()
            stored = await store(resolved)
        return stored.alt(lambda refusal: _as_refusal(refusal, resolved.script))

    async def _selected(self, script: Script, wanted: VersionRef | None) -> Result[ResolvedVersion, VersionNotFound]:
        selected = select(script, wanted)
        if not is_successful(selected):
            return Failure(selected.failure())
        resolved = await self._version(head_of(script), selected.unwrap(), is_remembered=False)
        unknown = UnknownVersion(script, selected.unwrap().number)
        return Success(resolved) if resolved is not None else Failure(unknown)

    async def _version(
        self, head: ScriptHead, selected: SelectedVersion | None, is_remembered: bool
    ) -> ResolvedVersion | None:
        version = None if selected is None else await self._scripts.version(head.id, selected.number)
        if version is None or selected is None:
            return None
        return ResolvedVersion(head, version, is_remembered, selected.alias)

    def _remember(self, script_ref: ScriptRef, head: ScriptHead) -> None:
        self._forget(script_ref)
        self._heads[script_ref] = head
        self._weight += _weight_of(head)
        while self._weight > self._most and len(self._heads) > 1:
            self._forget(next(iter(self._heads)))

    def _forget(self, script_ref: ScriptRef) -> None:
        head = self._heads.pop(script_ref, None)
        self._weight -= 0 if head is None else _weight_of(head)


def _may_be_outdated(stored: Result[_Accepted, _Refusal | Conflict]) -> bool:
    """Tell whether a refusal may be due to a script that was remembered as it is no more."""
    return not is_successful(stored) and isinstance(stored.failure(), Conflict | ScriptArchived)


def _as_refusal(refusal: _Refusal | Conflict, script: ScriptHead) -> _Refusal | ScriptArchived:
    """Name the one reason for which the store refuses what follows from a script that was just read."""
    return ScriptArchived(script.name) if isinstance(refusal, Conflict) else refusal


def _weight_of(head: ScriptHead) -> int:
    return 1 + len(head.aliases)
