"""The soak in short: workers, zygotes, the API and the database are killed one after another under load."""

import re
import subprocess
import sys
from pathlib import Path


def test_acknowledged_executions_end_once_whichever_process_is_killed(repository: Path) -> None:
    command = [sys.executable, "benchmarks/soak.py", "--minutes", "0.1", "--pause", "1"]
    soaked = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
    assert soaked.returncode == 0, soaked.stdout + soaked.stderr
    assert "each of them ended once and rightly" in soaked.stdout
    killed = dict(re.findall(r"^(\w+) +killed (\d+) times", soaked.stdout, re.MULTILINE))
    assert killed.keys() == {"worker", "zygote", "api", "database"}
    assert all(int(times) >= 1 for times in killed.values())
