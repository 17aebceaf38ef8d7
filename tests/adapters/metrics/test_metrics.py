"""Counting and exposition of metrics: by one process, by several as one, and by one that has no other server."""

import asyncio
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest
from attrs import evolve
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as plain_metrics
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from adapters.memory.store import MemoryStore
from adapters.metrics.database import FRESH_SECONDS, DatabaseGauges
from adapters.metrics.metered import (
    metered_batches,
    metered_delivery_work,
    metered_executions,
    metered_idempotency_keys,
    metered_queue,
    metered_runs,
    metered_signer,
    metered_trials,
    observed,
)
from adapters.metrics.metrics import OPEN_METRICS, Metrics
from adapters.metrics.server import CannotServe, serving
from adapters.signing.signer import Ed25519Signer
from adapters.system import utc_now
from application.maintenance.periodic import BackgroundTask, TaskMonitor
from application.ports.batches import Batches, NewBatch
from application.ports.errors import Conflict, Unavailable
from application.ports.executions import NewExecution
from application.ports.operations import QueueStats
from application.ports.queue import Claimed, Release
from application.ports.sandbox import RunFailure, SandboxBusy, SandboxLost, Trial
from application.ports.webhooks import DeliveryWork
from domain.audit import ANONYMOUS, Actor
from domain.deliveries import Attempt, Delivery, NoResponse, Responded, SendFault, SendOutcome
from domain.execution import Claim, Running
from domain.idempotency import IdempotencyKey, RequestFingerprint
from domain.limits import DEFAULTS
from domain.outcome import Run
from domain.transitions import cancel, finish, release, start
from domain.webhooks import Webhook
from tests.contracts.test_executions import claim, ending, losing
from tests.support.batches import a_batch
from tests.support.signing import SIGNING_KEYS
from tests.support.values import CIRCUMSTANCES, NOON, a_body, a_failure, a_pending, a_run, a_script, a_source, an_id
from tests.support.webhooks import a_delivery, a_webhook

VITALS = QueueStats(
    waiting=7,
    replays_waiting=3,
    oldest_waiting_seconds=1.5,
    running=2,
    workers=1,
    oldest_transaction_seconds=0.25,
    oldest_snapshot_transactions=40,
)


async def numbers(metrics: Metrics) -> dict[str, float]:
    """Parse every sample that is not of a histogram's bucket, as it is written."""
    exposed = await metrics.expose()
    return samples(exposed.text.decode())


def samples(text: str) -> dict[str, float]:
    found = {}
    for family in plain_metrics(text):
        for one in family.samples:
            labels = ",".join(one.labels[name] for name in sorted(one.labels))
            found[one.name + (f"[{labels}]" if labels else "")] = one.value
    return found


async def test_calls_of_the_ports_are_counted() -> None:
    metrics, store = Metrics(), MemoryStore(utc_now, timedelta(minutes=1))
    executions = metered_executions(store.executions, metrics.instruments)
    queue = metered_queue(store.queue, metrics.instruments)
    script, version = a_script()
    await store.scripts.add(script, version)
    pending = [a_pending(version) for _ in range(5)]
    for one in pending:
        await executions.add(NewExecution(one, a_body()))
    good, bad, late, back = await claim(queue, 4)
    assert await queue.release([Release(back.running.claim.id, release(back.running))]) == frozenset()
    assert await queue.finish([ending(good), ending(bad, a_run(a_failure()))]) == frozenset()
    (await executions.cancel(late.running, cancel(late.running, utc_now()))).unwrap()
    assert not is_successful(await executions.cancel(late.running, cancel(late.running, utc_now())))
    assert len(await queue.finish([ending(late)])) == 1
    seen = await numbers(metrics)
    assert {name: seen[f"bateia_{name}"] for name in ("submissions_total", "stale_settlements_total")} == {
        "submissions_total": 5,
        "stale_settlements_total": 1,
    }
    ended = {name: value for name, value in seen.items() if name.startswith("bateia_executions_ended_total") and value}
    assert ended == {f"bateia_executions_ended_total[{kind}]": 1 for kind in ("succeeded", "script_error", "cancelled")}
    assert (seen["bateia_execution_run_seconds_count"], seen["bateia_executions_given_back_total"]) == (2, 1)
    assert seen["bateia_execution_run_seconds_sum"] == pytest.approx(0.01)
    assert seen["bateia_run_cpu_seconds_total"] == pytest.approx(2 * 0.00125)


async def test_executions_are_counted_by_script_up_to_a_number_of_scripts() -> None:
    metrics = Metrics(scripts=2)
    for name, failure in [("a", None), ("b", "x"), ("c", None), ("a", "x"), ("d", "x")]:
        running = _running(name)
        run = a_run() if failure is None else a_run(a_failure(failure))
        metrics.instruments.observe_ending(finish(running, run, timedelta(milliseconds=1)))
    metrics.instruments.observe_ending(cancel(_running("a"), NOON))
    seen = await numbers(metrics)
    counted = {name: value for name, value in seen.items() if name.startswith("bateia_script_executions_total")}
    assert counted == {
        "bateia_script_executions_total[a,succeeded]": 1,
        "bateia_script_executions_total[a,failed]": 1,
        "bateia_script_executions_total[a,cancelled]": 1,
        "bateia_script_executions_total[b,failed]": 1,
        "bateia_script_executions_total[other,succeeded]": 1,
        "bateia_script_executions_total[other,failed]": 1,
    }


def _running(name: str) -> Running:
    return start(a_pending(a_script(name)[1], name), Claim(an_id(), "worker"), NOON)


class StoredBatches:
    """Batches that are stored unless they are refused, and whose cancellation ends that many executions."""

    def __init__(self, added: Result[None, object], cancelled: int) -> None:
        self._added, self._cancelled = added, cancelled

    async def add(self, new: NewBatch) -> Result[None, object]:
        return self._added

    async def cancel(self, batch_id: UUID, at: datetime, by: Actor) -> int:
        return self._cancelled


async def test_batches_are_counted_with_their_lines_as_submissions_and_their_cancelled_executions() -> None:
    metrics, (_, version) = Metrics(), a_script()
    for added, lines, cancelled in [(Success(None), 3, 2), (Failure(Conflict()), 5, 0), (Success(None), 1, 0)]:
        stored = cast("Batches", StoredBatches(added, cancelled))
        batches = metered_batches(stored, metrics.instruments)
        new = a_batch(version, lines)
        assert await batches.add(new) == added
        assert await batches.cancel(new.batch.id, NOON, by=ANONYMOUS) == cancelled
    seen = await numbers(metrics)
    assert {name: seen[f"bateia_{name}_total"] for name in ("batches", "batch_lines", "submissions")} == {
        "batches": 2,
        "batch_lines": 4,
        "submissions": 4,
    }
    assert seen["bateia_executions_ended_total[cancelled]"] == 2


async def test_executions_that_are_added_running_are_counted_apart_too() -> None:
    metrics, store = Metrics(), MemoryStore(utc_now, timedelta(minutes=1))
    executions = metered_executions(store.executions, metrics.instruments)
    keys = metered_idempotency_keys(store.keys, metrics.instruments)
    script, version = a_script()
    await store.scripts.add(script, version)
    request = RequestFingerprint(IdempotencyKey("a key"), "0" * 64)
    for pending in (a_pending(version), a_pending(version)):
        running = start(pending, Claim(an_id(), "one"), NOON)
        (await executions.add(NewExecution(running, a_body()))).unwrap()
    (await executions.add(NewExecution(a_pending(version), a_body()))).unwrap()
    running = start(a_pending(version), Claim(an_id(), "one"), NOON)
    (await keys.add(NewExecution(running, a_body()), request)).unwrap()
    seen = await numbers(metrics)
    assert (seen["bateia_submissions_total"], seen["bateia_executions_started_directly_total"]) == (4, 3)


async def test_receipts_are_counted_and_signed_as_without_metrics() -> None:
    metrics, signer = Metrics(), Ed25519Signer(SIGNING_KEYS)
    metered = metered_signer(signer, metrics.instruments)
    assert metered is not None
    assert [metered.sign(b"1"), metered.public_keys()] == [signer.sign(b"1"), signer.public_keys()]
    assert (await numbers(metrics))["bateia_receipts_total"] == 1
    assert metered_signer(None, metrics.instruments) is None


class Port:
    """A port of two methods."""

    async def double(self, number: int) -> int:
        return 2 * number

    async def quarter(self, number: int) -> float:
        return 1 / number / 4


async def test_observers_get_result_and_arguments_of_their_methods_alone_and_nothing_of_failed_calls() -> None:
    seen: list[tuple[float, int]] = []
    port = observed(Port(), quarter=lambda result, number: seen.append((result, number)))
    assert (await port.double(2), await port.quarter(2)) == (4, 0.125)
    with pytest.raises(ZeroDivisionError):
        await port.quarter(0)
    assert seen == [(0.125, 2)]


def test_an_observer_of_a_method_that_the_port_has_not_is_an_error() -> None:
    with pytest.raises(AttributeError):
        observed(Port(), halve=lambda *_: None)


async def test_reclaimed_executions_are_counted_and_the_last_loss_is_a_completion() -> None:
    metrics, store = Metrics(), MemoryStore(utc_now, lease=timedelta(0))
    queue = metered_queue(store.queue, metrics.instruments)
    script, version = a_script()
    await store.scripts.add(script, version)
    await store.executions.add(NewExecution(a_pending(version), a_body()))
    for _ in range(2):
        assert len(await claim(queue)) == 1
        assert len(await queue.reclaim(10, losing(attempts=2))) == 1
    seen = await numbers(metrics)
    assert seen["bateia_executions_reclaimed_total"] == 2
    assert seen["bateia_executions_ended_total[worker_lost]"] == 1
    assert seen["bateia_execution_run_seconds_count"] == 0


async def test_runs_are_counted_while_they_go_on_however_they_end() -> None:
    metrics, store = Metrics(), MemoryStore(utc_now, timedelta(minutes=1))
    script, version = a_script()
    await store.scripts.add(script, version)
    await store.executions.add(NewExecution(a_pending(version), a_body()))
    (claimed,) = await claim(store.queue)

    async def run(_: Claimed) -> Result[Run, RunFailure]:
        assert (await numbers(metrics))["bateia_worker_runs"] == 1
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await metered_runs(run, metrics.instruments)(claimed)
    assert (await numbers(metrics))["bateia_worker_runs"] == 0


async def test_the_database_is_sampled_and_its_outage_is_reported() -> None:
    now, asked, away = [0.0], [0], [False]

    async def read() -> QueueStats:
        asked[0] += 1
        if away[0]:
            raise Unavailable("the database: gone")
        return VITALS

    metrics = Metrics()
    metrics.measure_database(DatabaseGauges(read, lambda: now[0]))
    await asyncio.gather(*(metrics.expose() for _ in range(3)))
    seen = await numbers(metrics)
    assert (asked, seen["bateia_database_up"], seen["bateia_queue_waiting"]) == ([1], 1, 7)
    assert (seen["bateia_queue_oldest_seconds"], seen["bateia_database_oldest_snapshot_transactions"]) == (1.5, 40)
    now[0], away[0] = FRESH_SECONDS, True
    seen = await numbers(metrics)
    assert (asked, seen["bateia_database_up"], "bateia_queue_waiting" in seen) == ([2], 0, False)


async def test_both_formats_have_the_same_content_with_the_process_and_its_pool() -> None:
    metrics = Metrics()
    stats = {"pool_size": 3, "pool_available": 1, "pool_max": 10, "requests_waiting": 4}
    metrics.add_pool(lambda: stats)
    metrics.add_pool(lambda: {"pool_size": 2, "pool_available": 2, "pool_max": 4})
    metrics.instruments.observe_request("GET", "/v1/scripts", 200, 0.003)
    metrics.instruments.observe_request("GET", "/v1/scripts", 0, 0.003)
    metrics.instruments.observe_zygote(was_lost=True)
    seen, other = await numbers(metrics), await metrics.expose(open_metrics=True)
    assert other.media_type == OPEN_METRICS
    families = open_metrics(other.text.decode())  # type: ignore[no-untyped-call]
    again = {one.name for family in families for one in family.samples}
    assert again == {name.partition("[")[0] for name in seen}
    assert seen["bateia_http_requests_total[GET,/v1/scripts,none]"] == 1
    assert [seen[f"bateia_database_pool_connections[{one}]"] for one in ("idle", "in_use", "limit")] == [3, 2, 14]
    assert seen["bateia_database_pool_waiting"] == 4
    assert seen["bateia_sandbox_zygotes_replaced_total[lost]"] == 1
    assert seen["process_resident_memory_bytes"] > 1e6


SHARING = """
import asyncio, os, sys
from pathlib import Path
from adapters.metrics.metrics import Metrics
metrics = Metrics(Path(sys.argv[1]), int(sys.argv[2]))
metrics.instruments.submissions.inc(int(sys.argv[3]))
metrics.instruments.waiting_readers.set(int(sys.argv[3]))
metrics.instruments.observe_request("GET", "/metrics", 200, 0.5)
print(asyncio.run(metrics.expose()).text.decode(), flush=True)
os.kill(os.getpid(), 9)
"""


def shared(repository: Path, folder: Path, number: int, count: int) -> dict[str, float]:
    """Run a process of that number that counts so many and is then killed, and return its metrics."""
    words = [sys.executable, "-c", SHARING, str(folder), str(number), str(count)]
    ended = subprocess.run(words, cwd=repository, capture_output=True, text=True, timeout=60)
    assert ended.returncode == -9, ended.stderr
    return samples(ended.stdout)


def test_processes_are_summed_and_a_replacement_continues_its_counters(repository: Path, tmp_path: Path) -> None:
    told = [shared(repository, tmp_path, *one) for one in [(1, 5), (2, 3), (2, 10)]]
    assert [one["bateia_submissions_total"] for one in told] == [5, 8, 18]
    assert [one["bateia_http_waiting_readers"] for one in told] == [5, 8, 15]
    assert [one["bateia_http_request_seconds_count[GET,/metrics]"] for one in told] == [1, 2, 3]
    cpu = [one["process_cpu_seconds_total"] for one in told]
    assert sorted(cpu) == cpu
    assert len(list(tmp_path.iterdir())) == 6


async def ask(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    try:
        return await asyncio.wait_for(reader.read(), 10)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


async def test_the_little_server_answers_for_metrics_and_health_and_for_nothing_else() -> None:
    metrics, well = Metrics(), list[bool]()
    async with serving(metrics, lambda: bool(well), "127.0.0.1", 0) as port:
        given = await ask(port, b"GET /metrics?a=b HTTP/1.1\r\nHost: a\r\n\r\n")
        head, _, text = given.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert f"Content-Length: {len(text)}".encode() in head
        assert "bateia_worker_slots" in samples(text.decode())
        headless = await ask(port, b"HEAD /metrics HTTP/1.1\r\n\r\n")
        assert headless.endswith(b"\r\n\r\n")
        assert b"Content-Length: 0\r\n" not in headless
        wanted = b"GET /metrics HTTP/1.1\r\nAccept: application/openmetrics-text;version=1.0.0,*/*;q=0.1\r\n\r\n"
        assert (await ask(port, wanted)).endswith(b"# EOF\n")
        for status in (b"503", b"200"):
            assert (await ask(port, b"GET /health HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.1 %b " % status)
            well.append(True)
        assert (await ask(port, b"GET / HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.1 404 ")
        assert (await ask(port, b"POST /metrics HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.1 405 ")
        assert await ask(port, b"GET /metrics HTTP/1.1\r\nA: " + b"a" * 100_000) == b""
        with pytest.raises(CannotServe, match=str(port)):
            async with serving(metrics, lambda: True, "127.0.0.1", port):
                pass


async def test_failures_of_background_tasks_are_counted_from_zero() -> None:
    metrics = Metrics()
    monitor = TaskMonitor(metrics.instruments.observe_failure)
    monitor.failed(BackgroundTask.ENFORCE_RETENTION, Unavailable("gone"))
    seen = await numbers(metrics)
    counted = {task: seen[f"bateia_background_failures_total[{task}]"] for task in BackgroundTask}
    assert counted == dict.fromkeys(BackgroundTask, 0) | {BackgroundTask.ENFORCE_RETENTION: 1}


async def test_trials_are_counted_by_their_outcome() -> None:
    metrics = Metrics()
    outcomes: list[Result[Run, RunFailure | SandboxBusy]] = [
        Success(a_run()),
        Success(a_run(a_failure())),
        Success(a_run(a_failure())),
        Failure(SandboxBusy()),
        Failure(SandboxLost()),
    ]
    waiting = iter(outcomes)

    async def run(_: Trial, /) -> Result[Run, RunFailure | SandboxBusy]:
        return next(waiting)

    metered = metered_trials(run, metrics.instruments)
    trial = Trial(
        source=a_source(), engine="quickjs-ng", limits=DEFAULTS, dataset=a_body(), circumstances=CIRCUMSTANCES
    )
    assert [await metered(trial) for _ in outcomes] == outcomes
    seen = await numbers(metrics)
    counts = {"succeeded": 1, "failed": 2, "busy": 1, "unavailable": 1}
    assert {name: seen[f"bateia_trials_total[{name}]"] for name in counts} == counts


@pytest.mark.parametrize("is_held", [True, False])
async def test_attempts_to_send_events_are_counted_by_their_outcome(is_held: bool) -> None:
    class Work:
        """The only method of the port that is counted."""

        async def record(self, delivery: Delivery, webhook: Webhook) -> bool:
            return is_held

    metrics = Metrics()
    work = metered_delivery_work(cast("DeliveryWork", Work()), metrics.instruments)
    webhook = a_webhook()
    delivery = a_delivery(webhook)
    assert await work.record(delivery, webhook) is is_held  # without an attempt
    outcomes: list[SendOutcome] = [*map(Responded, (204, 299, 500, 302)), NoResponse(SendFault.TIMED_OUT)]
    for outcome in outcomes:
        tried = evolve(delivery, last=Attempt(NOON, 1_500, outcome))
        assert await work.record(tried, webhook) is is_held
    seen = await numbers(metrics)
    counted = {name: seen[f"bateia_webhook_attempts_total[{name}]"] for name in ("accepted", "refused", *SendFault)}
    assert counted == dict.fromkeys(SendFault, 0) | {"accepted": 2, "refused": 2, SendFault.TIMED_OUT: 1}
    assert seen["bateia_webhook_attempt_seconds_count"] == 5
    assert seen["bateia_webhook_attempt_seconds_sum"] == pytest.approx(7.5)
