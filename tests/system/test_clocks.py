"""Machines whose clocks are an hour off: nothing is lost, doubled, taken from who holds it, or given a false time."""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.processes import free_port
from tests.support.waiting import eventually
from tests.system.hosts import a_process
from tests.system.ledger import Ledger

HOUR = 3600


def skewed(seconds: int, module: str) -> list[str]:
    return [sys.executable, "-m", "tests.system.skewed", str(seconds), module]


@pytest.mark.parametrize("api_is_off", [HOUR, -HOUR])
def test_clocks_an_hour_ahead_and_an_hour_behind_change_nothing(
    new_database: Callable[[], str], repository: Path, tmp_path: Path, api_is_off: int
) -> None:
    port, log = free_port(), tmp_path / "log"
    settings = {"DATABASE_URL": new_database(), "BATEIA_PORT": str(port), "BATEIA_SLOTS": "2"}
    begin = partial(a_process, cwd=repository, log=log, settings=settings)
    with ExitStack() as stack:
        stack.enter_context(begin(skewed(api_is_off, "entrypoints.api")))
        ahead, _ = [stack.enter_context(begin(skewed(off, "entrypoints.worker"))) for off in (HOUR, -HOUR)]
        client = stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30))
        eventually(lambda: both_work(client))
        with Ledger(str(client.base_url)) as ledger:
            eventually(ledger.goes_on(100))
        ledger.check()
        assert "reclaimed execution" not in log.read_text()
        assert {one["attempt"] for one in executions(client)} == {1}
        api_now = datetime.now(UTC) + timedelta(seconds=api_is_off)
        for one in executions(client):
            assert abs(datetime.fromisoformat(one["submitted_at"]) - api_now) < timedelta(minutes=1)
            if api_is_off < 0:  # otherwise no later time than the submission's is known
                assert abs(datetime.fromisoformat(one["finished_at"]) - datetime.now(UTC)) < timedelta(minutes=1)
        with Ledger(str(client.base_url)) as ledger:
            eventually(ledger.goes_on(20))
            os.kill(ahead, signal.SIGKILL)
            eventually(ledger.goes_on(20))
        ledger.check()


def both_work(client: httpx.Client) -> bool:
    try:
        return bool(client.get("/health/ready").json()["workers"] == 2)
    except httpx.TransportError:
        return False


def executions(client: httpx.Client) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get("/v1/executions?limit=200").json()["items"]
    return items
