"""Runs of a job's script over text that is at hand, and the errors of these runs."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from attrs import field, frozen
from returns.pipeline import is_successful
from returns.result import Result

from adapters.partitions.faults import refused
from application.ports.errors import Unavailable
from application.ports.job_tasks import TaskScript
from application.ports.sandbox import Call, EngineMissing, RunFailure, SandboxLost, Trial
from domain.body import Body, Digest, Encoding
from domain.outcome import ErrorKind, Rejected, Run, ScriptError
from domain.versions import Source

RunTask: TypeAlias = Callable[[Trial], Awaitable[Result[Run, RunFailure]]]


@frozen
class Text:
    """The JSON text of a dataset, and the digest of the bytes that it was made of."""

    data: bytes = field(repr=False)
    sha256: str


class ScriptRejected(Exception):
    """A run ended without a result."""

    def __init__(self, error: ScriptError) -> None:
        super().__init__(error.kind)
        self.error = error


async def run_script(run_task: RunTask, script: TaskScript, text: Text, call: Call) -> tuple[Body, Run]:
    """Run the script over a text. Raises `ScriptRejected`, `TaskRefused` if its engine is missing here, and
    `Unavailable` if the sandbox was lost twice."""
    # nothing reads the stored form, and the digest is no part of a trial's outcome: so the text is not hashed again
    dataset = Body(Digest(text.sha256, len(text.data)), Encoding.IDENTITY, b"", text.data)
    trial = Trial(
        source=Source(script.source, Digest(script.source_sha256, len(script.source))),
        engine=script.engine,
        limits=script.limits,
        dataset=dataset,
        circumstances=script.circumstances,
        call=call,
    )
    ran = await run_task(trial)
    if not is_successful(ran) and isinstance(ran.failure(), SandboxLost):
        ran = await run_task(trial)
    if not is_successful(ran):
        raise _failure(ran.failure(), script.engine)
    run = ran.unwrap()
    if isinstance(run.outcome, Rejected):
        raise ScriptRejected(run.outcome.error)
    return run.outcome.result, run


def _failure(failure: RunFailure, engine: str) -> Exception:
    if isinstance(failure, EngineMissing):
        return refused(ErrorKind.ENGINE_UNAVAILABLE, f"the engine {engine} is not installed on a worker of the job")
    return Unavailable("the sandbox was lost, or could not start")


def message_of(error: ScriptError) -> str:
    """Write the message of an error with its place in the source."""
    if error.line is None:
        return error.message
    column = "" if error.column is None else f", column {error.column}"
    return f"{error.message} (line {error.line}{column} of the script)"
