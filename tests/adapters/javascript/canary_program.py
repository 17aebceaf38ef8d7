"""A program, not a test: it stores a secret wherever a service may have one, runs scripts, and reports leaks.

CANARY=... python canary_program.py ROOT OPEN_FILE CLOSED_FILE

It prints one object, whose members end in the names of the places where the secret was found; all but `controls` should
be empty, and in `controls` it must be found, or nothing here could find it.
"""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

sys.path.insert(0, sys.argv[1])

from attrs import asdict, evolve

from adapters.javascript import launch
from adapters.javascript.runner import JavaScriptSandbox
from domain.limits import Limits
from domain.outcome import Produced, Run
from tests.adapters.javascript.sandboxes import BODIES, TIGHT, a_claimed, processes_under
from tests.adapters.javascript.substitute_zygotes import an_impostor
from tests.support.waiting import eventually

CORPUS = Path(sys.argv[1]) / "tests" / "corpus"
HELD = os.environ["CANARY"].encode()
PATHS = sys.argv[2:4]
SLOTS = 3
LIMITS = evolve(TIGHT, wall_ms=300)
SEEKING = evolve(TIGHT, wall_ms=3_000, result_bytes=32 * 1024 * 1024, log_bytes=1024 * 1024)
SPELLINGS = [HELD, HELD[::-1], HELD.hex().encode(), HELD.decode().encode("utf-16-le")]

FORMER = f"""
// {HELD.decode()}
globalThis.left = Array.prototype.left = String.prototype.left = Symbol.for({HELD.decode()!r});
function process(data) {{ console.log(data.length); /{HELD.decode()}/.exec(data); return data.length; }}
"""
ECHO = "function process(data) { console.log(data); return data; }"
THROW = "function process(data) { throw new Error(data); }"

Work = tuple[str, str, bytes, Limits]
"""A name, a script, a dataset, and its limits."""


def is_in(data: bytes) -> bool:
    """Tell whether the secret is in the data, in any spelling."""
    return any(spelling in data for spelling in SPELLINGS)


async def everything(run: Run) -> bytes:
    """Collect all outputs of a run, for its caller or for the audit trail."""
    result = await BODIES.decode(run.outcome.result) if isinstance(run.outcome, Produced) else b""
    return result + json.dumps(asdict(run), default=repr, ensure_ascii=False).encode("utf-8", "surrogatepass")


async def heard(sandbox: JavaScriptSandbox, work: list[Work]) -> dict[str, bool]:
    """Run it all, a slot's worth at a time; by name, whether the secret came out."""

    async def one(_: str, text: str, dataset: bytes, limits: Limits) -> bool:
        return is_in(await everything((await sandbox.run(a_claimed(text, dataset, limits))).unwrap()))

    found = await asyncio.gather(*(one(*each) for each in work))
    return {name: was_in for (name, *_), was_in in zip(work, found, strict=True)}


def corpus() -> Iterator[Work]:
    for case in json.loads((CORPUS / "cases.json").read_text()):
        yield (
            case["script"],
            (CORPUS / "scripts" / f"{case['script']}.js").read_text(),
            case["dataset"].encode(),
            LIMITS,
        )


def seekers() -> Iterator[Work]:
    for script in sorted((CORPUS / "seekers").glob("*.js")):
        yield script.name, script.read_text(), json.dumps(PATHS).encode(), SEEKING


def memory(pid: int) -> bytes:
    """Read a process's memory as root, which is all of it but the kernel's own pages."""
    read = []
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as file:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            addresses, rights, *_ = line.split()
            begin, end = (int(address, 16) for address in addresses.split("-"))
            if rights.startswith("r") and not line.endswith(("[vvar]", "[vvar_vclock]", "[vsyscall]")):
                file.seek(begin)
                read.append(file.read(end - begin))
    return b"".join(read)


def remembering() -> dict[str, bool]:
    """Tell of each zygote and each waiting child whether the secret is in its memory, if this is root."""
    if os.geteuid() != 0:
        return {}
    return {f"process {pid}": is_in(memory(pid)) for pid in eventually(zygotes_and_children)}


def zygotes_and_children() -> list[int]:
    """List all of them, once each zygote, of either kind, has its spare child."""
    found = [pid for pid, line in processes_under(os.getpid()).items() if "zygote.py" in line]
    return found if len(found) >= 2 * SLOTS and len(found) % 2 == 0 else []


async def work() -> dict[str, Any]:
    async with JavaScriptSandbox(BODIES, slots=SLOTS) as sandbox:
        secret = json.dumps(HELD.decode()).encode()
        controls = await heard(sandbox, [("echo", ECHO, secret, TIGHT), ("throw", THROW, secret, TIGHT)])
        await heard(sandbox, [("former", FORMER, secret, TIGHT)] * 2 * SLOTS)
        seeking = await heard(sandbox, [*seekers(), *corpus(), *seekers()])
        if os.geteuid() == 0:
            controls["own memory"] = is_in(memory(os.getpid()))
        return {"controls": controls, "runs": seeking, "memory": remembering()}


SEARCHING = """
maps = open("/proc/self/maps")  # before Landlock; what is read from it is what then holds

def serve(self):
    lines = [line for line in maps.read().splitlines() if line.split()[1][0] == "r" and "[v" not in line]
    spans = [[int(word, 16) for word in line.split()[0].split("-")] for line in lines]
    wanted = [bytes(one) for one in {masked}]  # each byte inverted, so that to look for the secret is not to have it
    ours, childs = socket.socketpair()
    pid = child_process.fork()
    if pid == 0:
        search(wanted, spans, childs.fileno(), self._seccomp)
    childs.close()
    tell("SEARCHED " + ours.makefile().read())
    os.waitpid(pid, 0)

def search(wanted, spans, stream, seccomp):
    invert = bytes(255 - byte for byte in range(256))
    child.confine(stream, os.getppid(), seccomp)
    found, size = [False] * len(wanted), 0
    for begin, end in spans:
        size += end - begin
        for at in range(begin, end, 1 << 20):
            inverted = ctypes.string_at(at, min(end - at, (1 << 20) + 64)).translate(invert)
            found = [was or one in inverted for was, one in zip(found, wanted)]
    os.write(1, repr((size, *found)).encode())
    os._exit(0)
"""


async def search(folder: str) -> None:
    """Make a confined child search its own memory, first for a text that it does have; it reports on standard error."""
    masked = [[255 - byte for byte in wanted] for wanted in (b"TZ=UTC0", *SPELLINGS)]
    program = an_impostor(Path(folder), SEARCHING.format(masked=masked))
    with patch.object(launch, "_PROGRAM", program):
        async with JavaScriptSandbox(BODIES, slots=1):
            pass


if __name__ == "__main__":
    print(json.dumps(asyncio.run(work())), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(search(folder))
