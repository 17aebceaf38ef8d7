"""The report of a run: its outcome, its log and its provenance, from the kernel's account and the child's output."""

from attrs import frozen
from returns.pipeline import is_successful

from adapters.javascript.child_output import ClaimedResult, Transcript
from adapters.javascript.confined_process import RunExit
from adapters.javascript.differences import warnings_of_run
from adapters.javascript.verdict import judge
from application.ports.bodies import Bodies
from application.ports.queue import Claimed
from domain.circumstances import Circumstances
from domain.outcome import (
    ErrorKind,
    Isolation,
    Logs,
    Outcome,
    Produced,
    Provenance,
    Rejected,
    Run,
    ScriptError,
    script_error,
)


@frozen
class Conditions:
    """The isolation of a run, and its circumstances."""

    isolation: Isolation
    circumstances: Circumstances


async def report(
    bodies: Bodies, claimed: Claimed, done: RunExit, transcript: Transcript, conditions: Conditions
) -> Run:
    """Judge a run of the claimed execution, and report it. A result that is no JSON is a failure."""
    limits, source = claimed.running.submission.limits, claimed.source.data
    verdict = judge(done.facts, transcript, limits, source, done.engine)
    non_finite = verdict.non_finite if isinstance(verdict, ClaimedResult) else None
    warnings = warnings_of_run(non_finite, transcript.differences, claimed.source_warnings)
    return Run(
        outcome=await _outcome(bodies, verdict),
        logs=Logs(lines=transcript.lines, truncated=transcript.truncated),
        provenance=Provenance(
            done.engine, done.facts.measures, warnings, conditions.isolation, conditions.circumstances
        ),
    )


async def _outcome(bodies: Bodies, verdict: ClaimedResult | ScriptError) -> Outcome:
    match verdict:
        case ScriptError():
            return Rejected(verdict)
        case ClaimedResult(result=result):
            encoded = await bodies.encode(result)
    if is_successful(encoded):
        return Produced(encoded.unwrap())
    return Rejected(script_error(ErrorKind.INVALID_RESULT, f"the result is no JSON: {encoded.failure().reason}"))
