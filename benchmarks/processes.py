"""The resource usage of a service's processes, as the kernel counts it. Linux only, as its `/proc` is."""

import math
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

TICK_MS: Final = 1000 / os.sysconf("SC_CLK_TCK")
API, WORKER, COMBINED, SANDBOX, POSTGRES = "API", "worker", "API and slots", "zygotes and children", "PostgreSQL"
_KINDS: Final = (
    ("entrypoints.serve", "supervisor"),
    ("entrypoints.api", API),
    ("entrypoints.worker", WORKER),
    ("zygote.py", SANDBOX),
    ("adapters/comparison/child.py", "comparisons of results"),
    ("postgres", POSTGRES),
    ("comparison/api.mjs", API),
    ("comparison/worker.mjs", WORKER),
    ("comparison/start.py", "supervisor"),
)


def _stat(process: Path) -> list[str]:
    """State, parent and so on, as proc(5) has them; nothing if the process is gone."""
    try:
        return (process / "stat").read_text("utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def command(pid: int) -> str:
    """Read the command line of a process; empty if it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def kind(pid: int) -> str:
    """Classify a process of the service. An API process that runs executions too is started with `--work`."""
    line = command(pid)
    found = next((name for part, name in _KINDS if part in line), "other")
    return COMBINED if found == API and "--work" in line.split() else found


def family(pid: int) -> list[int]:
    """List a process and all its descendants."""
    parents = {int(path.name): int(stat[1]) for path in Path("/proc").glob("[0-9]*") if (stat := _stat(path))}
    found = [pid]
    for member in found:
        found += [child for child, parent in parents.items() if parent == member]
    return found


def roles(root: int) -> dict[int, str]:
    """Classify a process and all its descendants."""
    return {pid: kind(pid) for pid in family(root)}


def cpu_ms(root: int) -> Counter[str]:
    """Milliseconds of CPU so far by role, with those of the children that each process has waited for.

    All are counted that descend from `root`, and it too, unless it is this process.
    """
    used: Counter[str] = Counter()
    for pid, role in roles(root).items():
        if pid != os.getpid():
            used[role] += own_cpu_ms(pid)
    return used


def own_cpu_ms(pid: int) -> int:
    """Milliseconds of CPU of one process so far, with those of the children that it has waited for; 0 if it is gone."""
    return round(sum(map(int, _stat(Path(f"/proc/{pid}"))[11:15])) * TICK_MS)


def private_mib(pid: int) -> float:
    """Mebibytes that no other process shares; 0 if it is gone. To read those of hardened processes takes root."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    except PermissionError:
        return math.nan
    return sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Clean", "Private_Dirty"))) / 1024


class Footprint(NamedTuple):
    """The private memory of a service in MiB by role, and the number of its sandbox processes."""

    private: dict[str, float]
    sandboxes: int

    @classmethod
    def of(cls, root: int) -> "Footprint":
        """Weigh a service as it is now."""
        found = roles(root)
        private = dict.fromkeys(found.values(), 0.0)
        for pid, role in found.items():
            private[role] += private_mib(pid)
        return cls(private, sum(role == SANDBOX for role in found.values()))


def machine_cpu_ms() -> float:
    """Milliseconds of CPU that all processes of the machine, and its neighbours who stole some, have used so far."""
    user, nice, system, _idle, _iowait, irq, softirq, steal = map(
        int, Path("/proc/stat").read_text("ascii").split("\n", 1)[0].split()[1:9]
    )
    return (user + nice + system + irq + softirq + steal) * TICK_MS


def memory(pid: int) -> tuple[int, int]:
    """Bytes of memory that a process has resident now, and the most that it has had."""
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines())
    now, most = (int(lines[name].split()[0]) * 1024 for name in ("VmRSS", "VmHWM"))
    return now, most


def find_root() -> int:
    """Find the one `entrypoints.serve` that runs on this machine."""
    found = list(_serving())
    if len(found) != 1:
        raise SystemExit(f"{len(found)} services run on this machine ({found}): say which with --pid")
    return found[0]


def _serving() -> Iterator[int]:
    for path in Path("/proc").glob("[0-9]*"):
        words = command(int(path.name)).split()
        if words[1:3] == ["-m", "entrypoints.serve"]:
            yield int(path.name)
