"""Host a new script: its name, its first version, and the proof that it can run at all."""

from typing import TypeAlias

from returns.pipeline import is_successful
from returns.result import Failure, Result

from application.ports.sandbox import CheckScript, NotRunnable
from application.ports.scripts import NameTaken, Scripts
from application.ports.system import Clock, NewId
from domain.audit import ANONYMOUS, Actor
from domain.script import Description, Script, ScriptName, ScriptVersion, VersionRequest, register

RegistrationRefused: TypeAlias = NameTaken | NotRunnable


async def register_script(
    scripts: Scripts,
    check: CheckScript,
    clock: Clock,
    new_id: NewId,
    *,
    name: ScriptName,
    description: Description,
    first: VersionRequest,
    by: Actor = ANONYMOUS,
) -> Result[tuple[Script, ScriptVersion], RegistrationRefused]:
    """Store a script and its version 1; a taken name is found before the source is checked."""
    if await scripts.find(name) is not None:
        return Failure(NameTaken(name))
    checked = await check(first.source, first.limits, first.engine)
    if not is_successful(checked):
        return Failure(checked.failure())
    script, version = register(new_id(), name, description, first, checked.unwrap(), clock())
    added = await scripts.add(script, version, by)
    return added.map(lambda _: (script, version))
