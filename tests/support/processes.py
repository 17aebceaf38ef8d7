"""Looking at real processes. Linux only, as its `/proc` is."""

import os
import socket
from pathlib import Path


def clean_environment() -> dict[str, str]:
    """Copy this process's environment without any of the service's settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("BATEIA_", "DATABASE_URL"))}


def free_port() -> int:
    """Find an unused TCP port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def family(pid: int) -> list[int]:
    """List a process and all its descendants."""
    parents = {int(path.name): int(stat[1]) for path in Path("/proc").glob("[0-9]*") if (stat := _stat(path))}
    found = [pid]
    for member in found:
        found += [child for child, parent in parents.items() if parent == member]
    return found


def command(pid: int) -> str:
    """Read the command line of a process; empty if it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def running(pid: int) -> bool:
    """Tell whether the process exists and is no zombie."""
    stat = _stat(Path(f"/proc/{pid}"))
    return bool(stat) and stat[0] != "Z"


def cpu_ticks(pid: int) -> int:
    """Read the time that the process has computed in user mode, in clock ticks (10 ms each on Linux)."""
    stat = _stat(Path(f"/proc/{pid}"))
    return int(stat[11]) if stat else 0


def _stat(process: Path) -> list[str]:
    """Read state, parent and so on, as proc(5) has them; empty if the process is gone."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
