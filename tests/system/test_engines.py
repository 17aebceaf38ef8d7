"""Versions keep their engines whatever the operator sets; a broken engine delays its own executions only."""

import shutil
from collections.abc import Callable
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Any, Final

import psycopg

from adapters.javascript.engines import library_of
from domain.engine import EngineName
from tests.support.processes import free_port
from tests.support.waiting import eventually
from tests.system.conftest import Service
from tests.system.test_observability import scrape

SOURCE: Final = "const process = d => d + 1"
DUKPY, QUICKJS_NG = EngineName.DUKPY, EngineName.QUICKJS_NG


def host(service: Service, name: str, **query: str) -> Any:
    params, headers = {"name": name} | query, {"Content-Type": "text/javascript"}
    return service.client.post("/v1/scripts", params=params, content=SOURCE, headers=headers)


def run(service: Service, name: str) -> tuple[str, int, str]:
    """Run an execution to its end, and return its status, its attempts, and its engine."""
    ended = service.submit(name, "1", wait=30).json()
    return ended["status"], ended["attempt"], (ended["engine"] or "").split(" ")[0]


def test_versions_keep_their_engines_and_a_broken_engine_keeps_its_executions_waiting(
    start: Callable[..., Service], tmp_path: Path
) -> None:
    package = tmp_path / "dukpy"  # found before the one that is installed, and so far without an engine
    package.mkdir()
    (package / "__init__.py").touch()
    library = package / f"_dukpy{EXTENSION_SUFFIXES[0]}"
    ports = free_port()
    service = start(PYTHONPATH=str(tmp_path), BATEIA_WORKER_METRICS_PORT=str(ports))

    refused = host(service, "by-dukpy", engine=DUKPY)
    assert (refused.status_code, "must be one of quickjs-ng" in refused.text) == (422, True)
    assert [host(service, name).json()["engine"] for name in ("by-default", "by-dukpy")] == [QUICKJS_NG, QUICKJS_NG]
    with psycopg.connect(service.database_url) as conn:
        conn.execute(
            "update script_versions set engine = 'dukpy' where script_id in (select id from scripts where name = %s)",
            ["by-dukpy"],
        )
    lacking = service.submit("by-dukpy", "1", wait=30).json()
    assert (lacking["status"], lacking["error"]["kind"]) == ("failed", "engine_unavailable")
    assert run(service, "by-default") == ("succeeded", 1, QUICKJS_NG)

    library.write_bytes(b"this is no library")
    waiting = service.submit("by-dukpy", "1").json()["id"]
    eventually(lambda: scrape(ports)["bateia_sandbox_engines_down"] == 1)
    assert [run(service, "by-default") for _ in range(3)] == [("succeeded", 1, QUICKJS_NG)] * 3
    assert service.read(waiting)["status"] in ("pending", "running")
    shutil.copy(library_of(DUKPY), tmp_path / "whole")
    (tmp_path / "whole").replace(library)
    ended = eventually(lambda: (found := service.read(waiting, wait=5))["status"] == "succeeded" and found, 30)
    assert (ended["attempt"], ended["engine"].split(" ")[0]) == (1, DUKPY)
    assert scrape(ports)["bateia_sandbox_engines_down"] == 0
    assert service.log.read_text().count("no zygote could be started") < 20
    assert service.stop() == 0

    again = start(BATEIA_ENGINE=DUKPY)
    assert [run(again, name) for name in ("by-dukpy", "by-default")] == [
        ("succeeded", 1, DUKPY),
        ("succeeded", 1, QUICKJS_NG),
    ]
    assert host(again, "later").json()["engine"] == DUKPY
