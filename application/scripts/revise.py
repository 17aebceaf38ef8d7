"""Add a version to a script, or close it to new work and reopen it."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.ports.errors import Conflict
from application.ports.sandbox import CheckScript, NotRunnable
from application.ports.scripts import ScriptRef, Scripts
from application.ports.system import Clock
from application.scripts.read import UnknownScript, VersionNotFound, read_script, read_version
from domain.audit import ANONYMOUS, Actor
from domain.checks import ChecksFailed
from domain.script import Revised, Revision, Script, ScriptArchived, archive, revise, unarchive
from domain.versions import ScriptVersion, VersionRequest
from domain.warnings import SourceWarning

RevisionRefused: TypeAlias = VersionNotFound | ScriptArchived | NotRunnable | ChecksFailed
AddVersion: TypeAlias = Callable[[ScriptVersion, Actor], Awaitable[Result[ScriptVersion, Conflict | ChecksFailed]]]
"""The way in which a version is stored, which may have conditions of its own."""


@frozen(kw_only=True)
class Revise:
    """The command: give that script the version."""

    script: ScriptRef
    wanted: VersionRequest
    actor: Actor = ANONYMOUS


async def revise_script(
    scripts: Scripts, check: CheckScript, clock: Clock, command: Revise, add: AddVersion | None = None
) -> Result[Revision, RevisionRefused]:
    """Add the wanted version, or return the latest one if it is the same.

    After the check in the sandbox, which takes time, and after a concurrent revision, the script is read and decided
    anew, so two concurrent revisions get two numbers. `add` stores the version in place of the store's own method.
    """
    wanted = command.wanted
    warnings: tuple[SourceWarning, ...] | None = None
    while True:
        found = await read_version(scripts, command.script, None)
        if not is_successful(found):
            return Failure(found.failure())
        script, latest = found.unwrap()
        decided = revise(script, latest, wanted, warnings or (), clock())
        if not is_successful(decided):
            return Failure(decided.failure())
        revision = decided.unwrap()
        if not isinstance(revision, Revised):
            return Success(revision)
        if warnings is None:
            tried = await check(wanted.source, wanted.limits, wanted.engine)
            if not is_successful(tried):
                return Failure(tried.failure())
            warnings = tried.unwrap()
            continue
        ended = _ended(revision.script, await (add or scripts.add_version)(revision.version, command.actor))
        if ended is not None:
            return ended


def _ended(
    script: Script, added: Result[ScriptVersion, Conflict | ChecksFailed]
) -> Result[Revision, RevisionRefused] | None:
    """Return the outcome of a revision, or None after a conflict."""
    if is_successful(added):
        return Success(Revised(script, added.unwrap()))
    failed = added.failure()
    return Failure(failed) if isinstance(failed, ChecksFailed) else None


async def archive_script(
    scripts: Scripts, clock: Clock, script_ref: ScriptRef, actor: Actor = ANONYMOUS
) -> Result[Script, UnknownScript]:
    """Close the script to new versions and executions; its history stays."""
    return await _set_archived(scripts, script_ref, lambda script: archive(script, clock()), actor)


async def unarchive_script(
    scripts: Scripts, script_ref: ScriptRef, actor: Actor = ANONYMOUS
) -> Result[Script, UnknownScript]:
    """Reopen the script."""
    return await _set_archived(scripts, script_ref, unarchive, actor)


async def _set_archived(
    scripts: Scripts, script_ref: ScriptRef, change: Callable[[Script], Script], actor: Actor
) -> Result[Script, UnknownScript]:
    found = (await read_script(scripts, script_ref)).map(change)
    if is_successful(found):
        await scripts.set_archived_at(found.unwrap(), actor)
    return found
