"""Everything is lost but a backup: its content is restored, and the service continues where the backup was made."""

import os
import shutil
import signal
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.support.processes import clean_environment
from tests.support.waiting import eventually
from tests.system.conftest import Service

SLOW = "function process(n) { let x = 0; for (let i = 0; i < n; i++) x = (x + i) % 7; return x; }"
ECHO = "function process(d) { console.log(d.length); return d.reverse(); }"


def run(repository: Path, script: str, *words: str, data_dir: Path) -> "subprocess.CompletedProcess[str]":
    env = clean_environment() | {"BATEIA_DATA_DIR": str(data_dir)}
    return subprocess.run(
        [repository / "scripts" / script, *words],
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        cwd=data_dir.parent,
    )


def everything(service: Service, executions: list[str]) -> list[tuple[int, str | None, bytes]]:
    """Read all that the API has of these executions: their records, results and datasets, byte for byte."""
    answers = []
    for execution in executions:
        for part in ("", "/result", "/input", "/receipt"):
            answer = service.client.get(f"/v1/executions/{execution}{part}")
            answers.append((answer.status_code, answer.headers.get("etag"), answer.content))
    return answers


def test_a_backup_restores_every_execution_and_running_ones_run_again(
    start: Callable[..., Service], repository: Path, tmp_path: Path
) -> None:
    service = start(BATEIA_SLOTS="1", BATEIA_WORKERS="1", BATEIA_API_PROCESSES="1")
    service.host("echo", ECHO)
    service.host("slow", SLOW)
    ended = [service.submit("echo", str([*range(n)]), wait=20).json()["id"] for n in (1, 10, 10_000)]
    warm = service.submit("slow", "1000000", wait=20).json()
    before = everything(service, ended)
    assert {status for status, _, _ in before} == {200}
    running = service.submit("slow", str(int(1e6 * 1500 / warm["measures"]["wall_ms"]))).json()["id"]
    waiting = service.submit("echo", "[1, 2, 3]").json()["id"]
    eventually(lambda: service.read(running)["status"] == "running")

    (worker,) = service.workers()
    os.kill(worker, signal.SIGSTOP)  # so that it is running still when the backup looks

    made = run(repository, "backup.sh", "of.backup", data_dir=service.data_dir)
    assert made.returncode == 0, made.stderr
    assert "2 scripts, 6 executions" in made.stdout
    assert stat.S_IMODE((tmp_path / "of.backup").stat().st_mode) == 0o600
    assert made.stderr == ""
    again = run(repository, "backup.sh", "of.backup", data_dir=service.data_dir)
    assert (again.returncode, "not overwritten" in again.stderr) == (1, True)
    os.kill(worker, signal.SIGCONT)
    status = service.client.get("/v1/status").json()
    assert status["last_backup"]["bytes"] == (tmp_path / "of.backup").stat().st_size
    assert status["disks"][0]["folder"] == "data"
    service.stop()
    signing_keys = (service.data_dir / "signing-keys").read_text()  # no backup has them
    shutil.rmtree(service.data_dir)

    restored = run(repository, "restore.sh", "of.backup", data_dir=service.data_dir)
    assert restored.returncode == 0, restored.stderr
    kept = run(repository, "restore.sh", "of.backup", data_dir=service.data_dir)
    assert (kept.returncode, "--replace" in kept.stderr) == (1, True)
    assert not (service.data_dir / "signing-keys").exists()
    (service.data_dir / "signing-keys").write_text(signing_keys)
    service = start(BATEIA_SLOTS="1", BATEIA_WORKERS="1", BATEIA_API_PROCESSES="1")
    assert everything(service, ended) == before
    taken_over = service.read(running, wait=30)
    assert (taken_over["status"], taken_over["attempt"]) == ("succeeded", 2)
    assert service.read(waiting, wait=30)["result"] == [3, 2, 1]
    assert service.stop() == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "data.log", "of.backup"]
