"""Port to the hosted scripts and their versions."""

from collections.abc import Sequence
from typing import Protocol, TypeAlias
from uuid import UUID

from attrs import frozen
from returns.result import Result

from application.ports.errors import Conflict
from domain.audit import ANONYMOUS, Actor
from domain.script import Script, ScriptName
from domain.versions import ScriptVersion, VersionSummary

ScriptRef: TypeAlias = UUID | ScriptName
"""A reference to a script: its id or its name."""


@frozen
class NameTaken:
    """Another script has the name; archived ones keep theirs."""

    name: ScriptName


class Scripts(Protocol):
    """The hosted scripts and their versions. Each change goes into the audit trail with it, as `by`'s."""

    async def add(self, script: Script, version: ScriptVersion, by: Actor = ANONYMOUS) -> Result[None, NameTaken]:
        """Keep a new script with its first version."""
        ...

    async def add_version(self, version: ScriptVersion, by: Actor = ANONYMOUS) -> Result[ScriptVersion, Conflict]:
        """Keep the next version, unless its number is taken or the script has been archived meanwhile.

        Returned is the version with the name of its author's API key.
        """
        ...

    async def set_archived_at(self, script: Script, by: Actor = ANONYMOUS) -> None:
        """Keep the script's `archived_at`, if it is another."""
        ...

    async def set_retention(self, script: Script, by: Actor = ANONYMOUS) -> None:
        """Keep the script's `retention`, if it is another."""
        ...

    async def set_description(self, script: Script, by: Actor = ANONYMOUS) -> None:
        """Keep the script's `description`, if it is another."""
        ...

    async def find(self, script: ScriptRef) -> Script | None:
        """Find the script of that id or name."""
        ...

    async def version(self, script_id: UUID, number: int) -> ScriptVersion | None:
        """Find one version of a script."""
        ...

    async def page(self, before: UUID | None, limit: int) -> Sequence[Script]:
        """List up to `limit` scripts, newest first, whose ids come before `before`."""
        ...

    async def versions(self, script_id: UUID, before: int | None, limit: int) -> Sequence[VersionSummary]:
        """List up to `limit` versions of a script, newest first, whose numbers are less than `before`."""
        ...
