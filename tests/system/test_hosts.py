"""Two workers on two machines, and the network of one is cut: the other takes over, and the record shows one ending."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.support.processes import free_port
from tests.support.waiting import eventually
from tests.system.hosts import Link, a_process, links

SLOW = "function process(n) { let x = 0; for (let i = 0; i < n; i++) x = (x + i) % 7; return x; }"
WORKER = (sys.executable, "-m", "entrypoints.worker")
API = (sys.executable, "-m", "entrypoints.api")


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


@pytest.mark.parametrize("link", links(), ids=lambda link: link.__name__)
def test_a_worker_whose_network_is_cut_loses_its_execution_and_its_late_completion(
    link: Link, stack: ExitStack, new_database: Callable[[], str], repository: Path, tmp_path: Path
) -> None:
    url, port = new_database(), free_port()
    logs = {name: tmp_path / f"{name}.log" for name in ("api", "a", "b")}
    begin = partial(a_process, cwd=repository)
    stack.enter_context(begin(API, log=logs["api"], settings={"DATABASE_URL": url, "BATEIA_PORT": str(port)}))
    client = stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}/v1", timeout=30))
    network = stack.enter_context(link(url))
    on_a = {"DATABASE_URL": network.url, "BATEIA_ENGINE": "dukpy"}
    stack.enter_context(begin([*network.prefix, *WORKER], log=logs["a"], settings=on_a))
    stack.callback(network.mend)  # the worker must be able to end, even after an earlier failure

    eventually(lambda: hosted(client))
    warm = client.post("/scripts/slow/executions", json=1_000_000, headers={"Prefer": "wait=20"}).json()
    three_seconds = int(1e6 * 3000 / warm["measures"]["wall_ms"])
    path = client.post("/scripts/slow/executions", json=three_seconds).headers["Location"].removeprefix("/v1")
    eventually(lambda: client.get(path).json()["status"] == "running")
    network.cut()
    on_b = {"DATABASE_URL": url, "BATEIA_ENGINE": "quickjs-ng"}
    stack.enter_context(begin(WORKER, log=logs["b"], settings=on_b))
    ended = eventually(lambda: with_an_ending(client, path), 90)  # a run of three seconds on an idle machine
    assert (ended["status"], ended["attempt"]) == ("succeeded", 2)
    assert str(ended["engine"]).startswith("quickjs-ng")
    eventually(lambda: "settlements are waiting" in logs["a"].read_text(), 90)  # its own run has ended, too
    assert "discarded stale result" not in logs["a"].read_text()

    network.mend()
    eventually(lambda: "(1 so far)" in logs["a"].read_text())
    assert client.get(path).json() == ended
    assert len(client.get("/executions").json()["items"]) == 2
    stack.close()
    assert "discarded 1 stale" in logs["a"].read_text()
    assert "discarded 0 stale" in logs["b"].read_text()
    assert "Traceback" not in "".join(log.read_text() for log in logs.values())


def hosted(client: httpx.Client) -> bool:
    try:
        headers = {"Content-Type": "text/javascript"}
        return client.post("/scripts?name=slow", content=SLOW, headers=headers).status_code == 201
    except httpx.TransportError:
        return False


def with_an_ending(client: httpx.Client, path: str) -> dict[str, object]:
    execution: dict[str, object] = client.get(path, headers={"Prefer": "wait=5"}).json()
    return execution if execution["finished_at"] else {}
