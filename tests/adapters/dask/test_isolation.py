"""The cluster of a process that is killed, and that has the settings of a user who has other plans with Dask."""

import os
import subprocess
import sys
from pathlib import Path

from tests.adapters.dask.performers import FOLDER
from tests.support.processes import family, running
from tests.support.waiting import eventually


def test_settings_of_users_change_nothing_and_nothing_outlives_the_process(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / ".config" / "dask").mkdir(parents=True)
    (home / ".config" / "dask" / "damaged.yaml").write_text("distributed: {")
    (tmp_path / "own.yaml").write_text("distributed: {scheduler: {preload: [no.such.module]}}")
    env = os.environ | {
        "HOME": str(home),
        "DASK_CONFIG": str(tmp_path / "own.yaml"),
        "DASK_DISTRIBUTED__COMM__TLS__MIN_VERSION": "9",
        "DASK_DISTRIBUTED__WORKER__PRELOAD": "['no.such.module']",
        FOLDER: str(tmp_path),
    }
    command = [sys.executable, "-m", "tests.adapters.dask.isolated"]
    root = Path(__file__).parents[3]
    with subprocess.Popen(command, cwd=root, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            worker = int(process.stdout.readline())
            members = family(process.pid)
            assert worker in members
        finally:
            process.kill()
    eventually(lambda: not any(map(running, members)))
