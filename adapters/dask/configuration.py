"""The settings of Dask in all processes of the service that use it."""

import logging
from typing import Final

import dask.config
import distributed  # noqa: F401 - it brings the defaults that the following replace

_RETRIES: Final = 1
"""A task whose worker was lost runs again so often beside another task, and as often on a worker of its own: three
times in all."""

_SETTINGS: Final = {
    "distributed.scheduler.allowed-failures": _RETRIES,
    "distributed.scheduler.http.routes": [],
    "distributed.scheduler.work-stealing-interval": "100ms",  # a worker that has just started takes over what waits
    "distributed.worker.http.routes": [],
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.target": False,  # reports are small: there is nothing to spill
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,  # memory that is never returned would pause a worker for ever
    # a nanny starts its worker again; after this time the cluster would give up the nanny, too, if its worker is away
    "distributed.deploy.lost-worker-timeout": "365 days",
    "distributed.diagnostics.nvml": False,
    "distributed.admin.low-level-log-length": 0,
}
_LOGGERS: Final = ("distributed", "tornado", "asyncio")


def configure() -> None:
    """Set them. What Dask logs goes to the log of the process, in its format, and only what is worth a warning."""
    dask.config.set(_SETTINGS)
    for name in logging.root.manager.loggerDict:
        if name.partition(".")[0] in _LOGGERS:
            logger = logging.getLogger(name)
            logger.handlers.clear()
            logger.propagate = True
            logger.setLevel(logging.NOTSET)
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
