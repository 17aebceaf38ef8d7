"""First contact with a script: `--help` is the comment at its head, and a mistyped command gets one line."""

import fcntl
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.support.folders import let_others_through
from tests.support.strangers import a_stranger, as_stranger, hold_lock, needs_root

ROOT: Final = Path(__file__).parents[1]
LOCKS: Final = ("requirements.lock", "requirements-without-tables.lock", "requirements-dev.lock")
SCRIPTS: Final = sorted(path for path in (ROOT / "scripts").iterdir() if os.access(path, os.X_OK) and path.is_file())

script = pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)


def called(path: Path, folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([path, *words], cwd=folder, capture_output=True, text=True, timeout=20, check=False)


@script
def test_help_describes_the_script_from_any_folder(path: Path, tmp_path: Path) -> None:
    asked = called(path, tmp_path, "--help")
    assert (asked.returncode, asked.stderr) == (0, "")
    usage, _, does = asked.stdout.partition("\n\n")
    assert usage.startswith(f"usage: scripts/{path.name}")
    assert len(does) > 50
    assert "set -euo" not in does


@script
def test_an_unknown_argument_is_one_line(path: Path, tmp_path: Path) -> None:
    refused = called(path, tmp_path, "--nonsense")
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
    assert refused.stderr.startswith(f"{path.stem}: ")
    assert "see --help" in refused.stderr


def test_fast_is_the_only_word_of_the_check(tmp_path: Path) -> None:
    refused = called(ROOT / "scripts" / "check", tmp_path, "fast", "slow")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "fast slow (see --help)" in refused.stderr


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Copy the scripts and the lock files, with a made environment."""
    let_others_through(tmp_path)
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    for name in LOCKS:
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def make_environment(checkout: Path) -> None:
    files = ("scripts/uv-requirement.txt", *LOCKS)
    text = b"".join((checkout / name).read_bytes() for name in files)
    checksum = subprocess.run(["cksum"], input=text, capture_output=True, check=True).stdout.decode().strip()
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to("/bin/true")
    (checkout / ".venv" / "setup-stamp").write_text(f"requirements.lock {checkout} {checksum}\n")


def set_up(checkout: Path) -> "subprocess.Popen[str]":
    env = {**os.environ, "PYTHON": "/nowhere"}
    return subprocess.Popen([checkout / "scripts" / "setup.sh"], env=env, stderr=subprocess.PIPE, text=True)


@needs_root
def test_a_lock_on_the_script_s_own_file_blocks_no_set_up(checkout: Path) -> None:
    with a_stranger(hold_lock, str(checkout / "scripts" / "setup.sh")) as stranger:
        assert stranger.recv() == "held"
        first = set_up(checkout)
        assert "Python 3.11 or newer is needed (/nowhere is not)" in first.communicate(timeout=20)[1]
        lock = checkout / ".setup-lock" / "lock"
        assert (lock.parent.stat().st_mode & 0o777, lock.stat().st_mode & 0o777) == (0o700, 0o600)
        assert str(as_stranger(lambda: os.open(lock, os.O_RDONLY))).startswith("PermissionError")


def test_a_set_up_reports_its_wait_and_a_finished_one_does_not_wait(checkout: Path) -> None:
    folder = checkout / ".setup-lock"
    folder.mkdir(mode=0o700)
    with (folder / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        waiting = set_up(checkout)
        assert waiting.stderr is not None
        said = waiting.stderr.readline()
        assert "setup: waiting up to 900 s for another setup in " in said
        assert str(folder / "lock").removeprefix(f"{checkout}/") in said
    assert "Python 3.11 or newer is needed" in waiting.communicate(timeout=20)[1]
    make_environment(checkout)
    with (folder / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = set_up(checkout)
        assert (done.wait(20), done.communicate()[1]) == (0, "")


def test_a_console_that_cannot_be_checked_has_a_status_of_its_own(checkout: Path) -> None:
    unchecked = called(checkout / "scripts" / "check-console", checkout)
    assert (unchecked.returncode, unchecked.stdout) == (3, "")
    assert unchecked.stderr == "check-console: there is no Node in .venv: run scripts/setup.sh --dev\n"


@pytest.mark.parametrize(("required", "status"), [("required", 1), ("", 0)])
@pytest.mark.parametrize(("exit_code", "failed"), [(0, False), (1, True), (3, None)])
def test_an_unchecked_console_fails_the_checks_in_ci_alone(
    checkout: Path, required: str, status: int, exit_code: int, failed: bool | None
) -> None:
    (checkout / "scripts" / "check-console").write_text(f"#!/bin/sh\nexit {exit_code}\n")
    stage = re.search(r"^console_checked\(\) \{.*?^\}$", (ROOT / "scripts/check").read_text(), re.DOTALL | re.MULTILINE)
    assert stage
    environment = {**os.environ, "BATEIA_CONSOLE_CHECK": required}
    command = ["bash", "-euo", "pipefail", "-c", f"{stage[0]}\nif console_checked; then exit 0; else exit 1; fi"]
    checked = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    assert checked.returncode == (status if failed is None else int(failed))
    assert ("was NOT checked" in checked.stderr) == (failed is None)
