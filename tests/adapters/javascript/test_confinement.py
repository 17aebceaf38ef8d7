"""What a confined child can do, and that each layer holds without the others."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.javascript import seccomp

ROOT = Path(__file__).parents[3]
TRESPASSER = Path(__file__).with_name("trespasser.py")
ALLOWED = {"nothing", "read the stream", "write the stream", "allocate", "map a page"}


@pytest.fixture(scope="module")
def ends() -> dict[str, int]:
    """The wait statuses of confined children by what they did."""
    said = subprocess.run([sys.executable, "-I", "-S", TRESPASSER, ROOT], capture_output=True, check=True, timeout=60)
    found: dict[str, int] = json.loads(said.stdout)
    return found


def isolated(program: str) -> str:
    """What a program prints that runs with the sandbox's modules and nothing else."""
    prologue = f"import sys; sys.path.append({str(ROOT)!r})\nfrom adapters.javascript import confinement\n"
    said = subprocess.run([sys.executable, "-I", "-S", "-c", prologue + program], capture_output=True, timeout=60)
    assert said.returncode == 0, said.stderr
    return said.stdout.decode().strip()


def test_a_child_can_compute_and_use_its_stream(ends: dict[str, int]) -> None:
    assert {name: ends[name] for name in ALLOWED} == dict.fromkeys(ALLOWED, 0)


def test_every_other_system_call_ends_it(ends: dict[str, int]) -> None:
    survivors = {
        name
        for name, status in ends.items()
        if name not in ALLOWED and not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGSYS)
    }
    assert survivors == set()


def test_both_machines_have_a_number_for_every_rule() -> None:
    for machine in ("x86_64", "aarch64"):
        assert seccomp.program(machine).length > 40


def test_an_unknown_machine_has_no_filter() -> None:
    with pytest.raises(seccomp.UnknownMachine):
        seccomp.program("z80")


def test_landlock_alone_keeps_files_closed() -> None:
    said = isolated("""
confinement.renounce_privileges()
if confinement.renounce_files():
    try:
        open("/etc/passwd")
    except PermissionError:
        print("refused")
else:
    print("refused")
""")
    assert said == "refused"


def test_limits_alone_keep_descriptors_from_being_made() -> None:
    said = isolated("""
import socket
confinement.renounce_resources()
try:
    socket.socket()
except OSError as error:
    print(error.errno)
""")
    assert said == "24"


def test_a_process_that_is_not_dumpable_hides_its_environment_from_its_own_user() -> None:
    said = isolated("""
import ctypes
confinement.make_non_dumpable()
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
""")
    assert said == "0"


def test_root_becomes_a_user_of_the_sandboxs_own_and_nobody_else_becomes_another() -> None:
    said = isolated("import os; confinement.drop_root(); print(os.getresuid(), os.getresgid(), os.getgroups())")
    uid, gid = (61_000, 61_000) if os.geteuid() == 0 else (os.getuid(), os.getgid())
    groups = [] if os.geteuid() == 0 else os.getgroups()
    assert said == f"{(uid,) * 3} {(gid,) * 3} {groups}"
