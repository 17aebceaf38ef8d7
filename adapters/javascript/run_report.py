"""The report of a run: its outcome, its log and its provenance, from the kernel's account and the child's output."""

from returns.pipeline import is_successful

from adapters.javascript.child_output import ClaimedResult, Transcript
from adapters.javascript.confined_process import RunExit
from adapters.javascript.differences import warnings_of_run
from adapters.javascript.verdict import judge
from application.ports.bodies import Bodies
from application.ports.sandbox import Trial
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


async def report(bodies: Bodies, trial: Trial, done: RunExit, transcript: Transcript, isolation: Isolation) -> Run:
    """Judge a run and report it. A result that is no JSON is a failure."""
    verdict = judge(done.facts, transcript, trial.limits, trial.source.data, done.engine)
    non_finite = verdict.non_finite if isinstance(verdict, ClaimedResult) else None
    warnings = warnings_of_run(non_finite, transcript.differences, trial.source_warnings)
    return Run(
        outcome=await _outcome(bodies, verdict),
        logs=Logs(lines=transcript.lines, truncated=transcript.truncated),
        provenance=Provenance(done.engine, done.facts.measures, warnings, isolation, trial.circumstances),
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
