"""The abilities of a confined child: computing, and using its stream. `syscall_probe` has the acts."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TRESPASSER = Path(__file__).with_name("syscall_probe.py")

Ends = dict[str, dict[str, int]]


@pytest.fixture(scope="module")
def ends() -> Ends:
    """Run the acts in confined children, and return their wait statuses."""
    said = subprocess.run([sys.executable, "-I", "-S", TRESPASSER, ROOT], capture_output=True, timeout=60)
    assert said.returncode == 0, said.stderr
    found: Ends = json.loads(said.stdout)
    return found


def survivors(ends: dict[str, int]) -> set[str]:
    """List the acts that the filter did not end."""
    return {name for name, end in ends.items() if not (os.WIFSIGNALED(end) and os.WTERMSIG(end) == signal.SIGSYS)}


def test_a_child_can_compute_and_use_its_stream(ends: Ends) -> None:
    assert set(ends["permitted"].values()) == {0}


def test_every_other_system_call_ends_it(ends: Ends) -> None:
    assert {"openat", "socket", "clone3", "map executable", "read elsewhere"} < ends["refused"].keys()
    assert survivors(ends["refused"]) == set()


def test_so_does_every_number_that_has_no_name_here(ends: Ends) -> None:
    assert len(ends["unnamed"]) > 200
    assert survivors(ends["unnamed"]) == set()
