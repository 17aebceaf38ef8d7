#!/usr/bin/env python3
"""The comparison system in the foreground: a PostgreSQL of its own, the API and the worker, until TERM or INT.

Usage: python benchmarks/comparison/start.py PORT DATA_DIR      (after `npm ci` in this folder)
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from tests.support.postgres import superuser_server  # noqa: E402 - found through the line above

STOP_SECONDS: Final = 20


@contextmanager
def node(script: str, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Node process, which is asked to stop after the block, and killed if it does not."""
    process = subprocess.Popen(["node", str(HERE / script)], env=env, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def main(port: str, data_dir: Path) -> None:
    """Run it."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with superuser_server(data_dir, ()) as url:
        env = os.environ | {"DATABASE_URL": url, "PORT": port, "NODE_ENV": "production", "NO_LOG_SUCCESS": "1"}
        subprocess.run(["node", str(HERE / "setup.mjs")], env=env, check=True)
        with node("worker.mjs", env) as worker, node("api.mjs", env):
            worker.wait()


if __name__ == "__main__":
    try:
        main(sys.argv[1], Path(sys.argv[2]))
    except KeyboardInterrupt:
        sys.exit(0)
