"""Change the description of a script, archived or not."""

from attrs import evolve
from returns.pipeline import is_successful
from returns.result import Result

from application.ports.scripts import ScriptRef, Scripts
from application.scripts.read import UnknownScript, read_script
from domain.audit import ANONYMOUS, Actor
from domain.script import Description, Script


async def describe_script(
    scripts: Scripts, script_ref: ScriptRef, description: Description, actor: Actor = ANONYMOUS
) -> Result[Script, UnknownScript]:
    """Set the description of a script."""
    found = (await read_script(scripts, script_ref)).map(lambda script: evolve(script, description=description))
    if is_successful(found):
        await scripts.set_description(found.unwrap(), actor)
    return found
