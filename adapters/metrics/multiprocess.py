"""Several processes that are measured as one: each writes its numbers into files of its own in one folder.

A process is known by its number among them, not by its process id. So the replacement of a lost process continues its
counters, which never go back, and its gauges are overwritten, not counted beside those of the living. No two processes
may have one number at the same time.
"""

import os
from pathlib import Path

from prometheus_client import CollectorRegistry, values
from prometheus_client.multiprocess import MultiProcessCollector

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def share_in(folder: Path, number: int) -> None:
    """Make all instruments created from now on store their values in that folder, under that number."""
    os.environ[_FOLDER] = str(folder)
    values.ValueClass = values.MultiProcessValue(lambda: number)  # type: ignore[no-untyped-call]


def shared_registry(folder: Path) -> CollectorRegistry:
    """Create a registry that sums over all processes that share the folder."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]
    return registry
