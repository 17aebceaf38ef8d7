"""Every counter, gauge and histogram that a process keeps of its own doing; `docs/observability.md` has their meaning.

Gauges are sums over the processes that share them (`adapters.metrics.sharing`); they are set by looking, now and then.
"""

from collections.abc import Iterable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

from domain.execution import Failed, Finished
from domain.outcome import ErrorKind

REQUEST_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
RUN_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
WAIT_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200)

LOST: Final = "lost"
RELIEVED: Final = "relieved"
_NO_ANSWER: Final = "none"

disable_created_metrics()  # type: ignore[no-untyped-call]


class Instruments:
    """They, in a registry. A series that can be named beforehand is there from the start, at zero."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def counter(name: str, about: str, *labels: str) -> Counter:
            return Counter(name, about, labels, registry=registry)

        def gauge(name: str, about: str, *labels: str) -> Gauge:
            return Gauge(name, about, labels, registry=registry, multiprocess_mode="livesum")

        def histogram(name: str, about: str, buckets: Iterable[float], *labels: str) -> Histogram:
            return Histogram(name, about, labels, registry=registry, buckets=tuple(buckets))

        self.requests: Final = counter(
            "bateia_http_requests", "Requests that are over, by route and status.", "method", "route", "status"
        )
        self.request_seconds: Final = histogram(
            "bateia_http_request_seconds",
            "Time of requests, waiting for an execution's end included.",
            REQUEST_SECONDS,
            *("method", "route"),
        )
        self.body_bytes: Final = gauge(
            "bateia_http_body_bytes_in_flight", "Bytes reserved for bodies of requests and responses."
        )
        self.response_bytes: Final = gauge(
            "bateia_http_response_bytes_in_flight", "Those of them that are reserved for responses."
        )
        self.waiting_readers: Final = gauge("bateia_http_waiting_readers", "Requests that wait for an execution's end.")
        self.submissions: Final = counter("bateia_submissions", "Executions that were accepted and kept.")
        self.ended: Final = counter("bateia_executions_ended", "Executions that ended, by how.", "outcome")
        self.wait_seconds: Final = histogram(
            "bateia_execution_wait_seconds", "Time from submission to the start that led to the end.", WAIT_SECONDS
        )
        self.run_seconds: Final = histogram(
            "bateia_execution_run_seconds", "Time from that start to the end.", RUN_SECONDS
        )
        self.run_cpu_seconds: Final = counter("bateia_run_cpu_seconds", "CPU that runs used in their sandboxes.")
        self.stale: Final = counter("bateia_stale_settlements", "Late endings and returns, which were dropped.")
        self.given_back: Final = counter("bateia_executions_given_back", "Executions that went back to the queue.")
        self.reclaimed: Final = counter("bateia_executions_reclaimed", "Executions taken from workers that were lost.")
        self.slots: Final = gauge("bateia_worker_slots", "Runs that workers may do at once.")
        self.running: Final = gauge("bateia_worker_runs", "Runs that go on now.")
        self.zygotes: Final = counter(
            "bateia_sandbox_zygotes_replaced",
            "Zygotes replaced: lost, or relieved after long service.",
            "reason",
        )
        self.engines_down: Final = gauge(
            "bateia_sandbox_engines_down", "Engines that could not be started when that was last tried."
        )
        self.pool: Final = gauge("bateia_database_pool_connections", "Connections to the database, by state.", "state")
        self.pool_waiting: Final = gauge("bateia_database_pool_waiting", "Callers who wait for a connection.")
        self.build: Final = gauge("bateia_build_info", "1 for each process, by what it runs.", "version", "engine")
        self.cpu_seconds: Final = counter("process_cpu_seconds", "CPU of the process itself, without its sandboxes.")
        self.resident_bytes: Final = gauge("process_resident_memory_bytes", "Memory of the process itself.")
        for outcome in ("succeeded", *ErrorKind):
            self.ended.labels(outcome)
        for reason in (LOST, RELIEVED):
            self.zygotes.labels(reason)

    def observe_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request is over; see `adapters.http.observing`."""
        self.requests.labels(method, route, status or _NO_ANSWER).inc()
        self.request_seconds.labels(method, route).observe(seconds)

    def observe_zygote(self, was_lost: bool) -> None:
        """A zygote was replaced."""
        self.zygotes.labels(LOST if was_lost else RELIEVED).inc()

    def observe_ending(self, execution: Finished) -> None:
        """An execution's ending was kept."""
        self.ended.labels(execution.error.kind if isinstance(execution, Failed) else "succeeded").inc()
        if execution.started_at is not None and execution.provenance is not None:
            self.wait_seconds.observe((execution.started_at - execution.submission.submitted_at).total_seconds())
            self.run_seconds.observe((execution.finished_at - execution.started_at).total_seconds())
            self.run_cpu_seconds.inc(max(0.0, execution.provenance.measures.cpu_ms / 1000))
