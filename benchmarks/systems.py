"""The systems that are measured, started on free ports with databases of their own, and stopped."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parent.parent
READY_SECONDS: Final = 120
STOP_SECONDS: Final = 60


class Running(NamedTuple):
    """The address of a system, and the ancestor of all its processes."""

    base_url: str
    pid: int


@contextmanager
def data_dir() -> Iterator[Path]:
    """Create a folder for the block."""
    with tempfile.TemporaryDirectory(prefix="bateia-benchmark-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def service(data: Path, settings: Mapping[str, str] | None = None) -> Iterator[Running]:
    """Bateia as `./scripts/start.sh` starts it, with its defaults unless settings are given."""
    port = _free_port()
    usual = {name: value for name, value in os.environ.items() if not name.startswith(("BATEIA_", "DATABASE_URL"))}
    own = {"BATEIA_PORT": str(port), "BATEIA_DATA_DIR": str(data), "BATEIA_LOG_LEVEL": "warning"}
    with _running([sys.executable, "-m", "entrypoints.serve"], usual | own | dict(settings or {})) as process:
        yield _await(process, port, "/health/ready")


@contextmanager
def comparison(data: Path) -> Iterator[Running]:
    """Run the comparison system."""
    port = _free_port()
    start = str(ROOT / "benchmarks" / "comparison" / "start.py")
    with _running([sys.executable, start, str(port), str(data)], os.environ) as process:
        yield _await(process, port, "/health/live")


@contextmanager
def _running(command: list[str], env: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _await(process: subprocess.Popen[bytes], port: int, path: str) -> Running:
    base_url, deadline = f"http://127.0.0.1:{port}", time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(base_url + path, timeout=5):
            return Running(base_url, process.pid)
        time.sleep(0.1)
    raise SystemExit(f"it does not start: {process.args!r}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
