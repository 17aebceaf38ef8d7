"""Read and set the gates of scripts, and report how a version stands at one."""

from typing import TypeAlias

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.ports.aliases import Aliases
from application.ports.scripts import ScriptRef, Scripts
from application.scripts.aliases import with_script
from application.scripts.read import UnknownScript, VersionNotFound, read_version
from domain.aliases import VersionRef
from domain.audit import Actor
from domain.gate import Gate, GateReason, MissingGate, StoredGate, remove_gate, replace_gate, unmet_requirements
from domain.preconditions import Precondition, PreconditionFailed
from domain.script import Script
from domain.versions import ScriptVersion


@frozen
class NoGate:
    """The script has no gate."""

    script: Script


@frozen
class GateReport:
    """A version at the gate of its script, with every requirement that it does not meet; without a gate, none."""

    version: ScriptVersion
    reasons: tuple[GateReason, ...]


GateUnknown: TypeAlias = UnknownScript | NoGate
GateRefused: TypeAlias = GateUnknown | PreconditionFailed


@frozen(kw_only=True)
class GateUseCases:
    """The use cases of gates with their ports bound, once for each process."""

    scripts: Scripts
    aliases: Aliases

    async def find(self, script_ref: ScriptRef) -> Result[StoredGate, GateUnknown]:
        """Read a script's gate."""

        async def found(script: Script) -> Result[StoredGate, GateUnknown]:
            stored = await self.aliases.gate(script.id)
            return Success(stored) if stored is not None else Failure(NoGate(script))

        return await with_script(self.scripts, script_ref, found)

    async def set(
        self, script_ref: ScriptRef, gate: Gate, precondition: Precondition, actor: Actor
    ) -> Result[StoredGate, UnknownScript | PreconditionFailed]:
        """Set a script's gate."""

        async def replaced(script: Script) -> Result[StoredGate, PreconditionFailed]:
            kept = await self.aliases.set_gate(
                script.id, lambda stored: replace_gate(gate, precondition, stored), actor
            )
            return kept.map(_set)

        return await with_script(self.scripts, script_ref, replaced)

    async def remove(
        self, script_ref: ScriptRef, precondition: Precondition, actor: Actor
    ) -> Result[None, GateUnknown | PreconditionFailed]:
        """Remove a script's gate."""

        async def removed(script: Script) -> Result[None, GateUnknown | PreconditionFailed]:
            gone = await self.aliases.set_gate(script.id, lambda stored: remove_gate(precondition, stored), actor)
            return gone.map(lambda _: None).alt(lambda why: NoGate(script) if isinstance(why, MissingGate) else why)

        return await with_script(self.scripts, script_ref, removed)

    async def report(self, script_ref: ScriptRef, wanted: VersionRef) -> Result[GateReport, VersionNotFound]:
        """Report how a version stands at its script's gate, whichever alias it would be promoted to."""
        found = await read_version(self.scripts, script_ref, wanted)
        if not is_successful(found):
            return Failure(found.failure())
        script, version = found.unwrap()
        stored = await self.aliases.gate(script.id)
        if stored is None:
            return Success(GateReport(version, ()))
        standing = await self.aliases.standing(script.id, version.number)
        return Success(GateReport(version, unmet_requirements(stored.gate, standing)))


def _set(stored: StoredGate | None) -> StoredGate:
    assert stored is not None, "it was set"
    return stored
