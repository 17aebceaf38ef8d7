"""Accept a dataset for a script: nothing is answered before execution and dataset are durably kept."""

from typing import TypeAlias

from returns.pipeline import is_successful
from returns.result import Failure, Result

from application.messages import MalformedJson, ScriptKey
from application.ports import Bodies, Clock, Executions, NewId, Scripts
from application.read_script import VersionNotFound, read_version
from domain.execution import Pending
from domain.script import ScriptArchived
from domain.transitions import submit

SubmissionRefused: TypeAlias = VersionNotFound | ScriptArchived | MalformedJson


async def submit_execution(
    scripts: Scripts,
    executions: Executions,
    bodies: Bodies,
    clock: Clock,
    new_id: NewId,
    *,
    key: ScriptKey,
    version: int | None,
    dataset: bytes,
) -> Result[Pending, SubmissionRefused]:
    """The pending execution of that version (the latest if none is named) over the dataset."""
    found = await read_version(scripts, key, version)
    if not is_successful(found):
        return Failure(found.failure())
    sealed = await bodies.seal_dataset(dataset)
    if not is_successful(sealed):
        return Failure(sealed.failure())
    body = sealed.unwrap()
    submitted = submit(new_id(), *found.unwrap(), body.digest, clock())
    if is_successful(submitted):
        await executions.add(submitted.unwrap(), body)
    return submitted
