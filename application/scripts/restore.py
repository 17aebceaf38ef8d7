"""Restore a version: its source, engine and limits become the script's next version."""

from typing import TypeAlias

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result

from application.ports.sandbox import CheckScript
from application.ports.scripts import ScriptRef, Scripts
from application.ports.system import Clock
from application.scripts.read import read_version
from application.scripts.revise import Revise, RevisionRefused, revise_script
from domain.audit import ANONYMOUS, Actor
from domain.engine import EngineName
from domain.script import Revision
from domain.versions import NO_NOTE, VersionEngineMissing, VersionNote, restoration

RestorationRefused: TypeAlias = RevisionRefused | VersionEngineMissing


@frozen(kw_only=True)
class Restore:
    """The command: make that version the script's latest once more. `engines` are the installed ones."""

    script: ScriptRef
    number: int
    engines: tuple[EngineName, ...]
    note: VersionNote = NO_NOTE
    actor: Actor = ANONYMOUS


async def restore_version(
    scripts: Scripts, check: CheckScript, clock: Clock, command: Restore
) -> Result[Revision, RestorationRefused]:
    """Add a version with the source, engine and limits of a former one, unless the latest has the same."""
    found = await read_version(scripts, command.script, command.number)
    if not is_successful(found):
        return Failure(found.failure())
    script, version = found.unwrap()
    wanted = restoration(version, command.engines, command.note)
    if not is_successful(wanted):
        return Failure(wanted.failure())
    revise = Revise(script=script.id, wanted=wanted.unwrap(), actor=command.actor)
    return await revise_script(scripts, check, clock, revise)
