"""A closed terminal (HUP) ends every process as TERM does, with all that it started; under `nohup` it ends nothing."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.folders import let_others_through
from tests.support.processes import clean_environment, family, free_port, running
from tests.support.waiting import eventually
from tests.system.conftest import Service, provide_cluster

HELD = """
import signal, sys
from entrypoints import {module} as command

def pause(*_, **__):
    print("holds", flush=True)
    signal.pause()

command.{step} = pause
sys.exit(command.main({words}))
"""
KEYS = HELD.format(module="keys", step="refuse_unreachable", words="['list']")
REWRAP = HELD.format(module="rewrap", step="refuse_unreachable", words="")
BACKUP = HELD.format(module="backup", step="write_archive", words="")


def test_a_service_ends_in_order_with_all_that_it_started(start: Callable[..., Service]) -> None:
    service = start()
    members = family(service.process.pid)
    assert len(members) > 5
    assert service.stop(signal.SIGHUP) == 0
    assert not any(map(running, members))
    said = service.log.read_text()
    assert "Traceback" not in said
    assert "worker stopped" in said


def test_under_nohup_a_hang_up_ends_nothing(start: Callable[..., Service]) -> None:
    service = start("nohup")
    service.process.send_signal(signal.SIGHUP)
    for pid in [*service.pids("entrypoints.api"), *service.pids("entrypoints.worker")]:
        os.kill(pid, signal.SIGHUP)
    service.host("echo", "function process(d) { return d; }")
    assert service.submit("echo", "[1]", wait=20).json()["result"] == [1]
    assert service.stop() == 0


@pytest.mark.parametrize("module", ["api", "worker"])
def test_a_process_of_its_own_ends_as_with_term(
    repository: Path, new_database: Callable[[], str], tmp_path: Path, module: str
) -> None:
    port, metrics = free_port(), free_port()
    settings = {
        "DATABASE_URL": new_database(),
        "BATEIA_PORT": str(port),
        "BATEIA_WORKER_METRICS_PORT": str(metrics),
        "BATEIA_LOG_LEVEL": "debug",
    }
    words = [sys.executable, "-m", f"entrypoints.{module}"]
    health = [sys.executable, "-m", "entrypoints.health", module]
    env = clean_environment() | settings
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(words, cwd=repository, env=env, stderr=log)
    eventually(lambda: subprocess.run(health, cwd=repository, env=env, check=False).returncode == 0)
    members = family(process.pid)
    process.send_signal(signal.SIGHUP)
    assert process.wait(60) == 0, (tmp_path / "log").read_text()
    eventually(lambda: not any(map(running, members)))


@pytest.mark.parametrize("program", [KEYS, REWRAP, BACKUP], ids=["keys", "rewrap", "backup"])
@pytest.mark.parametrize("how", [signal.SIGHUP, signal.SIGTERM])
def test_a_command_that_holds_a_server_releases_it(
    repository: Path, tmp_path: Path, program: str, how: signal.Signals
) -> None:
    env = clean_environment() | {"BATEIA_DATA_DIR": str(tmp_path / "data")}
    let_others_through(tmp_path)
    provide_cluster(tmp_path / "data")
    words = (
        [sys.executable, "-c", program, str(tmp_path / "of.backup")]
        if program is BACKUP
        else [sys.executable, "-c", program]
    )
    process = subprocess.Popen(
        words, cwd=repository, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "holds\n"
    members = family(process.pid)
    assert len(members) > 3
    process.send_signal(how)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, "interrupted" in said, "Traceback" in said) == (1, True, False)
    assert not any(map(running, members))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]
