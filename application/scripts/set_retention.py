"""Set how long a script's executions are retained, regardless of the service's own retention."""

from attrs import evolve
from returns.pipeline import is_successful
from returns.result import Result

from application.ports.scripts import ScriptRef, Scripts
from application.scripts.read import UnknownScript, read_script
from domain.audit import ANONYMOUS, Actor
from domain.retention import ScriptRetention
from domain.script import Script


async def set_retention(
    scripts: Scripts, script_ref: ScriptRef, retention: ScriptRetention, actor: Actor = ANONYMOUS
) -> Result[Script, UnknownScript]:
    """Set the retention of a script, archived or not. It applies to executions that have ended already, too."""
    found = (await read_script(scripts, script_ref)).map(lambda script: evolve(script, retention=retention))
    if is_successful(found):
        await scripts.set_retention(found.unwrap(), actor)
    return found
