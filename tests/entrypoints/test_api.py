"""Preparation of an API process."""

import subprocess
import sys
from pathlib import Path

FOUND = {
    (256, 4096, 1000): "1000 1512 4096",
    (256, 1024, 1000): "512 1024 1024",
    (3000, 4096, 1000): "1000 3000 4096",
    (256, 300, 1000): "1 300 300",
}
"""The connections, and both limits afterwards, by both limits before and the connections that are wanted."""
# A limit that was lowered cannot be raised again, hence a process for each.
CONNECTIONS = f"""
import os, resource
from entrypoints.composition.http_server import connections_for
for soft, hard, wanted in {[*FOUND]}:
    if os.fork() == 0:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        print(connections_for(wanted), *resource.getrlimit(resource.RLIMIT_NOFILE), flush=True)
        os._exit(0)
    os.wait()
"""


def test_it_serves_as_many_connections_as_it_may_have_descriptors_for(repository: Path) -> None:
    command = [sys.executable, "-c", CONNECTIONS]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [*FOUND.values()]
