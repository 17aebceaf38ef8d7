"""Folders of test sessions that failed or were killed are removed by a later session, and no others."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.sessions import KEPT_SECONDS, locked_folder, remove_remains

HOLDING = """
import sys, time
from pathlib import Path
from tests.support.sessions import locked_folder
folder, lock = locked_folder(Path(sys.argv[1]))
print(folder, flush=True)
time.sleep(600)
"""


def make_old(folder: Path) -> None:
    began = time.time() - KEPT_SECONDS - 60
    os.utime(f"{folder}.lock", (began, began))


def test_the_folder_of_a_killed_session_is_removed_once_it_is_old(tmp_path: Path, repository: Path) -> None:
    words = [sys.executable, "-c", HOLDING, str(tmp_path)]
    with subprocess.Popen(words, cwd=repository, stdout=subprocess.PIPE, text=True) as session:
        assert session.stdout is not None
        folder = Path(session.stdout.readline().strip())
        (folder / "postgres").mkdir()
        make_old(folder)
        remove_remains(tmp_path)
        assert (folder / "postgres").is_dir()  # its session goes on
        session.send_signal(signal.SIGKILL)
    os.utime(f"{folder}.lock")
    remove_remains(tmp_path)
    assert (folder / "postgres").is_dir()  # its failure may be looked for
    make_old(folder)
    remove_remains(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["bateia-tests-unlocked", "others"])
def test_a_folder_without_a_lock_stays(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    os.utime(tmp_path / name, (0, 0))
    remove_remains(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_sessions_at_the_same_time_leave_each_other_alone(tmp_path: Path) -> None:
    (first, one), (second, other) = locked_folder(tmp_path), locked_folder(tmp_path)
    with one, other:
        make_old(first)
        make_old(second)
        remove_remains(tmp_path)
        assert first.is_dir()
        assert second.is_dir()
