"""A disk that is full: submissions are refused and the service says so; once there is room it goes on by itself."""

import base64
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.processes import command, family
from tests.support.waiting import eventually
from tests.system.conftest import Service
from tests.system.disks import Disk, SmallDisk, disks
from tests.system.ledger import Ledger


def filler() -> str:
    """Create a text that no compression makes much smaller than 750 kB."""
    return base64.b64encode(os.urandom(750_000)).decode()


@pytest.mark.parametrize("make_disk", disks(), ids=lambda disk: disk.__name__)
def test_a_full_disk_refuses_submissions_and_loses_nothing_acknowledged(
    start: Callable[..., Service], tmp_path: Path, make_disk: Callable[[], Disk]
) -> None:
    disk = make_disk()
    (tmp_path / "data").mkdir()
    service = start(*disk.prefix, BATEIA_ATTEMPTS="20")
    with Ledger(service.url, connections=2, filler=filler) as ledger:
        eventually(ledger.goes_on(5))
        disk.fill(service)
        eventually(lambda: ledger.refused, 60)  # each after 10 s, if PostgreSQL has no room even to run
        assert service.client.get("/health/live").status_code == 200
        if isinstance(disk, SmallDisk):  # a limit to each file leaves room for small ones
            eventually(lambda: service.client.get("/health/ready").status_code == 503)
            for postmaster in [pid for pid in family(service.process.pid) if "/postgres -D" in command(pid)]:
                os.kill(
                    postmaster, signal.SIGKILL
                )  # if it still runs, it has to recover without room, or wait for some
        disk.free(service)
        eventually(ledger.goes_on(5))
    ledger.check()
    eventually(lambda: service.client.get("/health/ready").status_code == 200)
    for status, problem in ledger.refused:
        assert status == 503
        assert not any(secret in problem.lower() for secret in (b"disk", b"postgres", b"database", b"file", b"base/"))
