"""The start of a process: closed to others of its user, or refused with every reason."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.support.processes import clean_environment, free_port
from tests.support.waiting import eventually

PR_GET_DUMPABLE = 3
NOBODY_LISTENS = "postgresql://user:canary@127.0.0.1:1/none"
BEGIN = f"""
import ctypes, resource, sys
from entrypoints.composition.bootstrap import start
start("test")
print(ctypes.CDLL(None).prctl({PR_GET_DUMPABLE}, 0, 0, 0, 0), *resource.getrlimit(resource.RLIMIT_CORE))
print(sys.getswitchinterval())
"""


def run(repository: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    env = clean_environment() | settings
    return subprocess.run(
        [sys.executable, *arguments], cwd=repository, env=env, capture_output=True, text=True, timeout=60
    )


def test_a_process_that_has_begun_is_closed_to_others_of_its_user_and_its_threads_take_short_turns(
    repository: Path,
) -> None:
    begun = run(repository, "-c", BEGIN, DATABASE_URL=NOBODY_LISTENS)
    assert (begun.returncode, begun.stdout) == (0, "0 0 0\n0.001\n")
    assert "canary" not in begun.stderr


@pytest.mark.parametrize("module", ["api", "worker", "migrate"])
def test_a_process_reports_every_problem_with_its_settings(repository: Path, module: str) -> None:
    refused = run(repository, "-m", f"entrypoints.{module}", BATEIA_PORT="no", BATEIA_SLOTS="0")
    assert refused.returncode == 2
    assert [line.partition(":")[0] for line in refused.stderr.splitlines()] == ["BATEIA_PORT", "BATEIA_SLOTS"]


@pytest.mark.parametrize("module", ["api", "worker", "migrate"])
def test_a_process_needs_a_database_url(repository: Path, module: str) -> None:
    refused = run(repository, "-m", f"entrypoints.{module}")
    assert (refused.returncode, refused.stderr.partition(":")[0]) == (2, "DATABASE_URL")


@pytest.mark.parametrize("module", ["api", "worker"])
def test_a_process_refuses_a_schema_that_it_does_not_fit(repository: Path, postgres_server: str, module: str) -> None:
    refused = run(repository, "-m", f"entrypoints.{module}", DATABASE_URL=postgres_server)
    assert (refused.returncode, "run the migrations" in refused.stderr) == (1, True)
    assert "Traceback" not in refused.stderr


def test_migrating_again_does_nothing(repository: Path, new_database: Callable[[], str]) -> None:
    migrated = run(repository, "-m", "entrypoints.migrate", DATABASE_URL=new_database())
    assert (migrated.returncode, migrated.stderr) == (0, "")


def test_migrating_without_a_database_is_one_line(repository: Path) -> None:
    refused = run(repository, "-m", "entrypoints.migrate", DATABASE_URL=NOBODY_LISTENS)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "canary" not in refused.stderr


def test_an_api_without_a_database_lives_and_is_not_ready(repository: Path) -> None:
    port = free_port()
    env = clean_environment() | {"DATABASE_URL": NOBODY_LISTENS, "BATEIA_PORT": str(port)}
    api = subprocess.Popen([sys.executable, "-m", "entrypoints.api"], cwd=repository, env=env, stderr=subprocess.PIPE)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        eventually(lambda: answers(client))
        ready = client.get("/health/ready")
        metrics = client.get("/metrics", timeout=10)
    api.terminate()
    _, said = api.communicate(timeout=30)
    assert (ready.status_code, ready.json()["ready"], api.returncode) == (503, False, 0)
    assert (metrics.status_code, "\nbateia_database_up 0.0\n" in metrics.text) == (200, True)
    assert "bateia_queue_waiting " not in metrics.text
    assert b"canary" not in said


@pytest.mark.parametrize(("form", "first"), [("auto", "{"), ("json", "{"), ("text", "2")])
def test_log_lines_have_the_configured_form(repository: Path, form: str, first: str) -> None:
    logging = (
        "import logging; from entrypoints.composition.bootstrap import start; "
        'start("test"); logging.getLogger("a").info("words")'
    )
    logged = run(repository, "-c", logging, DATABASE_URL=NOBODY_LISTENS, BATEIA_LOG_FORMAT=form)
    assert (logged.returncode, logged.stderr[0], logged.stderr.count("\n")) == (0, first, 1)


def answers(client: httpx.Client) -> bool:
    try:
        return client.get("/health/live").status_code == 200
    except httpx.TransportError:
        return False
