"""An existing cluster: which addresses are accepted, workers that join it, and the loss of its scheduler."""

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from distributed import Scheduler

from adapters.dask.embedded import ClusterSize
from adapters.dask.engines import ClusterRefused, DaskEngines, ExistingCluster, security_of
from adapters.dask.members import join
from application.ports.errors import Unavailable
from application.ports.job_tasks import Written
from tests.adapters.dask.performers import FOLDER, NAME, a_task
from tests.support.receivers import an_authority

SIZE = ClusterSize(1, 512 * 1024 * 1024, NAME)


def a_cluster(folder: Path, address: str) -> ExistingCluster:
    """Describe a cluster of an authority of its own."""
    folder.mkdir()
    authority = an_authority(folder)
    authority.server("cluster")
    own = folder / "cluster-1.pem"  # its certificate and key
    return ExistingCluster(address=address, ca_file=authority.file, cert_file=own, key_file=own)


@pytest.mark.parametrize("address", ["tcp://10.0.0.7:8786", "tcp://scheduler:8786", "tcp://127.evil.example:1"])
def test_a_scheduler_without_tls_elsewhere_needs_a_permission(address: str) -> None:
    cluster = ExistingCluster(address=address)
    with pytest.raises(ClusterRefused, match="BATEIA_DASK_PLAINTEXT"):
        security_of(cluster)
    assert not security_of(evolve(cluster, allow_plaintext=True)).require_encryption


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:8786", "tcp://localhost:8786", "tcp://[::1]:8786"])
def test_a_scheduler_on_the_loopback_needs_none(address: str) -> None:
    assert not security_of(ExistingCluster(address=address)).require_encryption


def test_tls_needs_all_files(tmp_path: Path) -> None:
    cluster = a_cluster(tmp_path / "ours", "tls://scheduler:8786")
    assert security_of(cluster).require_encryption
    for missing in (None, tmp_path / "missing.pem"):
        for one in (
            evolve(cluster, ca_file=missing),
            evolve(cluster, cert_file=missing),
            evolve(cluster, key_file=missing),
        ):
            with pytest.raises(ClusterRefused, match="BATEIA_DASK_KEY_FILE"):
                security_of(one)


async def test_workers_join_a_cluster_whose_loss_interrupts_tasks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    ours, theirs = (a_cluster(tmp_path / name, "tls://127.0.0.1:0") for name in ("ours", "theirs"))
    security: Any = security_of(ours)
    security.tls_scheduler_cert, security.tls_scheduler_key = security.tls_worker_cert, security.tls_worker_key
    async with Scheduler(host="127.0.0.1", port=0, protocol="tls", security=security, dashboard=False) as scheduler:
        cluster = evolve(ours, address=scheduler.address)
        joining = asyncio.create_task(join(cluster, SIZE))
        with pytest.raises(Unavailable):
            await DaskEngines(evolve(theirs, address=scheduler.address))()
        engine = await DaskEngines(cluster)()
        try:
            await engine.submit(a_task("count", 1))
            report = (await engine.next_finished()).report
            assert isinstance(report, Written)
            assert int(report.sha256) != os.getpid()
            await engine.submit(a_task("last", 2))
            await scheduler.close()
            with pytest.raises(Unavailable, match="scheduler"):
                await engine.next_finished()
            with pytest.raises(Unavailable, match="scheduler"):
                await engine.submit(a_task("count", 3))
        finally:
            await engine.close()
        with pytest.raises(Unavailable, match="its scheduler is gone"):
            await joining
