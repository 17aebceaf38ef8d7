"""A function call in a process of its own, under the kernel's limits on memory and CPU time, with what it used."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from attrs import frozen

MIB: Final = 1024 * 1024
_ROOT: Final = Path(__file__).parents[2]
_PROGRAM: Final = """
import importlib, json, resource, sys, time
sys.path.insert(0, sys.argv[1])
call = json.load(sys.stdin)
function = getattr(importlib.import_module(call["module"]), call["name"])
resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
pages = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (pages + call["extra_bytes"], resource.RLIM_INFINITY))
resource.setrlimit(resource.RLIMIT_CPU, (call["cpu_seconds"],) * 2)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
began = time.process_time()
answer = function(*call["arguments"])
took = time.process_time() - began
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - resident
print(json.dumps({"answer": answer, "cpu_seconds": took, "grown_bytes": grown * 1024}))
"""


@frozen
class Bounded:
    """The answer, the CPU seconds of the call, and by how many bytes it raised the peak of resident memory."""

    answer: Any
    cpu_seconds: float
    grown_bytes: int


def call_bounded(module: str, name: str, *arguments: Any, extra_bytes: int, cpu_seconds: int = 20) -> Bounded:
    """Call `module.name(*arguments)` with JSON values, in an address space of `extra_bytes` more than after the import.

    The test fails, with what the process said, if it ends in any other way than by returning a JSON value.
    """
    call = {"module": module, "name": name, "arguments": arguments}
    limits = {"extra_bytes": extra_bytes, "cpu_seconds": cpu_seconds}
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(_ROOT)],
        input=json.dumps(call | limits),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{module}.{name} ended with {done.returncode}: {done.stderr[-2000:]}"
    return Bounded(**json.loads(done.stdout))
