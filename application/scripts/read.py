"""Read the hosted scripts and their versions, and find the ones that other use cases name."""

from typing import TypeAlias

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.ports.scripts import ScriptRef, Scripts
from domain.aliases import AliasName, SelectedVersion, VersionRef, select_version
from domain.script import Script
from domain.versions import ScriptVersion


@frozen
class UnknownScript:
    """No script has that id or name."""

    script: ScriptRef


@frozen
class UnknownVersion:
    """The script has no version of that number."""

    script: Script
    number: int


@frozen
class NoVersionOfAlias:
    """The script has no alias of that name, so it leads to no version."""

    script: Script
    alias: AliasName


VersionNotFound: TypeAlias = UnknownScript | UnknownVersion | NoVersionOfAlias


async def read_script(scripts: Scripts, script_ref: ScriptRef) -> Result[Script, UnknownScript]:
    """Find the script of that id or name."""
    script = await scripts.find(script_ref)
    return Success(script) if script is not None else Failure(UnknownScript(script_ref))


async def read_version(
    scripts: Scripts, script_ref: ScriptRef, wanted: VersionRef | None
) -> Result[tuple[Script, ScriptVersion], VersionNotFound]:
    """Find the script and one of its versions, by its number or an alias, the latest if neither is given."""
    found = await read_script(scripts, script_ref)
    if not is_successful(found):
        return Failure(found.failure())
    script = found.unwrap()
    selected = select(script, script.latest_version if wanted is None else wanted)
    if not is_successful(selected):
        return Failure(selected.failure())
    number = selected.unwrap().number
    version = await scripts.version(script.id, number)
    return Success((script, version)) if version is not None else Failure(UnknownVersion(script, number))


def select(script: Script, wanted: VersionRef | None) -> Result[SelectedVersion, NoVersionOfAlias]:
    """Find the number of the version that a submission refers to: without a reference, that of `live` or the latest."""
    selected = select_version(wanted, script.latest_version, script.aliases)
    return selected.alt(lambda unknown: NoVersionOfAlias(script, unknown.name))
