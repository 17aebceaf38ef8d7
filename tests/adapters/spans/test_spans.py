"""Spans of requests and runs: one trace from the client to the sandbox, with nothing in it that a user sent."""

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve, frozen
from hypothesis import given
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ParentBased, Sampler, TraceIdRatioBased
from opentelemetry.trace import StatusCode, Tracer, get_current_span
from returns.result import Failure, Result, Success

from adapters.http.server.correlation import route_of
from adapters.http.transport.instrumentation import known_method
from adapters.spans.requests import RequestSpans
from adapters.spans.runs import spanned_runs
from adapters.spans.tracing import parent_of, trace_of
from application.ports.queue import Claimed
from application.ports.sandbox import RunFailure, SandboxLost
from domain.execution import Attribution, Claim
from domain.outcome import Run
from domain.trace import TraceContext, trace_context
from domain.transitions import start
from tests.adapters.http.api import JSON_TYPE, SOURCE, Api
from tests.support.values import NOON, a_body, a_failure, a_pending, a_run, a_script, a_source, an_id, traces

SENT = TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", "01")
LATER = NOON + timedelta(seconds=2)


@frozen
class Recorded:
    """A tracer, and its recorded spans."""

    tracer: Tracer
    exporter: InMemorySpanExporter

    def spans(self) -> dict[str, ReadableSpan]:
        """Return the spans by name."""
        return {span.name: span for span in self.exporter.get_finished_spans()}


def recording(sampler: Sampler | None = None) -> Recorded:
    exporter, provider = InMemorySpanExporter(), TracerProvider(sampler=sampler, shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return Recorded(provider.get_tracer("tests"), exporter)


@pytest.fixture
def recorded() -> Recorded:
    return recording()


class Spanned(Api):
    """The application under the middleware."""

    def __init__(self, recorded: Recorded) -> None:
        super().__init__()
        self.app: Any = RequestSpans(self.app, recorded.tracer, route_of, known_method)


@given(traces)
def test_a_trace_is_the_parent_that_it_names(trace: TraceContext) -> None:
    context = get_current_span(parent_of(trace)).get_span_context()
    assert trace_of(context) == evolve(trace, flags=f"{int(trace.flags, 16) & 1:02x}")


def test_a_submission_s_span_is_its_client_s_child_and_its_execution_s_parent(recorded: Recorded) -> None:
    api = Spanned(recorded)
    api.host("a")
    api.submit(script="a", traceparent=SENT.traceparent)
    (claimed,) = api.run(api.store.queue.claim(1, lambda pending, at: start(pending, Claim(an_id(), "w"), at)))
    span = recorded.spans()["POST /v1/scripts/{script}/executions"]
    assert span.parent is not None
    assert span.context is not None
    assert (trace_of(span.parent), claimed.running.submission.attribution.trace) == (SENT, trace_of(span.context))
    assert span.attributes == {
        "http.request.method": "POST",
        "http.route": "/v1/scripts/{script}/executions",
        "http.response.status_code": 202,
    }


def test_an_unsampled_trace_is_passed_on_unchanged() -> None:
    recorded = recording(ParentBased(TraceIdRatioBased(0)))
    api = Spanned(recorded)
    api.host("a")
    for sent in (SENT.traceparent.removesuffix("01") + "00", None):
        if sent:
            api.submit(script="a", traceparent=sent)
        else:
            api.submit(script="a")
        (claimed,) = api.run(api.store.queue.claim(1, lambda pending, at: start(pending, Claim(an_id(), "w"), at)))
        assert claimed.running.submission.attribution.trace == (trace_context(sent) if sent else None)
    assert recorded.spans() == {}


def test_a_request_s_span_has_no_content_of_the_request(recorded: Recorded) -> None:
    api = Spanned(recorded)
    headers = JSON_TYPE | {"Authorization": "sesame-header", "tracestate": "a=sesame"}
    api.post("/v1/scripts?name=sesame-query", json={"name": "sesame", "source": SOURCE}, headers=headers)
    api.get("/sesame-path", headers=headers)
    api("SESAME", "/v1/scripts/sesame")
    spans = recorded.spans()
    assert list(spans) == ["POST /v1/scripts", "GET an unknown path", "other /v1/scripts/{script}"]
    assert "sesame" not in "".join(span.to_json() for span in spans.values()).lower()


def a_claimed(trace: TraceContext | None) -> Claimed:
    _, version = a_script()
    pending = a_pending(version)
    submission = evolve(pending.submission, attribution=Attribution(trace=trace))
    running = start(evolve(pending, submission=submission), Claim(an_id(), "w"), LATER)
    return Claimed(running=running, source=a_source(), dataset=a_body(b'"sesame"'))


@pytest.mark.parametrize(
    ("ran", "outcome", "status"),
    [
        (Success(a_run()), "succeeded", StatusCode.UNSET),
        (Success(a_run(a_failure("sesame"))), "script_error", StatusCode.ERROR),
        (Failure(SandboxLost()), "sandbox_lost", StatusCode.ERROR),
        (ZeroDivisionError("sesame"), "interrupted", StatusCode.ERROR),
    ],
)
async def test_an_execution_s_wait_and_run_are_children_of_its_submission(
    recorded: Recorded, ran: Result[Run, RunFailure] | Exception, outcome: str, status: StatusCode
) -> None:
    async def run(_: Claimed) -> Result[Run, RunFailure]:
        if isinstance(ran, Exception):
            raise ran
        return ran

    claimed = a_claimed(SENT)
    if isinstance(ran, Exception):
        with pytest.raises(type(ran)):
            await spanned_runs(run, recorded.tracer)(claimed)
    else:
        assert await spanned_runs(run, recorded.tracer)(claimed) is ran
    spans = recorded.spans()
    assert all(span.parent is not None and trace_of(span.parent) == SENT for span in spans.values())
    wait, done = spans["wait"], spans["run"]
    assert (wait.end_time or 0) - (wait.start_time or 0) == 2_000_000_000
    assert done.attributes is not None
    assert wait.attributes is not None
    assert (done.attributes["bateia.outcome"], done.status.status_code) == (outcome, status)
    assert wait.attributes["bateia.execution.id"] == str(claimed.running.submission.id)
    assert "sesame" not in wait.to_json() + done.to_json()


async def test_an_execution_without_a_trace_has_no_spans(recorded: Recorded) -> None:
    async def run(_: Claimed) -> Result[Run, RunFailure]:
        return Success(a_run())

    assert await spanned_runs(run, recorded.tracer)(a_claimed(None)) == Success(a_run())
    assert recorded.spans() == {}
