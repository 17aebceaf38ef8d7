"""The counters, gauges and histograms of a process; `docs/observability.md` has their meaning.

Gauges are sums over the processes that share them (`adapters.metrics.multiprocess`); they are sampled now and then.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

from adapters.metrics.script_counts import DEFAULT_SCRIPTS, ScriptCounts
from application.maintenance.periodic import BackgroundTask
from application.worker.reproduction_sampler import SampleOutcome
from domain.deliveries import Attempt, NoResponse, SendFault, accepts
from domain.execution import Failed, Finished, Running, Unfinished
from domain.jobs import JobErrorKind
from domain.outcome import ErrorKind
from domain.partitions import PartitionState
from domain.replayed_executions import ReplayOutcome

REQUEST_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
RUN_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
WAIT_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200)

ATTEMPT_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15)

LOST: Final = "lost"
RELIEVED: Final = "relieved"
SAME: Final = "same"
DIFFERENT: Final = "different"
BUSY: Final = "busy"
UNAVAILABLE: Final = "unavailable"
ACCEPTED: Final = "accepted"
REFUSED: Final = "refused"
_NO_ANSWER: Final = "none"
_JOB_OUTCOMES: Final = ("succeeded", *(one for one in JobErrorKind if one is not JobErrorKind.CANCELLED))
_PARTITION_OUTCOMES: Final = (PartitionState.DONE, PartitionState.FAILED)
_MOST_SERIES: Final = 512
"""Series of requests that are found without a look-up of their labels."""

disable_created_metrics()  # type: ignore[no-untyped-call]


class Instruments:
    """They, in a registry. A series that can be named beforehand is there from the start, at zero."""

    def __init__(self, registry: CollectorRegistry, scripts: int = DEFAULT_SCRIPTS) -> None:
        def counter(name: str, about: str, *labels: str) -> Counter:
            return Counter(name, about, labels, registry=registry)

        def gauge(name: str, about: str, *labels: str) -> Gauge:
            return Gauge(name, about, labels, registry=registry, multiprocess_mode="livesum")

        def histogram(name: str, about: str, buckets: Iterable[float], *labels: str) -> Histogram:
            return Histogram(name, about, labels, registry=registry, buckets=tuple(buckets))

        self.requests: Final = counter(
            "bateia_http_requests", "Completed requests, by route and status.", "method", "route", "status"
        )
        self.request_seconds: Final = histogram(
            "bateia_http_request_seconds",
            "Duration of requests, including waits for executions to finish.",
            REQUEST_SECONDS,
            *("method", "route"),
        )
        self.body_bytes: Final = gauge(
            "bateia_http_body_bytes_in_flight", "Bytes reserved for request and response bodies."
        )
        self.response_bytes: Final = gauge(
            "bateia_http_response_bytes_in_flight", "Bytes reserved for response bodies."
        )
        self.waiting_readers: Final = gauge(
            "bateia_http_waiting_readers", "Requests waiting for an execution to finish."
        )
        self.submissions: Final = counter("bateia_submissions", "Accepted executions.")
        self.started_directly: Final = counter(
            "bateia_executions_started_directly", "Executions started by the process that accepted them."
        )
        self.batches: Final = counter("bateia_batches", "Accepted batches.")
        self.batch_lines: Final = counter("bateia_batch_lines", "Lines of accepted batches, each an execution.")
        self.ended: Final = counter("bateia_executions_ended", "Finished executions, by outcome.", "outcome")
        by_script = counter(
            "bateia_script_executions", "Finished executions, by script and status.", "script", "status"
        )
        self.of_scripts: Final = ScriptCounts(by_script, scripts)
        self.wait_seconds: Final = histogram(
            "bateia_execution_wait_seconds", "Time from submission to the start of the last attempt.", WAIT_SECONDS
        )
        self.run_seconds: Final = histogram(
            "bateia_execution_run_seconds", "Duration of the last attempt.", RUN_SECONDS
        )
        self.run_cpu_seconds: Final = counter("bateia_run_cpu_seconds", "CPU time used by runs in their sandboxes.")
        self.stale: Final = counter("bateia_stale_settlements", "Stale results and releases that were discarded.")
        self.given_back: Final = counter("bateia_executions_given_back", "Executions released to the queue.")
        self.reclaimed: Final = counter("bateia_executions_reclaimed", "Executions reclaimed from lost workers.")
        self.slots: Final = gauge("bateia_worker_slots", "Concurrent runs that workers can do.")
        self.running: Final = gauge("bateia_worker_runs", "Current runs.")
        self.zygotes: Final = counter(
            "bateia_sandbox_zygotes_replaced",
            "Zygotes replaced, because they were lost or recycled.",
            "reason",
        )
        self.engines_down: Final = gauge(
            "bateia_sandbox_engines_down", "Engines that could not be started when that was last tried."
        )
        self.idle_processes: Final = gauge(
            "bateia_sandbox_idle_processes", "Idle sandbox processes that may serve another run."
        )
        self.idle_process_bytes: Final = gauge(
            "bateia_sandbox_idle_process_bytes", "Memory that idle sandbox processes hold, at most."
        )
        self.samples: Final = counter(
            "bateia_sandbox_samples", "Runs repeated in a fresh process, by whether both gave the same.", "result"
        )
        self.trials: Final = counter(
            "bateia_trials", "Runs that clients waited for (previews, tests), by outcome.", "outcome"
        )
        self.reproductions: Final = counter(
            "bateia_reproductions", "Executions that the sampler reproduced, by outcome.", "outcome"
        )
        self.replayed: Final = counter(
            "bateia_replayed_executions", "Executions of replays on versions that were compared, by outcome.", "outcome"
        )
        self.jobs: Final = counter(
            "bateia_jobs", "Jobs that ended, but those that clients cancelled, by outcome.", "outcome"
        )
        self.job_partitions: Final = counter(
            "bateia_job_partitions", "Partitions of jobs settled, by outcome.", "outcome"
        )
        self.webhook_attempts: Final = counter(
            "bateia_webhook_attempts", "Attempts to send events to webhooks, by outcome.", "outcome"
        )
        self.webhook_attempt_seconds: Final = histogram(
            "bateia_webhook_attempt_seconds", "Duration of attempts to send events to webhooks.", ATTEMPT_SECONDS
        )
        self.pool: Final = gauge("bateia_database_pool_connections", "Connections to the database, by state.", "state")
        self.pool_waiting: Final = gauge("bateia_database_pool_waiting", "Callers waiting for a connection.")
        self.background_failures: Final = counter(
            "bateia_background_failures", "Failed steps of background tasks, by task.", "task"
        )
        self.receipts: Final = counter("bateia_receipts", "Signed receipts.")
        self.audit_reads_waiting: Final = gauge(
            "bateia_audit_reads_waiting", "Audit records of reads that are not stored yet."
        )
        self.audit_reads_refused: Final = counter(
            "bateia_audit_reads_refused", "Requests refused because their reads could not be recorded."
        )
        self.build: Final = gauge("bateia_build_info", "1 per process, by version and engine.", "version", "engine")
        self.cpu_seconds: Final = counter(
            "process_cpu_seconds", "CPU time of the process itself, without its sandboxes."
        )
        self.resident_bytes: Final = gauge("process_resident_memory_bytes", "Resident memory of the process itself.")
        self._series_of: Final = lru_cache(_MOST_SERIES)(self._request_series)
        known: tuple[tuple[Counter, Iterable[str]], ...] = (
            (self.ended, ("succeeded", *ErrorKind)),
            (self.zygotes, (LOST, RELIEVED)),
            (self.samples, (SAME, DIFFERENT)),
            (self.reproductions, SampleOutcome),
            (self.replayed, ReplayOutcome),
            (self.jobs, _JOB_OUTCOMES),
            (self.job_partitions, _PARTITION_OUTCOMES),
            (self.webhook_attempts, (ACCEPTED, REFUSED, *SendFault)),
            (self.trials, ("succeeded", "failed", BUSY, UNAVAILABLE)),
            (self.background_failures, BackgroundTask),
        )
        for counted, labels in known:
            for label in labels:
                counted.labels(label)

    def observe_failure(self, task: BackgroundTask) -> None:
        """Count a failed step of a background task."""
        self.background_failures.labels(task).inc()

    def observe_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a finished request; see `adapters.http.transport.instrumentation`."""
        count, duration = self._series_of(method, route, status)
        count.inc()
        duration.observe(seconds)

    def _request_series(self, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
        labelled = self.requests.labels(method, route, status or _NO_ANSWER)
        return labelled, self.request_seconds.labels(method, route)

    def observe_submission(self, execution: Unfinished) -> None:
        """Count a stored submission."""
        self.submissions.inc()
        if isinstance(execution, Running):
            self.started_directly.inc()

    def observe_batch(self, lines: int) -> None:
        """Count a stored batch, and the executions of its lines."""
        self.batches.inc()
        self.batch_lines.inc(lines)
        self.submissions.inc(lines)

    def observe_cancelled_lines(self, count: int) -> None:
        """Count the executions that the cancellation of their batch has ended."""
        self.ended.labels(ErrorKind.CANCELLED).inc(count)

    def observe_zygote(self, was_lost: bool) -> None:
        """Count a replaced zygote."""
        self.zygotes.labels(LOST if was_lost else RELIEVED).inc()

    def observe_sample(self, is_same: bool) -> None:
        """Count a run that was repeated in a fresh process."""
        self.samples.labels(SAME if is_same else DIFFERENT).inc()

    def observe_reproduction(self, outcome: SampleOutcome) -> None:
        """Count an execution that the sampler reproduced, or could not."""
        self.reproductions.labels(outcome).inc()

    def observe_replayed(self, outcome: ReplayOutcome) -> None:
        """Count an execution of a replay whose outcome was stored."""
        self.replayed.labels(outcome).inc()

    def observe_job(self, outcome: str) -> None:
        """Count a job that has ended. An outcome that there is not is ignored."""
        if outcome in _JOB_OUTCOMES:
            self.jobs.labels(outcome).inc()

    def observe_partition(self, outcome: str) -> None:
        """Count a partition of a job that was settled. An outcome that there is not is ignored."""
        if outcome in _PARTITION_OUTCOMES:
            self.job_partitions.labels(outcome).inc()

    def observe_attempt(self, attempt: Attempt) -> None:
        """Count an attempt to send an event to a webhook."""
        outcome = attempt.outcome
        without_fault = ACCEPTED if accepts(outcome) else REFUSED
        self.webhook_attempts.labels(outcome.fault if isinstance(outcome, NoResponse) else without_fault).inc()
        self.webhook_attempt_seconds.observe(attempt.duration_ms / 1000)

    def observe_ending(self, execution: Finished) -> None:
        """Count a stored completion."""
        self.ended.labels(execution.error.kind if isinstance(execution, Failed) else "succeeded").inc()
        self.of_scripts.observe(execution)
        if execution.started_at is not None and execution.provenance is not None:
            self.wait_seconds.observe((execution.started_at - execution.submission.submitted_at).total_seconds())
            self.run_seconds.observe((execution.finished_at - execution.started_at).total_seconds())
            self.run_cpu_seconds.inc(max(0.0, execution.provenance.measures.cpu_ms / 1000))
