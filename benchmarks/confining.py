#!/usr/bin/env python3
"""The cost of confining one child, measured where it arises: in a process started as a zygote is.

    python -I -S benchmarks/confining.py LIBRARY_PATH      (`sandbox.py` runs it; one JSON object on standard output)

It forks children that confine themselves and leave, and in turn others that only leave. Per child, in milliseconds: CPU
of the child and of this process for it, and wall time from the fork to the end.
"""

import gc
import json
import os
import statistics
import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent))

from adapters.javascript.confined import child, zygote
from adapters.javascript.confined.child_process import fork
from adapters.javascript.confined.engine import Engine
from adapters.javascript.confined.seccomp import Program

CHILDREN = 300


def one(confined: bool, seccomp: Program | None) -> tuple[float, float]:
    """Measure CPU and wall milliseconds of one child's life."""
    stream, parent = os.pipe()[0], os.getpid()
    began, own = time.perf_counter(), time.process_time()
    pid = fork()
    if pid == 0:
        if confined:
            child.confine(stream, parent, seccomp)
        os._exit(0)
    _, status, usage = os.wait4(pid, 0)
    took = time.perf_counter() - began, time.process_time() - own + usage.ru_utime + usage.ru_stime
    assert status == 0, status
    os.closerange(stream, stream + 2)
    return took[1] * 1000, took[0] * 1000


def main(library: str) -> None:
    """Measure and print."""
    seccomp, _layers = zygote.prepare(Engine(library), os.getppid(), True)
    gc.disable()
    gc.freeze()
    lives = [(one(True, seccomp), one(False, seccomp)) for _ in range(CHILDREN)]
    confined, bare = zip(*lives, strict=True)
    cpu, wall = (statistics.median(column) for column in zip(*confined, strict=True))
    bare_cpu = statistics.median(cpu for cpu, _ in bare)
    json.dump({"cpu": cpu, "wall": wall, "bare_cpu": bare_cpu}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
