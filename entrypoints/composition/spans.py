"""Spans, if the environment names a collector of them; OpenTelemetry is imported only then.

Its packages are no part of an ordinary installation: `requirements-spans.lock` has them.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Final

from starlette.types import ASGIApp

from adapters.http.server.correlation import route_of
from adapters.http.transport.instrumentation import known_method
from application.ports.sandbox import RunScript

ENDPOINT: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"


@contextmanager
def around_requests(env: Mapping[str, str]) -> Iterator[Callable[[ASGIApp], ASGIApp]]:
    """Provide a wrapper that puts a span around each request while the block lasts; the identity if spans are off."""
    if not _wanted(env):
        yield lambda app: app
        return
    from adapters.spans.requests import RequestSpans
    from adapters.spans.tracing import exporting

    with exporting("api") as tracer:
        yield lambda app: RequestSpans(app, tracer, route_of, known_method)


@contextmanager
def around_runs(env: Mapping[str, str]) -> Iterator[Callable[[RunScript], RunScript]]:
    """Provide a wrapper that puts spans around each run while the block lasts; the identity if spans are off."""
    if not _wanted(env):
        yield lambda run: run
        return
    from adapters.spans.runs import spanned_runs
    from adapters.spans.tracing import exporting

    with exporting("worker") as tracer:
        yield lambda run: spanned_runs(run, tracer)


def _wanted(env: Mapping[str, str]) -> bool:
    """Tell whether a collector is configured; end the process if it cannot be used."""
    if not env.get(ENDPOINT):
        return False
    try:
        import_module("adapters.spans.tracing")
    except ModuleNotFoundError as missing:
        print(
            f"{ENDPOINT} is set, but {missing.name} is not installed: install requirements-spans.lock", file=sys.stderr
        )
        sys.exit(2)
    return True
