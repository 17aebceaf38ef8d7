"""Replays on a version with real processes: equality, differences, and a take-over after a kill."""

import json
import os
import signal
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

import httpx
import psycopg
import pytest

from tests.support.processes import command, family, running
from tests.support.waiting import eventually
from tests.system.conftest import Service, a_service

TABLE: Final = """
function process(rows) {
  if (rows.length === 3) throw new Error(`no ${rows.length} rows`);
  return rows.map(id => ({ id, chance: Math.random(), at: Date.now(), total: id * 1.1 }));
}
"""
CHANGED: Final = """
function process(rows) {
  const until = performance.now() + 1, end = [];
  for (let n = 0; n < 3e6; n++) if (n % 1e6 === 0) end.push(n);
  return rows.map(id => ({ id, chance: Math.random(), at: Date.now(), total: id * 1.1 + (id === 1 ? 0.25 : 0) }));
}
"""
COUNT: Final = 12


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    keys = f"b:{b64encode(bytes(32)).decode()}"
    settings = {"BATEIA_API_PROCESSES": "1", "BATEIA_WORKERS": "2", "BATEIA_MASTER_KEYS": keys}
    with a_service(tmp_path_factory.mktemp("replays"), **settings) as one:
        yield one


def replay(service: Service, version: int, script: str = "table", last: int = COUNT) -> Any:
    answer = service.client.post(f"/v1/scripts/{script}/versions/{version}/replays", json={"last": last})
    assert answer.status_code == 202, answer.text
    return answer.headers["location"]


def finished(service: Service, location: str) -> Any:
    shown = service.client.get(location, headers={"Prefer": "wait=60"}).json()
    assert shown["status"] == "finished"
    return shown


def test_replays_show_equality_or_differences_once_even_if_workers_are_killed(service: Service) -> None:
    service.host("table", TABLE)
    submitted = [service.submit("table", json.dumps(list(range(n)))).json() for n in range(1, COUNT + 1)]
    for one in submitted:
        service.read(one["id"], wait=60)
    same = finished(service, replay(service, 1))
    assert (same["executions"]["equal"], same["has_differences"]) == (COUNT, False)

    upload = service.client.post(
        "/v1/scripts/table/versions", content=CHANGED, headers={"Content-Type": "text/javascript"}
    )
    assert upload.status_code == 201
    location = replay(service, 2)
    eventually(lambda: service.client.get(location).json()["executions"]["done"] > 0)
    for pid in service.workers():
        os.kill(pid, signal.SIGKILL)
    eventually(service._ready, 60)
    shown = finished(service, location)
    counts = shown["executions"]
    # of one row [0] nothing changes; three rows threw before
    assert (counts["done"], counts["equal"], counts["now_succeeding"]) == (COUNT, 1, 1)
    assert counts["changed"] == COUNT - 2
    (total,) = [one for one in shown["columns"] if one["name"] == "total"]
    assert total["changed"] == COUNT - 2
    assert total["largest_absolute"] == pytest.approx(0.25)
    assert shown["rows"]["changed"] == COUNT - 2

    lines = [json.loads(line) for line in service.client.get(f"{location}/differences?limit=200").text.splitlines()]
    assert sorted(one["change"] for one in lines) == ["changed"] * (COUNT - 2) + ["outcome"]
    with psycopg.connect(service.database_url, autocommit=True) as conn:
        row = conn.execute(
            "select count(*), count(distinct v.execution_id), count(*) filter (where a.action = 'submitted')"
            " from version_replay_executions v left join audit a on a.execution_id = v.execution_id"
            " and a.action = 'submitted' where v.replay_id = %s",
            [shown["id"]],
        ).fetchone()
        assert row == (COUNT, COUNT, COUNT)
        sealed = conn.execute("select bool_and(sealed), count(*) from execution_differences").fetchone()
        assert sealed == (True, COUNT - 1)


FAST: Final = "function process(n) { return [{ n }]; }"
SLOW: Final = "function process(n) { for (let i = 0; i < 4e6; i++); return [{ n }]; }"
MANY: Final = 16


def test_a_replay_survives_a_kill_of_all_processes_but_the_supervisor(service: Service) -> None:
    service.host("slow", FAST)
    for one in [service.submit("slow", str(n)).json() for n in range(MANY)]:
        assert service.read(one["id"], wait=60)["status"] == "succeeded"
    javascript = {"Content-Type": "text/javascript"}
    assert service.client.post("/v1/scripts/slow/versions", content=SLOW, headers=javascript).status_code == 201
    location = replay(service, 2, "slow", MANY)
    eventually(lambda: service.client.get(location).json()["executions"]["done"] > 0)
    killed = kill_all(service)
    eventually(lambda: service._ready() and not any(running(pid) for pid in killed), 60, pause=0.1)
    shown = eventually(lambda: found(service, location), 60, pause=0.1)
    counts = shown["executions"]
    assert (counts["total"], counts["done"], counts["equal"]) == (MANY, MANY, MANY)
    outcomes = service.client.get(f"{location}/executions?limit={MANY}").json()["items"]
    assert len({one["execution_id"] for one in outcomes}) == len({one["original_id"] for one in outcomes}) == MANY
    with psycopg.connect(service.database_url, autocommit=True) as conn:
        query = "select count(*) from audit where action = 'submitted' and execution_id = any(%s::uuid[])"
        assert conn.execute(query, [[one["execution_id"] for one in outcomes]]).fetchone() == (MANY,)


def kill_all(service: Service) -> list[int]:
    """Kill sandboxes, workers, the API and PostgreSQL at once; return their ids."""
    members = [pid for pid in family(service.process.pid) if pid != service.process.pid]
    assert any("zygote.py" in command(pid) for pid in members)
    assert {*service.workers(), *service.pids("entrypoints.api"), service.postmaster()} <= {*members}
    for pid in members:
        with suppress(ProcessLookupError):  # some end with others
            os.kill(pid, signal.SIGKILL)
    return members


def found(service: Service, location: str) -> Any:
    """Return the finished replay; nothing while the service does not answer."""
    with suppress(httpx.TransportError):
        answer = service.client.get(location, headers={"Prefer": "wait=30"})
        return answer.json() if answer.is_success and answer.json()["status"] == "finished" else None
