"""The counts of the process that carries jobs on. It lives shortly and has no metrics of its own: it writes a line for
each partition and each job that it settles, and the worker that started it reads and counts them.
"""

import asyncio
import os
import sys
from contextlib import suppress
from typing import Final

from adapters.metrics.instruments import Instruments
from domain.jobs import Job
from domain.partitions import Partition

_PARTITION: Final = "partition"
_JOB: Final = "job"


def write_partition(partition: Partition) -> None:
    """Report a partition that has been settled."""
    _write(_PARTITION, partition.state.value)


def write_end(job: Job) -> None:
    """Report a job that has finished."""
    _write(_JOB, "succeeded" if job.error is None else job.error.kind.value)


def _write(what: str, outcome: str) -> None:
    with suppress(OSError):  # without a reader the work goes on
        os.write(sys.stdout.fileno(), f"{what} {outcome}\n".encode())


async def read_counts(lines: asyncio.StreamReader, instruments: Instruments) -> None:
    """Count what the lines report, to their end. Others are ignored."""
    counts = {_PARTITION: instruments.observe_partition, _JOB: instruments.observe_job}
    while line := await _line(lines):
        what, _, outcome = line.decode("ascii", "replace").rstrip("\n").partition(" ")
        if what in counts:
            counts[what](outcome)


async def _line(lines: asyncio.StreamReader) -> bytes:
    while True:
        with suppress(ValueError):  # longer than the reader's limit: it has dropped that much
            return await lines.readline()
