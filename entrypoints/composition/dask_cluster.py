"""The Dask cluster that the settings choose, and the size of what this machine gives to one."""

import os
from typing import Final

from adapters.dask.embedded import ClusterSize
from adapters.dask.engines import ExistingCluster
from domain.limits import MIB
from entrypoints.configuration.settings import Settings

PERFORMER: Final = "entrypoints.composition.task_work:open_performer"


def cluster_of(settings: Settings) -> ClusterSize | ExistingCluster:
    """Choose between a cluster of this process and an existing one."""
    return existing_cluster(settings, settings.dask_address) if settings.dask_address else cluster_size(settings)


def existing_cluster(settings: Settings, address: str) -> ExistingCluster:
    """Describe the cluster at the address."""
    return ExistingCluster(
        address=address,
        ca_file=settings.dask_ca_file,
        cert_file=settings.dask_cert_file,
        key_file=settings.dask_key_file,
        allow_plaintext=settings.dask_plaintext,
    )


def cluster_size(settings: Settings) -> ClusterSize:
    """Compute the workers of this machine."""
    return ClusterSize(
        workers=settings.job_workers or os.cpu_count() or 1,
        worker_bytes=settings.job_worker_memory_mb * MIB,
        performer=PERFORMER,
    )
