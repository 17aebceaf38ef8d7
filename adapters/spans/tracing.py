"""The exporter of spans, and conversion between W3C trace context and OpenTelemetry's own.

Sampling and destination are set by OpenTelemetry's own variables (`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_TRACES_SAMPLER`
and so on).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    TraceFlags,
    Tracer,
    set_span_in_context,
)

from application.version import VERSION
from domain.trace import TraceContext

_SAMPLED: Final = TraceFlags.SAMPLED


@contextmanager
def exporting(process: str) -> Iterator[Tracer]:
    """Provide a tracer for that kind of process. A thread of its own sends the spans, the remaining ones at the end."""
    resource = Resource.create({SERVICE_NAME: f"bateia-{process}", SERVICE_VERSION: VERSION})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    try:
        yield provider.get_tracer("bateia", VERSION)
    finally:
        provider.shutdown()


def parent_of(trace: TraceContext | None) -> Context:
    """Build the context whose spans are children of the trace's span; without a trace, they are roots."""
    if trace is None:
        return Context()
    flags = TraceFlags(int(trace.flags, 16) & _SAMPLED)
    span = SpanContext(int(trace.trace_id, 16), int(trace.parent_id, 16), is_remote=True, trace_flags=flags)
    return set_span_in_context(NonRecordingSpan(span), Context())


def trace_of(span: SpanContext) -> TraceContext:
    """Build the trace context that names this span."""
    return TraceContext(f"{span.trace_id:032x}", f"{span.span_id:016x}", f"{span.trace_flags:02x}")
