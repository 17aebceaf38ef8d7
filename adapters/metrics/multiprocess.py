"""Several processes that are measured as one: each writes its numbers into files of its own in one folder.

A process is known by its number among them, not by its process id. So whoever is started in the place of a lost one
goes on with its counters, which never go back, and its gauges are overwritten, not counted beside those of the living.
No two processes may have one number at the same time.
"""

import os
from pathlib import Path

from prometheus_client import CollectorRegistry, values
from prometheus_client.multiprocess import MultiProcessCollector

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def share_in(folder: Path, number: int) -> None:
    """Have all instruments that are made from now on kept in that folder, under that number."""
    os.environ[_FOLDER] = str(folder)
    values.ValueClass = values.MultiProcessValue(lambda: number)  # type: ignore[no-untyped-call]


def shared_registry(folder: Path) -> CollectorRegistry:
    """What gives the sums over all that share the folder."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]
    return registry
