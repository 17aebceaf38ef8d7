"""Jobs of the whole service: their output is right whatever dies meanwhile, and what is done is not done again."""

import json
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

import pytest

from tests.support.processes import command, family, running
from tests.support.waiting import eventually
from tests.system.conftest import Service, a_service

SUMS: Final = """
function process(rows) {
  for (let at = 0; rows[0]?.isSlow && at < 1e7; at++);
  const sums = {};
  for (const { brand, n } of rows) sums[brand] = (sums[brand] ?? 0) + n;
  return Object.keys(sums).sort().map(brand => ({ brand, n: sums[brand] }));
}
function merge(results) { return process(results.flat()); }
"""
WITHOUT_MERGE: Final = SUMS.partition("function merge")[0]
BRANDS: Final = ("Elo", "MasterCard", "VISA")
PARTITION_BYTES: Final = 64 * 1024
SETTINGS: Final = {"BATEIA_LAYOUT": "separate", "BATEIA_JOB_IDLE_SECONDS": "2", "BATEIA_JOB_WORKERS": "2"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Run a service with two scripts and an object of some twenty partitions."""
    with a_service(tmp_path_factory.mktemp("jobs"), **SETTINGS) as service:
        assert service.host("sums", SUMS).status_code == 201
        assert service.host("no-merge", WITHOUT_MERGE).status_code == 201
        put(service, "in/rows.ndjson", "".join(f"{line}\n" for line in lines(20_000)))
        yield service


def lines(count: int, *, is_slow: bool = False) -> Iterator[str]:
    for at in range(count):
        yield json.dumps({"brand": BRANDS[at % 3], "n": at, "text": "x" * 30, **({"isSlow": True} if is_slow else {})})


def expected(count: int) -> list[dict[str, Any]]:
    sums = Counter[str]()
    for at in range(count):
        sums[BRANDS[at % 3]] += at
    return [{"brand": brand, "n": sums[brand]} for brand in BRANDS]


def put(service: Service, path: str, text: str) -> dict[str, Any]:
    answer = service.client.put(f"/v1/stores/files/{path}", content=text.encode())
    assert answer.status_code in {200, 201}, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def submit(service: Service, script: str, source: str, out: str, **others: Any) -> str:
    document = {
        "input": {"url": f"files://{source}"},
        "output": {"url": f"files://{out}/", "format": "json"},
        "merge": "script",
        "partition": {"bytes": PARTITION_BYTES},
        **others,
    }
    answer = service.client.post(f"/v1/scripts/{script}/jobs", json=document)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def job(service: Service, job_id: str, wait: int = 0) -> dict[str, Any]:
    answer = service.client.get(f"/v1/jobs/{job_id}", headers={"Prefer": f"wait={wait}"} if wait else {})
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def ended(service: Service, job_id: str) -> dict[str, Any]:
    shown = job(service, job_id, 60)
    assert shown["status"] in {"succeeded", "failed"}, shown
    return shown


def output(service: Service, path: str) -> Any:
    answer = service.client.get(f"/v1/stores/files/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def dask_workers(service: Service) -> list[int]:
    """List the processes of Dask that hold zygotes."""
    return [pid for pid in family(service.process.pid) if is_dask_worker(pid)]


def is_dask_worker(pid: int) -> bool:
    return "multiprocessing" in command(pid) and any("zygote" in command(one) for one in family(pid)[1:])


def kill(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    eventually(lambda: not any(map(running, pids)))


def partitions(service: Service, job_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = service.client.get(f"/v1/jobs/{job_id}/partitions?limit=200").json()["items"]
    return found


def test_a_job_sums_what_one_piece_would(service: Service) -> None:
    shown = ended(service, submit(service, "sums", "in/rows.ndjson", "out/sums"))
    assert shown["status"] == "succeeded", shown
    assert shown["verification"] == "passed"
    assert shown["partitions"]["done"] == shown["partitions"]["total"] > 10
    assert shown["rows"] == 20_000
    assert output(service, "out/sums/result.json") == expected(20_000)
    names = {one["path"] for one in service.client.get("/v1/stores/files?prefix=out/sums/").json()["items"]}
    assert names == {f"out/sums/{name}" for name in ("_SUCCESS", "_manifest.json", "result.json")}


def test_a_script_whose_parts_do_not_add_up_is_refused_with_the_cells(service: Service) -> None:
    shown = ended(service, submit(service, "no-merge", "in/rows.ndjson", "out/refused", merge="concatenate"))
    assert (shown["status"], shown["verification"]) == ("failed", "failed")
    assert shown["error"]["kind"] == "verification_failed"
    assert shown["differences"]["equal"] is False
    assert shown["differences"]["count"] > 0
    assert service.client.get("/v1/stores/files?prefix=out/refused/").json()["items"] == []


def test_kills_of_a_dask_worker_the_runner_and_the_worker_lose_nothing(service: Service) -> None:
    put(service, "in/slow.ndjson", "".join(f"{line}\n" for line in lines(12_000, is_slow=True)))
    job_id = submit(service, "sums", "in/slow.ndjson", "out/slow", verify="skip")

    def has_done(count: int) -> Callable[[], bool]:
        return lambda: job(service, job_id)["partitions"]["done"] >= count

    done: dict[int, str] = {}
    for count, victims in ((2, dask_workers), (4, runners), (7, Service.workers)):
        eventually(has_done(count), 60, pause=0.05)
        done |= {one["number"]: one["attempts"] for one in partitions(service, job_id) if one["state"] == "done"}
        kill(victims(service)[:1])
    shown = ended(service, job_id)
    assert shown["status"] == "succeeded", shown
    assert output(service, "out/slow/result.json") == expected(12_000)
    assert {one["number"]: one["attempts"] for one in partitions(service, job_id)}.items() >= done.items()


def runners(service: Service) -> list[int]:
    return service.pids("entrypoints.job_runner")


def test_the_runner_and_its_workers_end_when_there_is_nothing_to_do(service: Service) -> None:
    ended(service, submit(service, "sums", "in/rows.ndjson", "out/last"))
    assert runners(service)
    eventually(lambda: not runners(service) and not dask_workers(service), 30, pause=0.1)
