"""Restore a version: its source, engine and limits become the script's next version."""

from typing import TypeAlias

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result

from application.ports.scripts import ScriptRef, Scripts
from application.scripts.read import VersionNotFound, read_version
from application.scripts.revise import Revise
from domain.aliases import VersionRef
from domain.audit import ANONYMOUS, Actor
from domain.engine import EngineName
from domain.notes import NO_NOTE, Note
from domain.versions import VersionEngineMissing, restoration

RestorationRefused: TypeAlias = VersionNotFound | VersionEngineMissing


@frozen(kw_only=True)
class Restore:
    """The command: make that version the script's latest once more. `engines` are the installed ones."""

    script: ScriptRef
    version: VersionRef
    engines: tuple[EngineName, ...]
    note: Note = NO_NOTE
    actor: Actor = ANONYMOUS


async def find_restoration(scripts: Scripts, command: Restore) -> Result[Revise, RestorationRefused]:
    """Find the revision that has the source, engine and limits of a former version."""
    found = await read_version(scripts, command.script, command.version)
    if not is_successful(found):
        return Failure(found.failure())
    script, version = found.unwrap()
    return restoration(version, command.engines, command.note).map(
        lambda wanted: Revise(script=script.id, wanted=wanted, actor=command.actor)
    )
