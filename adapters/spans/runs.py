"""The port `RunScript` with spans: how long the execution waited, and its run. Their parent is the submission's."""

from datetime import datetime
from typing import Final, assert_never

from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer
from opentelemetry.util.types import AttributeValue
from returns.pipeline import is_successful
from returns.result import Result

from adapters.spans.tracing import parent_of
from application.ports.queue import Claimed
from application.ports.sandbox import EngineMissing, RunFailure, RunScript, SandboxLost, SandboxUnavailable
from domain.execution import Running
from domain.outcome import ErrorKind, Produced, Run

_INTERRUPTED: Final = "interrupted"


def spanned_runs(run: RunScript, tracer: Tracer) -> RunScript:
    """Wrap the port with spans. An execution that belongs to no trace has none."""

    async def spanned(claimed: Claimed, /) -> Result[Run, RunFailure]:
        running, trace = claimed.running, claimed.running.submission.attribution.trace
        if trace is None:
            return await run(claimed)
        parent, about = parent_of(trace), _attributes(running)
        _say_wait(tracer, parent, running, about)
        span, outcome = tracer.start_span("run", parent, SpanKind.CONSUMER, about), _INTERRUPTED
        try:
            ran = await run(claimed)
            outcome = _outcome(ran)
            return ran
        finally:
            _end(span, outcome)

    return spanned


def _attributes(running: Running) -> dict[str, AttributeValue]:
    submission = running.submission
    return {
        "bateia.execution.id": str(submission.id),
        "bateia.execution.attempt": running.attempt,
        "bateia.script": f"{submission.script.name.value}@{submission.script.version}",
        "bateia.dataset.bytes": submission.dataset.size_bytes,
    }


def _say_wait(tracer: Tracer, parent: Context, running: Running, about: dict[str, AttributeValue]) -> None:
    since = _nanoseconds(running.submission.submitted_at)
    span = tracer.start_span("wait", parent, SpanKind.CONSUMER, about, start_time=since)
    span.end(max(since, _nanoseconds(running.started_at)))


def _outcome(ran: Result[Run, RunFailure]) -> str:
    if not is_successful(ran):
        return _outcome_of_failure(ran.failure())
    outcome = ran.unwrap().outcome
    return "succeeded" if isinstance(outcome, Produced) else outcome.error.kind


def _outcome_of_failure(failure: RunFailure) -> str:
    match failure:
        case SandboxLost():
            return "sandbox_lost"
        case SandboxUnavailable():
            return "sandbox_unavailable"
        case EngineMissing():
            return ErrorKind.ENGINE_UNAVAILABLE
        case _:
            assert_never(failure)


def _end(span: Span, outcome: str) -> None:
    span.set_attribute("bateia.outcome", outcome)
    if outcome != "succeeded":
        span.set_status(StatusCode.ERROR)
    span.end()


def _nanoseconds(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000) * 1000
