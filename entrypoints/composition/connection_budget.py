"""The share of each process in the connections that the database allows to all of them together."""

from typing import Final

from attrs import frozen

_API_POOL: Final = 10
_WORKER_POOL: Final = 4
_LISTENER: Final = 1
RUNNER_POOL: Final = 2
"""The connections of the process that carries jobs on, of which a machine has at most one."""
_FEWEST: Final = 2
"""A connection to work with, and one to listen."""


@frozen
class PoolSizes:
    """The most connections in the pool of an API process, and in that of a worker; each has a listener besides."""

    api: int = _API_POOL
    worker: int = _WORKER_POOL


def pool_sizes(limit: int | None, api_processes: int, workers: int) -> PoolSizes:
    """Compute the sizes that fit `limit` connections: none smaller than 1, and the listeners come first. None means
    that no limit is known. Every process computes the same sizes."""
    if limit is None:
        return PoolSizes()
    left = limit - RUNNER_POOL - _LISTENER * (api_processes + workers)
    worker = min(_WORKER_POOL, max(1, left * _WORKER_POOL // (_WORKER_POOL * workers + _API_POOL * api_processes)))
    api = min(_API_POOL, max(1, (left - worker * workers) // api_processes))
    return PoolSizes(api, worker)


def fewest_connections(api_processes: int, workers: int) -> int:
    """Compute the number of connections without which some of the processes cannot work or not listen."""
    return _FEWEST * (api_processes + workers) + RUNNER_POOL


def all_connections(api_processes: int, workers: int) -> int:
    """Compute the number of connections with which every process has a pool of the usual size."""
    return (_API_POOL + _LISTENER) * api_processes + (_WORKER_POOL + _LISTENER) * workers + RUNNER_POOL
