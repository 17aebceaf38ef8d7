"""The sandboxes of two checkouts in turns: what the same small work takes in CPU in each, and the ratio.

Each sandbox is in a process of its own, `python benchmarks/checkouts.py CHECKOUT ENGINE`, which does as many runs as a
line of its standard input says, and answers with the CPU that they took. The other checkout needs no part of this file.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

EXAMPLE: Final = Path(__file__).resolve().parent.parent / "examples" / "bacen"
SOURCE: Final = (EXAMPLE / "script.js").read_text("utf-8")
DATASET: Final = (EXAMPLE / "payload.json").read_text("utf-8")
IDENTITY: Final = "const process = d => d; //"
WORK: Final = {
    "the example": (SOURCE, DATASET, 100),
    "`d => d`": (IDENTITY, "[]", 100),
    "`d => d` in a source that names Intl": (f"{IDENTITY} Intl", "[]", 100),
    "the check of the example": (SOURCE, None, 25),
}
"""Source, dataset (none to check the source) and the count of runs in a batch."""
ROUNDS, WARM_UP = 11, 20
TICK_MS: Final = 1000 / os.sysconf("SC_CLK_TCK")


class Row(NamedTuple):
    """A line of the table: what was measured, the figure, and what it should be."""

    what: str
    figure: str
    target: str = ""


class Sandbox:
    """The sandbox of a checkout, in a process of its own."""

    def __init__(self, checkout: Path, engine: str) -> None:
        command = [sys.executable, __file__, str(checkout.resolve()), engine]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.communicate()

    def cpu_ms(self, name: str, runs: int) -> float:
        """Return the CPU time of one run out of so many: of the process, the zygotes and their children."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps([name, runs]), file=self._process.stdin, flush=True)
        return float(self._process.stdout.readline()) / runs


def compared(engine: str, checkout: Path, other: Path) -> Iterator[Row]:
    """Measure each kind of work, a row each."""
    yield Row("engine", engine)
    with Sandbox(other, engine) as before, Sandbox(checkout, engine) as after:
        for name, (_, _, runs) in WORK.items():
            for sandbox in (before, after):
                sandbox.cpu_ms(name, WARM_UP)
            pairs = [(before.cpu_ms(name, runs), after.cpu_ms(name, runs)) for _ in range(ROUNDS)]
            early, late = (statistics.median(column) for column in zip(*pairs, strict=True))
            least = [min(column) for column in zip(*pairs, strict=True)]
            ratio = statistics.median(one / another for another, one in pairs)
            figure = f"{early:.2f} ({least[0]:.2f}) -> {late:.2f} ({least[1]:.2f}) ms"
            yield Row(name, figure, f"times {ratio:.2f}, least {least[1] / least[0]:.2f}")


def serve(engine: str) -> None:
    """Do what standard input asks, with the modules of the checkout that leads `sys.path`."""
    from domain.engine import EngineName
    from tests.adapters.javascript.sandboxes import TIGHT, a_bench, a_claimed

    async def work(bench: Any, name: str, runs: int) -> None:
        source, dataset, _ = WORK[name]
        claimed = a_claimed(source, (dataset or "").encode())
        for _ in range(runs):
            if dataset is None:
                (await bench.sandbox.check(claimed.source, TIGHT)).unwrap()
            else:
                assert (await bench.sandbox.run(claimed)).unwrap().outcome.result

    with a_bench(engine=EngineName(engine)) as bench:
        for line in sys.stdin:
            before = used_ms()
            bench.runner.run(work(bench, *json.loads(line)))
            print(used_ms() - before, flush=True)


def used_ms() -> float:
    """Sum the CPU time of this process, its zygotes, and the children that those have waited for."""
    zygotes = Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split()
    stats = [Path(f"/proc/{zygote}/stat").read_text("ascii").rsplit(")", 1)[1].split() for zygote in zygotes]
    return time.process_time() * 1000 + sum(int(word) * TICK_MS for words in stats for word in words[11:15])


if __name__ == "__main__":
    sys.path[0] = sys.argv[1]
    serve(sys.argv[2])
