"""The figures of one measurement of a service under the load of small executions, and how they are printed."""

import os
import statistics
from collections.abc import Sequence
from typing import Final, NamedTuple

from processes import POSTGRES, Footprint

CORES: Final = os.cpu_count() or 1


class Times(NamedTuple):
    """Milliseconds: the median and the slowest in a hundred."""

    median: float
    p99: float

    @classmethod
    def of(cls, took: Sequence[float]) -> "Times":
        """Summarise the times of at least two calls."""
        return cls(statistics.median(took), statistics.quantiles(took, n=100, method="inclusive")[-1])


class Figures(NamedTuple):
    """Rates a second, times in ms, CPU in ms an execution by role, the memory after the load, and the share of the
    machine's CPU that other work took meanwhile."""

    rate: float
    loaded: Times
    alone: Times
    bare_rate: float
    bare: Times
    cpu: dict[str, float]
    footprint: Footprint
    others: float

    @property
    def service_cpu(self) -> float:
        """Milliseconds of CPU an execution, of the whole service."""
        return sum(self.cpu.values()) - self.cpu["client"]

    @property
    def node_cpu(self) -> float:
        """Milliseconds of CPU an execution, of the service without PostgreSQL."""
        return self.service_cpu - self.cpu[POSTGRES]

    @property
    def bound(self) -> float:
        """Executions a second if the machine did nothing else."""
        return CORES * 1000 / sum(self.cpu.values())

    @property
    def private(self) -> float:
        """Mebibytes of private memory, of the whole service but PostgreSQL."""
        return sum(mib for role, mib in self.footprint.private.items() if role != POSTGRES)

    def __str__(self) -> str:
        lines = [
            f"executions a second      {self.rate:9.1f}   ({self.rate / self.bare_rate:.3f} of bare requests)",
            f"under load, median       {self.loaded.median:9.2f} ms",
            f"under load, 99th         {self.loaded.p99:9.2f} ms",
            f"one at a time, median    {self.alone.median:9.2f} ms ({self.alone.median / self.bare.median:.1f} bare)",
            f"one at a time, 99th      {self.alone.p99:9.2f} ms",
            f"bare requests a second   {self.bare_rate:9.1f}",
            f"bare request, median     {self.bare.median:9.2f} ms",
            "CPU an execution, ms",
            *(f"  {role:22} {used:9.2f}" for role, used in self.cpu.items()),
            f"  {'the service':22} {self.service_cpu:9.2f}",
            f"sandbox processes        {self.footprint.sandboxes:9}",
            "private memory after the load, MiB",
            *(f"  {role:22} {mib:9.1f}" for role, mib in sorted(self.footprint.private.items())),
            f"others' share of the CPU {self.others:9.0%}",
            f"bound by CPU, a second   {self.bound:9.1f}",
        ]
        return "\n".join(lines)
