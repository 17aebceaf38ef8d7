"""Compile the engine's allocator to the bytes that `adapters/javascript/confined/machine_code.py` holds.

    .venv/bin/python scripts/allocator.py [--check]

It needs gcc for x86_64 and for aarch64 (Debian: gcc, gcc-aarch64-linux-gnu, one of them being a cross compiler).
`--check` writes nothing and fails where the committed bytes are not those of the compilers here.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "adapters" / "javascript" / "confined" / "native" / "allocator.c"
MODULE = ROOT / "adapters" / "javascript" / "confined" / "machine_code.py"
MACHINES = {"x86_64": ["-fcf-protection=none"], "aarch64": ["-mbranch-protection=none"]}
FUNCTIONS = ["calloc", "malloc", "free", "realloc", "size", "restore"]
FLAGS = [
    *("-std=c11", "-Wall", "-Wextra", "-Werror", "-O2", "-fpic", "-ffreestanding", "-fno-stack-protector"),
    *("-fno-asynchronous-unwind-tables", "-fno-unwind-tables", "-fno-jump-tables", "-fno-ident", "-fvisibility=hidden"),
    "-fno-tree-loop-distribute-patterns",  # which makes calls of memcpy and memset out of loops
]
HEADER = '''"""The engine's allocator as machine code, made of `native/allocator.c` by `scripts/allocator.py`.

By machine, as `uname -m` names it: the code, which runs at any address, and the offsets of its functions in it.
"""

from typing import Final

'''


def tool(machine: str, name: str) -> str:
    """Find the program for that machine: a cross tool, or this machine's own."""
    return shutil.which(f"{machine}-linux-gnu-{name}") or name


def run(command: Sequence[str | Path]) -> str:
    """Run the command, which must succeed, and return its output."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603 - all of it is written here


def compiled(machine: str) -> tuple[bytes, dict[str, int]]:
    """Compile to code and the offsets of its functions. Fail if it refers to anything outside of itself."""
    with tempfile.TemporaryDirectory() as folder:
        linked, flat = Path(folder, "linked"), Path(folder, "flat")
        options = ["-nostdlib", "-static", "-Wl,-N,--no-warn-rwx-segments,--build-id=none,-Ttext=0,-e,0"]
        run([tool(machine, "gcc"), *FLAGS, *MACHINES[machine], *options, str(SOURCE), "-o", linked])
        sections = re.findall(r"^(\.\S+) +[1-9]", run([tool(machine, "size"), "-A", linked]), re.MULTILINE)
        assert sections == [".text"], f"there is more than code: {sections}"
        run([tool(machine, "objcopy"), "-O", "binary", "-j", ".text", linked, flat])
        symbols = {
            line.split()[2]: int(line.split()[0], 16) for line in run([tool(machine, "nm"), linked]).splitlines()
        }
        return flat.read_bytes(), {name: symbols[f"allocator_{name}"] for name in FUNCTIONS}


def module() -> Iterator[str]:
    """Yield the text of the generated module."""
    yield HEADER
    yield "MACHINE_CODE: Final[dict[str, tuple[bytes, dict[str, int]]]] = {\n"
    for machine in MACHINES:
        code, offsets = compiled(machine)
        yield f'    "{machine}": (\n        bytes.fromhex(\n'
        yield from (f'            "{code[at : at + 48].hex()}"\n' for at in range(0, len(code), 48))
        yield "        ),\n        {\n"
        yield from (f'            "{name}": {offset},\n' for name, offset in offsets.items())
        yield "        },\n    ),\n"
    yield "}\n"


def main() -> None:
    """Write the module, or compare it."""
    text = "".join(module())
    if "--check" not in sys.argv[1:]:
        MODULE.write_text(text)
    elif MODULE.read_text() != text:
        sys.exit(f"{MODULE} is not what the compilers here make of {SOURCE}")


if __name__ == "__main__":
    main()
