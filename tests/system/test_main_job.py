"""The main job with real processes: the README's use case, accurate errors, and recovery after a kill."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from tests.support.documents import commands
from tests.support.processes import clean_environment, command, family, running
from tests.support.waiting import eventually
from tests.system.conftest import Service, a_service, begin_to_wait

SLOW = "function process(n) { let x = 0; for (let i = 0; i < n; i++) x = (x + i) % 7; return x; }"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with a_service(tmp_path_factory.mktemp("main-job"), BATEIA_WALL_MS="1000") as one:
        yield one


def test_the_readme_s_commands_give_the_example_s_rows_however_often_they_are_run(
    service: Service, repository: Path
) -> None:
    """They are run as they are pasted: as a whole, in a shell, where the console's example has run or not."""
    (walk,) = (text for text in commands(repository / "README.md") if "curl" in text)
    example = {"name": "corporate-cards", "source": (repository / "examples/bacen/script.js").read_text()}
    assert service.client.post("/v1/scripts", json=example).status_code == 201
    expected = json.loads((repository / "examples/bacen/expected.json").read_text())
    for first in ({"name": "cards-by-curl"}, {"status": 409, "title": "The name is already in use"}):
        created, execution = map(json.loads, pasted(walk, service, repository).splitlines())
        assert first.items() <= created.items()
        assert (execution["status"], execution["result"]) == ("succeeded", expected)
        times = [datetime.fromisoformat(execution[name]) for name in ("submitted_at", "started_at", "finished_at")]
        assert times == sorted(times)


def pasted(text: str, service: Service, folder: Path) -> str:
    """Run commands of a page in a shell, with a stand-in for curl, and return their output, a line per response."""
    stand_in = 'curl() { "$PYTHON" -m tests.support.curl "$@"; }\n'
    env = clean_environment() | {"PYTHON": sys.executable, "SERVICE_URL": service.url}
    shell = ["bash", "-euo", "pipefail", "-c", stand_in + text]
    return subprocess.run(shell, cwd=folder, env=env, capture_output=True, text=True, check=True, timeout=120).stdout


def test_every_script_s_execution_reports_its_outcome(service: Service) -> None:
    service.host("throws", "function process(d) {\n  const e = new Error('boom');\n  throw e;\n}")
    service.host("nothing", "function process(d) {}")
    service.host("for-ever", "function process(d) { while (true); }")
    service.host("honest", "function process(d) { console.log('in', d); return { sum: d[0] + d[1] }; }")
    for name, kind in [("throws", "script_error"), ("nothing", "invalid_result"), ("for-ever", "timeout")]:
        execution = service.submit(name, "[1, 2]", wait=20).json()
        assert (execution["status"], execution["error"]["kind"]) == ("failed", kind)
        assert (execution["finished_at"] is None, "result" in execution) == (False, False)
    thrown = service.read(service.submit("throws", "1", wait=20).json()["id"])["error"]
    assert (thrown["line"], "boom" in thrown["message"]) == (2, True)
    honest = service.submit("honest", "[1, 2]", wait=20).json()
    assert (honest["status"], honest["result"]) == ("succeeded", {"sum": 3})
    assert honest["logs"] == [{"level": "log", "message": "in [ 1, 2 ]"}]
    assert honest["warnings"] == []
    (warning,) = service.submit("honest", "[9007199254740993, 0]", wait=20).json()["warnings"]
    assert (warning["kind"], warning["first_pointer"]) == ("integer-precision", "/0")


def test_an_execution_whose_worker_is_killed_succeeds_on_another_attempt(start: Callable[..., Service]) -> None:
    service = start()
    service.host("slow", SLOW)
    warm = service.submit("slow", "1000000", wait=20).json()
    two_seconds = int(1e6 * 2000 / warm["measures"]["wall_ms"])
    execution_id = service.submit("slow", str(two_seconds)).json()["id"]
    eventually(lambda: service.read(execution_id)["status"] == "running")
    (worker,) = service.workers()
    os.kill(worker, signal.SIGKILL)
    eventually(lambda: not running(worker), 30)
    eventually(service._ready, 60)  # it is the API too
    execution = eventually(lambda: ended(service, execution_id), 60)
    assert (execution["status"], execution["attempt"]) == ("succeeded", 2)
    (restarted,) = service.workers()
    assert restarted != worker


def ended(service: Service, execution_id: str) -> dict[str, object]:
    execution = service.read(execution_id, wait=5)
    return execution if execution["finished_at"] else {}


def test_stopping_leaves_no_process_answers_readers_and_releases_work(start: Callable[..., Service]) -> None:
    service = start(BATEIA_GRACE_SECONDS="1")
    service.host("for-ever", "function process(d) { while (true); }")
    for how in (signal.SIGTERM, signal.SIGINT):
        execution_id = service.submit("for-ever", "1").json()["id"]
        stop_while_it_runs(service, execution_id, how)
        service = start(BATEIA_GRACE_SECONDS="1")
        assert service.read(execution_id)["status"] in {"pending", "running"}
        assert service.read(execution_id)["attempt"] in {0, 1}
        assert service.client.post(f"/v1/executions/{execution_id}/cancel").status_code == 200


def stop_while_it_runs(service: Service, execution_id: str, how: signal.Signals) -> None:
    eventually(lambda: service.read(execution_id)["status"] == "running")
    before = family(service.process.pid)
    assert len(service.pids("entrypoints.api")) == len(service.workers()) == 1
    assert any("zygote.py" in command(pid) for pid in before)
    with begin_to_wait(service, execution_id) as waiting:
        assert service.stop(how) == 0
        answer = json.loads(waiting.communicate(timeout=10)[0])
    assert answer["status"] in {"pending", "running"}
    assert not any(map(running, before))


def test_after_everything_was_killed_a_new_start_has_all_the_data(start: Callable[..., Service]) -> None:
    service = start()
    service.host("honest", "function process(d) { return d; }")
    done = service.submit("honest", "[1]", wait=20).json()
    waiting = [service.submit("honest", f"[{number}]").json()["id"] for number in range(20)]
    before = family(service.process.pid)
    for pid in before:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    service.process.wait()
    eventually(lambda: not any(map(running, before)))
    again = start()
    assert again.read(done["id"])["result"] == [1]
    for number, execution_id in enumerate(waiting):
        execution = eventually(partial(ended, again, execution_id), 60)
        assert (execution["status"], execution["result"]) == ("succeeded", [number])
