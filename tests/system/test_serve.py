"""The supervisor with stand-ins for its programs, and a real PostgreSQL where it starts one."""

import asyncio
import errno
import logging
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from attrs import frozen

from entrypoints.embedded_postgres.server import Server
from entrypoints.serve import keep_alive
from entrypoints.supervision.supervisor import Child, RestartPolicy, Supervisor
from tests.support.folders import let_others_through
from tests.support.processes import clean_environment, family, free_port, running
from tests.support.waiting import eventually, eventually_sees

ROOT = Path(__file__).parents[2]

SERVE = """
import os, sys
from entrypoints.serve import Programs, main
python = (sys.executable, "-c")
programs = [(*python, os.environ["STAND_IN_" + name]) for name in ("MIGRATE", "API", "WORKER")]
sys.exit(main(os.environ, Programs(*programs)))
"""
API = """
import os, socket, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from entrypoints.supervision.parent_death import die_with_parent
class Health(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/health/ready" else 404)
        self.end_headers()
    protocol_version = "HTTP/1.1"
die_with_parent(os.environ)
inherits = "--listen-on" in sys.argv
server = HTTPServer(("127.0.0.1", int(os.environ["BATEIA_PORT"])), Health, bind_and_activate=not inherits)
if inherits:
    server.socket = socket.socket(fileno=int(sys.argv[sys.argv.index("--listen-on") + 1]))
server.serve_forever()
"""
WORKER = """
import os, signal
from entrypoints.supervision.parent_death import die_with_parent
die_with_parent(os.environ)
print("database", os.environ["DATABASE_URL"], flush=True)
signal.pause()
"""
STUBBORN = """
import os, signal
from entrypoints.supervision.parent_death import die_with_parent
signal.signal(signal.SIGTERM, signal.SIG_IGN)
die_with_parent(os.environ)
print("database ignored", flush=True)
while True:
    signal.pause()
"""
GREETING = "curl -sS .*/executions/"


@frozen
class Serve:
    """A running supervisor, and its output so far: standard output, and standard error."""

    process: "subprocess.Popen[bytes]"
    output: Path
    errors: Path

    def text(self) -> str:
        return self.errors.read_text() + self.output.read_text()

    def said(self, pattern: str) -> list[str]:
        return re.findall(pattern, self.text())

    def pid_of(self, name: str) -> int:
        return int(self.said(rf"started {name} as process (\d+)")[-1])

    def ends_with(self, status: int) -> str:
        assert self.process.wait(30) == status, self.text()
        return self.text()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    let_others_through(tmp_path)
    return tmp_path


@contextmanager
def serve(folder: Path, **more: str) -> Iterator[Serve]:
    env = {
        **clean_environment(),
        "STAND_IN_MIGRATE": "",
        "STAND_IN_API": API,
        "STAND_IN_WORKER": WORKER,
        "BATEIA_DATA_DIR": str(folder / "data"),
        "BATEIA_PORT": str(free_port()),
        "BATEIA_LAYOUT": "separate",
        "BATEIA_API_PROCESSES": "1",
        "BATEIA_WORKERS": "1",
        **more,
    }
    output, errors = (folder / f"{name}-{env['BATEIA_PORT']}" for name in ("output", "errors"))
    with output.open("wb") as out, errors.open("wb") as err:
        process = subprocess.Popen([sys.executable, "-c", SERVE], cwd=ROOT, env=env, stdout=out, stderr=err)
    try:
        yield Serve(process, output, errors)
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def working(folder: Path, **more: str) -> Iterator[Serve]:
    with serve(folder, **more) as served:
        eventually(lambda: served.said(GREETING) and served.said("database "))
        yield served


def test_it_prints_its_address_and_ends_without_a_trace_on_term(folder: Path) -> None:
    with working(folder, BATEIA_WORKERS="2", STAND_IN_MIGRATE="print('migrated')", LANG="pt_BR.UTF-8") as served:
        printed = [line for line in served.output.read_text().splitlines() if not line.startswith("database ")]
        assert re.match(r"A Bateia está pronta\. Abra http://127\.0\.0\.1:\d+/ ", printed[1])
        assert "migrated" in served.errors.read_text()
        assert "migrated" not in printed
        members = family(served.process.pid)
        assert {served.pid_of("api"), served.pid_of("worker 1"), served.pid_of("worker 2")} < set(members)
        assert len(served.said("(?m)^(?:id=.*)?curl|^id=.*curl")) == 3
        served.process.terminate()
        assert "Traceback" not in served.ends_with(0)
    assert not any(map(running, members))


def test_api_processes_get_slots_until_there_are_enough_workers_and_sockets_of_their_own(folder: Path) -> None:
    api = f"import os, sys; print('api', *sys.argv[1:], os.environ['BATEIA_SLOTS'], flush=True)\n{API}"
    shared = {"STAND_IN_API": api, "BATEIA_LAYOUT": "combined", "BATEIA_GRACE_SECONDS": "0"}
    with serve(folder, **shared, BATEIA_API_PROCESSES="2", BATEIA_WORKERS="3") as served:
        eventually(lambda: served.said(GREETING) and served.said("database ") and len(served.said("(?m)^api ")) == 2)
        assert served.pid_of("worker 3")
        assert served.said("started worker [12] ") == []
        first, second = sorted(served.said(r"(?m)^api (.*)$"), key=lambda line: line.split(" --number ")[1])
    pattern = r"--listen-on (\d+) --relieve (\d+) --metrics-in \S+ --number (\d) --work (\d+)"
    (own, other, *rest), (others_own, mine, *others_rest) = re.findall(pattern, f"{first}\n{second}")
    slots = str(-(-(os.cpu_count() or 1) // 3))
    assert (rest, others_rest) == (["1", slots], ["2", slots])
    assert (own, other) == (mine, others_own)
    assert own != other


def test_a_database_s_url_in_a_file_reaches_its_processes(folder: Path) -> None:
    url = "postgresql://user:canary@127.0.0.1:1/none"
    (folder / "url").write_text(f"{url}\n")
    begins = "import signal; from entrypoints.composition.bootstrap import start"
    worker = f"{begins}; print('database', start('worker').database_url, flush=True); signal.pause()"
    api = f"import sys; print('api', sys.argv[1:], flush=True)\n{API}"
    combined = {"STAND_IN_API": api, "BATEIA_LAYOUT": "combined", "BATEIA_WORKERS": "2"}
    with working(folder, DATABASE_URL_FILE=str(folder / "url"), STAND_IN_WORKER=worker, **combined) as served:
        assert served.said("database (.*)") == [url]
        assert served.said(r"(?m)^api (\[.*\])$") == ["['--work']"]  # one process shares its socket with none


def test_dead_children_and_a_dead_database_are_restarted(folder: Path) -> None:
    with working(folder) as served:
        url = served.said("database (postgresql://.*)")[0]
        for name in ("worker 1", "api"):
            before = served.pid_of(name)
            os.kill(before, signal.SIGKILL)
            eventually(lambda name=name, before=before: served.pid_of(name) != before)  # type: ignore[misc]
        postmaster = int((folder / "data" / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        eventually(lambda: served.said("PostgreSQL died") and answers(url))
        served.process.send_signal(signal.SIGINT)
        served.ends_with(0)


def answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def test_when_it_is_killed_outright_all_it_started_ends_and_the_next_one_starts(folder: Path) -> None:
    port = str(free_port())
    with working(folder, BATEIA_PORT=port) as served:
        members = family(served.process.pid)
        served.process.kill()
        served.process.wait()
    with working(folder, BATEIA_PORT=port) as again:
        assert not any(map(running, members))
        again.process.terminate()
        again.ends_with(0)


def test_a_second_interrupt_does_not_wait_for_the_grace_time(folder: Path) -> None:
    with working(folder, STAND_IN_WORKER=STUBBORN, BATEIA_GRACE_SECONDS="600") as served:
        api, worker = served.pid_of("api"), served.pid_of("worker 1")
        served.process.send_signal(signal.SIGINT)
        eventually(lambda: not running(api))
        assert running(worker)
        served.process.send_signal(signal.SIGINT)
        served.ends_with(0)
        assert not running(worker)


def test_a_child_that_ignores_term_is_killed_after_the_grace_time() -> None:
    async def stop_at_once() -> tuple[str, float]:
        stubborn = (sys.executable, "-c", "import signal; signal.signal(15, signal.SIG_IGN); signal.pause()")
        supervisor = Supervisor([Child("stubborn", stubborn)], os.environ, RestartPolicy(grace=0.2))
        began = asyncio.get_running_loop().time()

        async def ready() -> None:
            supervisor.stop()

        return await supervisor.run(ready), asyncio.get_running_loop().time() - began

    failure, took = asyncio.run(stop_at_once())
    assert failure == ""
    assert took < 10


def test_wrong_settings_are_all_reported(folder: Path) -> None:
    with serve(folder, BATEIA_PORT="x", BATEIA_SLOTS="none") as served:
        lines = served.ends_with(2).splitlines()
    assert [line.partition(":")[0] for line in lines] == ["BATEIA_PORT", "BATEIA_SLOTS"]


def test_a_taken_port_is_one_line(folder: Path) -> None:
    port = str(free_port())
    with socket.create_server(("127.0.0.1", int(port))), serve(folder, BATEIA_PORT=port) as served:
        said = served.ends_with(1)
    assert re.fullmatch(r"serve: cannot listen on .*: Address already in use; set BATEIA_PORT\n", said)


def test_a_second_one_on_the_same_folder_or_port_is_one_line(folder: Path) -> None:
    """Also while the processes of the first share the port among themselves."""
    port = str(free_port())
    with (
        working(folder, BATEIA_PORT=port, BATEIA_API_PROCESSES="2") as first,
        serve(folder, BATEIA_API_PROCESSES="2") as same_folder,
        serve(folder, BATEIA_PORT=port, BATEIA_API_PROCESSES="2", DATABASE_URL="postgresql:///none") as same_port,
    ):
        said = same_folder.ends_with(1)
        assert re.fullmatch(r"serve: another process is already running the PostgreSQL in .*\n", said)
        said = same_port.ends_with(1)
        assert re.fullmatch(r"serve: cannot listen on .*: Address already in use; set BATEIA_PORT\n", said)
        first.process.terminate()
        first.ends_with(0)


@pytest.mark.parametrize(
    ("name", "reason"),
    [("MIGRATE", "the migration of the database exited"), ("API", "api exited"), ("WORKER", "worker 1 exited")],
)
def test_a_program_that_cannot_start_ends_it_all(folder: Path, name: str, reason: str) -> None:
    slow = "import time; time.sleep(60)"
    programs = {"STAND_IN_API": slow, "STAND_IN_WORKER": slow, f"STAND_IN_{name}": "raise SystemExit(3)"}
    with serve(folder, **programs) as served:
        assert f"serve: {reason} with status 3\n" in served.ends_with(1)


def run_until(supervisor: Supervisor, enough: Callable[[], bool]) -> str:
    """Run a supervisor whose children count as ready at once, until there is enough."""

    async def run() -> str:
        async def ready() -> None:
            stopping.append(asyncio.create_task(stop_when_enough()))

        async def stop_when_enough() -> None:
            await eventually_sees(is_enough, 30)
            supervisor.stop()

        async def is_enough() -> bool:
            return enough()

        stopping: list[asyncio.Task[None]] = []
        return await supervisor.run(ready)

    return asyncio.run(run())


def test_a_child_that_keeps_dying_is_started_less_and_less_often(caplog: pytest.LogCaptureFixture) -> None:
    dying = Child("dying", (sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"))
    supervisor = Supervisor([dying], os.environ, RestartPolicy(first_pause=0.01, longest_pause=0.03))
    assert run_until(supervisor, lambda: pauses(caplog)[3:] != []) == ""
    assert pauses(caplog)[:4] == ["0.01", "0.02", "0.03", "0.03"]


def pauses(caplog: pytest.LogCaptureFixture) -> list[str]:
    return re.findall(r"restarting in (\S+) s", caplog.text)


def test_a_child_that_lived_long_enough_starts_again_without_delay(caplog: pytest.LogCaptureFixture) -> None:
    dying = Child("dying", (sys.executable, "-c", ""))
    supervisor = Supervisor([dying], os.environ, RestartPolicy(first_pause=0.01, settled=0))
    assert run_until(supervisor, lambda: pauses(caplog)[2:] != []) == ""
    assert set(pauses(caplog)) == {"0.01"}


def test_a_program_that_is_not_there_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    async def never_ready() -> None:
        await asyncio.Event().wait()

    async def run() -> str:
        return await Supervisor([Child("ghost", ("/no/such/program",))], os.environ, RestartPolicy()).run(never_ready)

    with caplog.at_level(logging.ERROR):
        assert asyncio.run(run()) == "ghost exited with status 127"
    assert "cannot start ghost" in caplog.text


def test_a_child_that_is_not_ready_in_time_ends_all() -> None:
    async def never_ready() -> None:
        await asyncio.Event().wait()

    async def run() -> str:
        sleeper = Child("sleeper", (sys.executable, "-c", "import signal; signal.pause()"))
        return await Supervisor([sleeper], os.environ, RestartPolicy(ready=0.05)).run(never_ready)

    assert asyncio.run(run()) == "not ready after 0.05 s"


def test_the_rest_of_a_child_s_process_group_is_killed(tmp_path: Path) -> None:
    left = tmp_path / "pid"
    parent = f"""
import pathlib, subprocess, sys
left = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
pathlib.Path({str(left)!r}).write_text(f"{{left.pid}}\\n")
"""
    supervisor = Supervisor([Child("parent", (sys.executable, "-c", parent))], os.environ, RestartPolicy())

    def left_one() -> bool:
        return left.exists() and left.read_text().endswith("\n")

    assert run_until(supervisor, left_one) == ""
    eventually(lambda: not running(int(left.read_text())))


def test_a_database_that_cannot_be_started_now_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    class Stubborn(Server):
        def __init__(self) -> None:
            self.launched = 0

        @property
        def alive(self) -> bool:
            return self.launched == 2

        def launch(self) -> None:
            self.launched += 1
            if self.launched == 1:
                raise OSError(errno.ENOSPC, "no room for the log")

    async def run(server: Stubborn) -> None:
        async def is_alive() -> bool:
            return server.alive

        watch = asyncio.create_task(keep_alive(server))
        await eventually_sees(is_alive)
        watch.cancel()

    asyncio.run(run(Stubborn()))
    assert "cannot start PostgreSQL: [Errno 28] no room for the log" in caplog.text


def test_a_tie_to_a_parent_that_is_gone_ends_the_child() -> None:
    program = (
        "import os; from entrypoints.supervision.parent_death import die_with_parent; "
        "die_with_parent(os.environ); print('lives')"
    )
    env: Mapping[str, str] = {**os.environ, "LIFELINE_PARENT_PID": "999999999"}
    orphan = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=env, capture_output=True, check=False)
    assert (orphan.returncode, orphan.stdout) == (1, b"")
