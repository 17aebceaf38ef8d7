"""Programs that have the sandbox's modules only, for tests of single layers of confinement.

One that acts as an ordinary user, as a sandbox does, starts with `NOBODY`: root is exempt from some of the layers'
requests to the kernel.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

PROLOGUE = f"""
import ctypes, mmap, os, resource, signal, socket, sys
from contextlib import suppress
from pathlib import Path
sys.path.append({str(ROOT)!r})
from adapters.javascript.confined import confinement, child_process, seccomp
libc = ctypes.CDLL(None, use_errno=True)

def tell(act, *arguments):
    try:
        act(*arguments)
    except OSError as error:
        print(type(error).__name__, error.errno)
    else:
        print("done")

def in_a_child(act):
    if (pid := os.fork()) == 0:
        act()
        os._exit(0)
    return os.waitpid(pid, 0)[1]
"""
NOBODY = """
if os.geteuid() == 0:
    os.setgroups([])
    os.setresgid(54321, 54321, 54321)
    os.setresuid(54321, 54321, 54321)
"""


def isolated(program: str, *arguments: str | Path) -> list[str]:
    """Run a program, and return the lines that it prints."""
    command = [sys.executable, "-I", "-S", "-c", PROLOGUE + program, *map(str, arguments)]
    said = subprocess.run(command, capture_output=True, timeout=60)
    assert said.returncode == 0, said.stderr.decode()
    return said.stdout.decode().splitlines()
