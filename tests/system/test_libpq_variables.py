"""libpq's variables describe the operator's other servers: nothing that uses the embedded database obeys them."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.entrypoints.test_embedded_access import LIBPQ_VARIABLES
from tests.support.processes import clean_environment
from tests.system.conftest import Service

HOSTILE = dict.fromkeys(LIBPQ_VARIABLES, "canary") | {"PGHOSTADDR": "192.0.2.1", "PGSSLMODE": "verify-full"}
MASTER_KEYS = {"BATEIA_MASTER_KEYS": "first:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="}


def commands(folder: Path) -> list[list[str]]:
    file = str(folder / "of.backup")
    return [["keys", "list"], ["rewrap"], ["backup", file], ["health", "worker"]]


def test_the_service_and_its_commands_work_with_all_of_them(
    start: Callable[..., Service], repository: Path, tmp_path: Path
) -> None:
    service = start(**HOSTILE)
    service.host("echo", "function process(d) { return d; }")
    assert service.submit("echo", "[1]", wait=20).json()["result"] == [1]
    settings = {"BATEIA_DATA_DIR": str(service.data_dir)} | MASTER_KEYS | HOSTILE

    def run(words: list[str]) -> "subprocess.CompletedProcess[str]":
        env = clean_environment() | settings
        command = [sys.executable, "-m", f"entrypoints.{words[0]}", *words[1:]]
        return subprocess.run(command, cwd=repository, env=env, capture_output=True, text=True, timeout=120)

    for words in commands(tmp_path):
        done = run(words)
        assert done.returncode == 0, (words, done.stderr)
    assert service.stop() == 0
    (tmp_path / "of.backup").rename(tmp_path / "restored.backup")
    for words in [*commands(tmp_path)[:3], ["restore", "--replace", str(tmp_path / "restored.backup")]]:
        done = run(words)
        assert done.returncode == 0, (words, done.stderr)
    assert run(["health", "worker"]).returncode == 1
