"""Read the hosted scripts and their versions, and find the ones that other use cases name."""

from typing import TypeAlias

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.ports.scripts import ScriptRef, Scripts
from domain.script import Script, ScriptVersion


@frozen
class UnknownScript:
    """No script has that id or name."""

    script: ScriptRef


@frozen
class UnknownVersion:
    """The script has no version of that number."""

    script: Script
    number: int


VersionNotFound: TypeAlias = UnknownScript | UnknownVersion


async def read_script(scripts: Scripts, script_ref: ScriptRef) -> Result[Script, UnknownScript]:
    """Find the script of that id or name."""
    script = await scripts.find(script_ref)
    return Success(script) if script is not None else Failure(UnknownScript(script_ref))


async def read_version(
    scripts: Scripts, script_ref: ScriptRef, number: int | None
) -> Result[tuple[Script, ScriptVersion], VersionNotFound]:
    """Find the script and one of its versions, the latest if no number is given."""
    found = await read_script(scripts, script_ref)
    if not is_successful(found):
        return Failure(found.failure())
    script = found.unwrap()
    wanted = script.latest_version if number is None else number
    version = await scripts.version(script.id, wanted)
    return Success((script, version)) if version is not None else Failure(UnknownVersion(script, wanted))
