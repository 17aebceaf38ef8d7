"""How an API process prepares itself."""

import subprocess
import sys
from pathlib import Path

import pytest

CONNECTIONS = """
import resource, sys
soft, hard, wanted = map(int, sys.argv[1:])
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
from entrypoints.api import connections_for
print(connections_for(wanted), *resource.getrlimit(resource.RLIMIT_NOFILE))
"""


@pytest.mark.parametrize(
    ("soft", "hard", "wanted", "found"),
    [
        (256, 4096, 1000, "1000 1512 4096"),
        (256, 1024, 1000, "512 1024 1024"),
        (3000, 4096, 1000, "1000 3000 4096"),
        (256, 300, 1000, "1 300 300"),
    ],
)
def test_it_serves_as_many_connections_as_it_may_have_descriptors_for(
    repository: Path, soft: int, hard: int, wanted: int, found: str
) -> None:
    command = [sys.executable, "-c", CONNECTIONS, *map(str, (soft, hard, wanted))]
    assert subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True).stdout.strip() == found
