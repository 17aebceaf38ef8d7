"""The metrics of a process: its instruments, its samplers, and their exposition as text."""

import asyncio
import resource
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from attrs import frozen
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.openmetrics import exposition as openmetrics

from adapters.metrics.database import DatabaseGauges
from adapters.metrics.instruments import Instruments
from adapters.metrics.multiprocess import share_in, shared_registry
from adapters.metrics.script_counts import DEFAULT_SCRIPTS

TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"
OPEN_METRICS: Final = openmetrics.CONTENT_TYPE_LATEST
SAMPLE_SECONDS: Final = 5.0
_PAGE_BYTES: Final = resource.getpagesize()


@frozen
class MetricsText:
    """The metrics as text."""

    media_type: str
    text: bytes


class Metrics:
    """The metrics of one process; or, with a `folder`, of all that share it, of which this is the one with that
    `number`. At most so many `scripts` have series of their own.

    Create it before anything else of `prometheus_client` is used.
    """

    def __init__(self, folder: Path | None = None, number: int = 1, scripts: int = DEFAULT_SCRIPTS) -> None:
        if folder is not None:
            share_in(folder, number)
        own = CollectorRegistry()
        self.instruments: Final = Instruments(own, scripts)
        self.registry: Final = own if folder is None else shared_registry(folder)
        self._parts: dict[Gauge, list[Callable[[], float]]] = {}
        self._looks: list[Callable[[], None]] = [self._look_at_process]
        self._database: DatabaseGauges | None = None
        self._cpu_seconds = 0.0

    def add_sampler(self, look: Callable[[], None]) -> None:
        """Have gauges set by this function, every few seconds and before each answer."""
        self._looks.append(look)

    def add_part(self, gauge: Gauge, read: Callable[[], float]) -> None:
        """Have a gauge set to the sum of its parts, of which this is one: a process may have several pools."""
        self._parts.setdefault(gauge, []).append(read)

    def add_pool(self, stats: Callable[[], Mapping[str, int]]) -> None:
        """Have a connection pool measured that reports psycopg's statistics."""
        pool = self.instruments.pool
        self.add_part(pool.labels("idle"), lambda: stats()["pool_available"])
        self.add_part(pool.labels("in_use"), lambda: stats()["pool_size"] - stats()["pool_available"])
        self.add_part(pool.labels("limit"), lambda: stats()["pool_max"])
        self.add_part(self.instruments.pool_waiting, lambda: stats().get("requests_waiting", 0))

    def measure_database(self, gauges: DatabaseGauges) -> None:
        """Answer with these too."""
        self._database = gauges
        self.registry.register(gauges)

    async def sample(self) -> None:
        """Set the sampled gauges, so that another process that answers for this one has recent numbers."""
        self._look()

    async def expose(self, open_metrics: bool = False) -> MetricsText:
        """Sample, and format all metrics in one of the two formats."""
        if self._database is not None:
            await self._database.refresh()
        self._look()
        if open_metrics:
            return MetricsText(OPEN_METRICS, await asyncio.to_thread(openmetrics.generate_latest, self.registry))
        return MetricsText(TEXT, await asyncio.to_thread(generate_latest, self.registry))

    def _look(self) -> None:
        for look in self._looks:
            look()
        for gauge, parts in self._parts.items():
            gauge.set(sum(read() for read in parts))

    def _look_at_process(self) -> None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        before, self._cpu_seconds = self._cpu_seconds, used.ru_utime + used.ru_stime
        self.instruments.cpu_seconds.inc(max(0.0, self._cpu_seconds - before))
        resident = int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_BYTES
        self.instruments.resident_bytes.set(resident)
