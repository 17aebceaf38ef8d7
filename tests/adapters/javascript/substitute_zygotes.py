"""Processes that become zygotes by a zygote's own code and then, instead of serving, run a test's function."""

from pathlib import Path

ROOT = Path(__file__).parents[3]

_PROGRAM = """
import ctypes, mmap, os, signal, socket, sys
sys.path.append({root!r})
from adapters.javascript.confined import child, child_process, zygote

def tell(line):
    os.write(2, line.encode() + b"\\n")

{serve}

zygote.Zygote.serve = serve
must_confine, analyses, intl = sys.argv[3] != "unconfined", sys.argv[4] == "analyses", sys.argv[5] == "intl"
zygote.main(int(sys.argv[1]), sys.argv[2], must_confine, analyses, intl)
"""


def an_impostor(folder: Path, serve: str) -> Path:
    """Write a program for `launch` to start. `serve` is the source of a function `serve(zygote)`."""
    program = folder / "impostor_zygote.py"
    program.write_text(_PROGRAM.format(root=str(ROOT), serve=serve))
    return program
