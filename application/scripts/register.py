"""Host a new script: its name, its first version, and the proof that it can run at all."""

from typing import TypeAlias

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result

from application.ports.sandbox import CheckScript, NotRunnable
from application.ports.scripts import NameTaken, Scripts
from application.ports.system import Clock, NewId
from domain.audit import ANONYMOUS, Actor
from domain.script import Description, Script, ScriptName, register
from domain.versions import ScriptVersion, VersionRequest

RegistrationRefused: TypeAlias = NameTaken | NotRunnable


@frozen(kw_only=True)
class Register:
    """The command: host a script of that name, with its first version."""

    name: ScriptName
    description: Description
    first: VersionRequest
    actor: Actor = ANONYMOUS


async def register_script(
    scripts: Scripts, check: CheckScript, clock: Clock, new_id: NewId, command: Register
) -> Result[tuple[Script, ScriptVersion], RegistrationRefused]:
    """Store a script and its version 1; a taken name is found before the source is checked."""
    if await scripts.find(command.name) is not None:
        return Failure(NameTaken(command.name))
    first = command.first
    checked = await check(first.source, first.limits, first.engine)
    if not is_successful(checked):
        return Failure(checked.failure())
    script, version = register(new_id(), command.name, command.description, first, checked.unwrap(), clock())
    added = await scripts.add(script, version, command.actor)
    return added.map(lambda _: (script, version))
