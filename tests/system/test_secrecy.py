"""The service keeps its secrets to its processes, and does not start, or not silently, where scripts are not held."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.support.processes import clean_environment, command, family, free_port
from tests.support.waiting import eventually
from tests.system.conftest import Service

ROOT = Path(__file__).parents[2]
WITHOUT_SECCOMP = (sys.executable, str(ROOT / "tests" / "support" / "without_seccomp.py"), str(ROOT))


class Ordinary(Service):
    """A service of an ordinary user: everything of root's is root's in `/proc` anyway, hidden or not."""

    if os.geteuid() == 0:  # an interpreter may lie where only root can read, hence the one capability
        prefix = (
            *("setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"),
            *("--inh-caps=+dac_override", "--ambient-caps=+dac_override"),
        )


class Unconfined(Service):
    """A service whose kernel takes no seccomp filter."""

    prefix = WITHOUT_SECCOMP


Start = Callable[..., AbstractContextManager[Service]]


@pytest.fixture
def start(tmp_path: Path, new_database: Callable[[], str]) -> Start:
    """Start a service of a kind on a database that is there already; an embedded one wants a user with a name."""

    @contextmanager
    def started(kind: type[Service], **settings: str) -> Iterator[Service]:
        service = kind(tmp_path / "data", ROOT, DATABASE_URL=new_database(), **settings)
        try:
            yield service
        finally:
            service.client.close()
            service.stop()

    return started


def is_hidden(pid: int) -> bool:
    """Tell whether the kernel hides its environment and its memory from other processes of its user."""
    assert Path(f"/proc/{pid}").exists()
    status = Path(f"/proc/{pid}/status").read_text()
    assert "\nUid:\t0\t" not in status  # root's processes are hidden in any case
    return {Path(f"/proc/{pid}/{name}").stat().st_uid for name in ("environ", "mem", "fd")} == {0}


def welcomed(service: Service) -> str:
    """Return its whole output, with the banner."""
    return eventually(lambda: said if "Bateia is ready" in (said := service.log.read_text()) else "")


def test_a_confined_service_does_not_warn_and_its_processes_cannot_be_inspected_or_dumped(
    start: Start,
) -> None:
    with start(Ordinary, BATEIA_LAYOUT="separate") as service:
        assert "UNCONFINED" not in welcomed(service)
        (api,), (worker,) = service.pids("entrypoints.api"), service.pids("entrypoints.worker")
        zygotes = [pid for pid in family(service.process.pid) if "zygote.py" in command(pid)]
        members = {"serve": service.process.pid, "api": api, "worker": worker}
        members |= {f"zygote or child {pid}": pid for pid in zygotes}
        assert len(members) >= 5
        assert {name for name, pid in members.items() if not is_hidden(pid)} == set()
        for pid in (service.process.pid, api, worker):
            (limit,) = (line for line in Path(f"/proc/{pid}/limits").read_text().splitlines() if "core file" in line)
            assert limit.split()[4:6] == ["0", "0"]


def test_it_starts_unconfined_only_when_configured_and_warns_more_than_once(start: Start) -> None:
    with start(Unconfined, BATEIA_ALLOW_UNCONFINED="true") as service:
        service.host("honest", "function process(d) { return d; }")
        assert service.submit("honest", "[1]", wait=20).json()["result"] == [1]
        said = welcomed(service)
    warnings = [line for line in said.splitlines() if "scripts run UNCONFINED: there is no seccomp here" in line]
    assert len(warnings) >= 2  # the API, which checks scripts, and the worker
    assert all('"level":"warning"' in line for line in warnings)
    assert "\nWARNING: BATEIA_ALLOW_UNCONFINED is true." in said


def test_it_refuses_to_start_where_scripts_cannot_be_confined(new_database: Callable[[], str]) -> None:
    env = clean_environment() | {"DATABASE_URL": new_database(), "BATEIA_PORT": str(free_port())}
    serve = [*WITHOUT_SECCOMP, sys.executable, "-m", "entrypoints.serve"]
    refused = subprocess.run(serve, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
    assert refused.returncode == 1, refused.stderr
    assert "scripts cannot be confined by seccomp here" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert "Bateia is ready" not in refused.stdout
