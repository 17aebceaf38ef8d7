"""Gauges of the database, not of a process: queried on a scrape, at most once in `FRESH_SECONDS`.

While the database does not answer, a gauge shows that and the others are absent: an old number would pass for a new
one.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from typing import Final

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from application.ports.errors import Unavailable
from application.ports.operations import QueueStats, ReadQueueStats

log: Final = logging.getLogger(__name__)

FRESH_SECONDS: Final = 5.0

_GAUGES: Final[tuple[tuple[str, str, Callable[[QueueStats], float]], ...]] = (
    ("bateia_queue_waiting", "Executions waiting in the queue.", lambda one: one.waiting),
    ("bateia_queue_replays_waiting", "Replays waiting behind all other executions.", lambda one: one.replays_waiting),
    ("bateia_replays_unfinished", "Replays on versions that have not finished.", lambda one: one.replays_unfinished),
    (
        "bateia_webhook_deliveries_pending",
        "Events that have not been delivered to their webhooks yet.",
        lambda one: one.deliveries_pending,
    ),
    ("bateia_jobs_unfinished", "Jobs that have not finished.", lambda one: one.jobs_unfinished),
    (
        "bateia_job_partitions_waiting",
        "Planned partitions of unfinished jobs that are neither done nor failed.",
        lambda one: one.job_partitions_waiting,
    ),
    ("bateia_queue_oldest_seconds", "Age of the oldest waiting execution.", lambda one: one.oldest_waiting_seconds),
    ("bateia_queue_running", "Executions claimed by workers.", lambda one: one.running),
    ("bateia_workers_seen", "Workers seen within one lease.", lambda one: one.workers),
    (
        "bateia_database_oldest_transaction_seconds",
        "Age of the oldest transaction in the database.",
        lambda one: one.oldest_transaction_seconds,
    ),
    (
        "bateia_database_oldest_snapshot_transactions",
        "Transactions since the oldest snapshot in use; vacuum cannot clean up after it.",
        lambda one: one.oldest_snapshot_transactions,
    ),
)


class DatabaseGauges(Collector):
    """The gauges, and the look-up behind them."""

    def __init__(self, read_vitals: ReadQueueStats, monotonic: Callable[[], float]) -> None:
        self._read_vitals, self._monotonic = read_vitals, monotonic
        self._looking = asyncio.Lock()
        self._looked_at = float("-inf")
        self._vitals: QueueStats | None = None

    async def refresh(self) -> None:
        """Query again, unless that happened a moment ago. An outage is a result too."""
        async with self._looking:
            if self._monotonic() - self._looked_at < FRESH_SECONDS:
                return
            try:
                self._vitals = await self._read_vitals()
            except Unavailable as error:
                log.warning("cannot collect database metrics: %s", error)
                self._vitals = None
            self._looked_at = self._monotonic()

    def collect(self) -> Iterator[Metric]:
        """Collect the values sampled last."""
        vitals = self._vitals
        yield GaugeMetricFamily(
            "bateia_database_up", "1 if the database answered, 0 otherwise.", value=float(vitals is not None)
        )
        for name, about, value in _GAUGES:
            if vitals is not None:
                yield GaugeMetricFamily(name, about, value=value(vitals))
