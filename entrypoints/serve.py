"""The whole service on one machine, in the foreground: PostgreSQL (unless one is given), the API, and the workers.

It starts each of them as a process, watches over them, and stops them in order when it gets a TERM, an INT or a HUP.
Nothing of the service's own work is done here.
"""

import asyncio
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Final

from attrs import evolve, frozen

from adapters.http.transport.authorities import Authority
from adapters.http.transport.own_hosts import own_name
from application.maintenance.periodic import BackgroundTask, TaskMonitor, periodic
from application.ports.errors import Unavailable
from entrypoints.banner import Access, banner, reachable_host, texts_for
from entrypoints.composition.bootstrap import harden_process, interrupt_on_stop, settings_from, stop_signals
from entrypoints.composition.connection_budget import all_connections
from entrypoints.configuration.command_line import CommandLine
from entrypoints.configuration.logs import configure_logging
from entrypoints.configuration.settings import Layout, Settings, declarations
from entrypoints.configuration.signing import SigningKeysRefused, own_key_file
from entrypoints.embedded_postgres.binaries import PostgresUnusable
from entrypoints.embedded_postgres.embedded import running_server
from entrypoints.embedded_postgres.environment import without_libpq_variables
from entrypoints.embedded_postgres.server import Server
from entrypoints.supervision.api_children import api_children
from entrypoints.supervision.listening import SharedAddress, StartFailed, await_port, shared_address
from entrypoints.supervision.parent_death import tied_to_me
from entrypoints.supervision.supervisor import Child, RestartPolicy, Supervisor

log: Final = logging.getLogger(__name__)

_STDERR: Final = 2
_DEFAULT_CONNECTIONS: Final = 100
"""PostgreSQL's own default, which a cluster's configuration may have changed."""
_OTHER_CONNECTIONS: Final = 13
"""Those of commands, such as a backup, and the three that PostgreSQL reserves for superusers."""
_SETTLING_SECONDS: Final = 5
"""A child's time on top of the grace time of its work, for releasing its claims."""


def _python(module: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module)


@frozen
class Programs:
    """The command lines of the processes."""

    migrate: tuple[str, ...] = _python("entrypoints.migrate")
    api: tuple[str, ...] = _python("entrypoints.api")
    worker: tuple[str, ...] = _python("entrypoints.worker")


def serve(settings: Settings, env: Mapping[str, str], programs: Programs) -> None:
    """Run the service until a signal to stop. Raises `StartFailed` or `PostgresUnusable`."""
    await_port(settings)
    with _database(settings, env) as (url, server):
        inherited = without_libpq_variables(env) if server else env
        own = {**slots_of(settings, env), **_signing(settings, server), **_files(settings)}
        own |= {"DATABASE_URL": url, "DATABASE_URL_FILE": ""}
        child_env = tied_to_me({**inherited, **own})
        _migrate(programs, child_env)
        workers = _workers(settings, programs)
        with (
            shared_address(settings) as address,
            api_children(settings, programs.api, _combined(settings), address) as apis,
        ):
            children = one_with_jobs([*apis[: _combined(settings)], *workers])
            supervisor = Supervisor([*children, *apis[_combined(settings) :]], child_env, _restart_policy(settings))
            failure = asyncio.run(_supervise(settings, supervisor, address, server))
        for number in stop_signals():
            signal.signal(number, signal.SIG_IGN)  # PostgreSQL already has no clients left: let it end in order
    if failure:
        raise StartFailed(failure)


def slots_of(settings: Settings, env: Mapping[str, str]) -> Mapping[str, str]:
    """Divide the cores among the workers, unless the operator has set the slots of each."""
    return {} if env.get("BATEIA_SLOTS") else {"BATEIA_SLOTS": str(-(-settings.slots // settings.workers))}


def one_with_jobs(workers: Sequence[Child]) -> Sequence[Child]:
    """Have only the first of the workers look for jobs: the process that carries them on uses all cores."""
    return [*workers[:1], *(evolve(one, own_env={**one.own_env, "BATEIA_JOBS": "0"}) for one in workers[1:])]


def _signing(settings: Settings, server: Server | None) -> Mapping[str, str]:
    """Give the API a file of signing keys beside the data of its own database, unless keys are configured."""
    path = None if server is None else own_key_file(settings)
    return {} if path is None else {"BATEIA_SIGNING_KEYS_FILE": str(path)}


def _files(settings: Settings) -> Mapping[str, str]:
    """Give all processes of this machine the folder of the store `files`: that of the data, unless it is configured."""
    return {"BATEIA_FILES_DIR": str((settings.files_dir or settings.data_dir / "files").resolve())}


def _combined(settings: Settings) -> int:
    """Return the number of processes that are API and worker in one."""
    return min(settings.api_processes, settings.workers) if settings.layout == Layout.COMBINED else 0


def _workers(settings: Settings, programs: Programs) -> list[Child]:
    """Configure the workers that have processes of their own. Where they have ports for their metrics, each gets its
    number."""
    numbers = range(_combined(settings) + 1, settings.workers + 1)
    told = {one: ("--number", str(one)) if settings.worker_metrics_port else () for one in numbers}
    return [Child(f"worker {one}", (*programs.worker, *told[one])) for one in numbers]


@contextmanager
def _database(settings: Settings, env: Mapping[str, str]) -> Iterator[tuple[str, Server | None]]:
    if settings.database_url:
        yield settings.database_url, None
        return
    with running_server(settings.data_dir, server_options(settings), env) as server:
        yield server.url, server


def server_options(settings: Settings) -> Sequence[str]:
    """Allow the embedded server as many connections as all processes may use, if its own default is too low."""
    connections = all_connections(settings.api_processes, settings.workers) + _OTHER_CONNECTIONS
    return [f"max_connections={connections}"] if connections > _DEFAULT_CONNECTIONS else []


def _migrate(programs: Programs, env: Mapping[str, str]) -> None:
    """Migrate the database. Its output goes to standard error, so that the banner is all of standard output."""
    done = subprocess.run(programs.migrate, env=env, stdout=_STDERR, start_new_session=True, check=False)  # noqa: S603 - ours
    status = done.returncode
    if status != 0:
        raise StartFailed(f"the migration of the database exited with status {status}")


def _restart_policy(settings: Settings) -> RestartPolicy:
    return RestartPolicy(grace=settings.grace_seconds + _SETTLING_SECONDS)


async def _supervise(settings: Settings, supervisor: Supervisor, address: SharedAddress, server: Server | None) -> str:
    def stop() -> None:
        supervisor.stop()
        address.close()  # as the API's processes do: new connections are refused, not left waiting for the last answer

    for number in stop_signals():
        asyncio.get_running_loop().add_signal_handler(number, stop)
    watch = asyncio.create_task(keep_alive(server))
    try:
        return await supervisor.run(lambda: _welcome(settings))
    finally:
        watch.cancel()


async def keep_alive(server: Server | None) -> None:
    """Start the database again whenever it has died; its clients try until it answers."""
    if server is not None:
        await periodic(BackgroundTask.RESTART_DATABASE, 1, partial(_restart_if_dead, server), TaskMonitor())


async def _restart_if_dead(server: Server) -> None:
    if not server.alive:
        log.error("PostgreSQL died; restarting it")
        try:
            server.launch()
        except OSError as error:  # no memory, no descriptors, no room for its log: that may pass
            raise Unavailable(f"cannot start PostgreSQL: {error}") from error


async def _welcome(settings: Settings) -> None:
    while not (answer := await _answer(settings)):  # noqa: ASYNC110 - another process has no event to wait for
        await asyncio.sleep(0.05)
    access = Access(needs_key=b'"needs_key":true' in answer)
    print(banner(settings, access, texts_for(os.environ)), flush=True)


async def _answer(settings: Settings) -> bytes:
    """Return the body of `/health/ready` if it answers 200, and nothing otherwise."""
    with suppress(OSError):
        async with asyncio.timeout(5):
            reader, writer = await asyncio.open_connection(reachable_host(settings), settings.port)
            host = Authority(own_name(reachable_host(settings)), settings.port)
            writer.write(f"GET /health/ready HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode("ascii"))
            answer = await reader.read()
            writer.close()
            return answer if answer.startswith(b"HTTP/1.1 200") else b""
    return b""


def main(env: Mapping[str, str], programs: Programs) -> int:
    """Run the service as the environment configures it; return the exit status."""
    harden_process()
    settings = settings_from(env)
    configure_logging(settings, "serve")
    interrupt_on_stop()  # until the supervisor heeds the signals
    try:
        serve(settings, env, programs)
    except KeyboardInterrupt:
        return 0
    except (StartFailed, PostgresUnusable, SigningKeysRefused) as error:
        print(f"serve: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    CommandLine(
        "python -m entrypoints.serve",
        description="Run the whole service on this machine until SIGTERM, SIGINT or SIGHUP: PostgreSQL (unless\n"
        "DATABASE_URL is set), the API, and workers.",
        settings=[one.name for one in declarations()],
    ).parse_args()
    sys.exit(main(os.environ, Programs()))
