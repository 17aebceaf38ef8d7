"""The roles of a service's processes, by which the benchmarks report CPU and memory, in each layout of processes."""

import os
from collections.abc import Mapping
from typing import Final

import pytest

from benchmarks import processes

PYTHON: Final = "/a/venv/bin/python -m"
SEPARATE: Final = {
    1: f"{PYTHON} entrypoints.serve",
    2: f"{PYTHON} entrypoints.api",
    3: f"{PYTHON} entrypoints.worker",
    4: "/a/venv/bin/python -I -S /a/adapters/javascript/confined/zygote.py 5",
    5: "postgres: bateia bateia [local] idle",
}
LAYOUTS: Final[Mapping[str, tuple[dict[int, str], set[str]]]] = {
    "separate": (SEPARATE, {"supervisor", "API", "worker", "zygotes and children", "PostgreSQL"}),
    "slots in the API": (
        SEPARATE
        | {
            2: f"{PYTHON} entrypoints.api --listen-on 5 --relieve 6 --number 1 --work",
            3: "/a/venv/bin/python -I -S /a/adapters/comparison/child.py 5",
        },
        {"supervisor", "API and slots", "comparisons of results", "zygotes and children", "PostgreSQL"},
    ),
    "the comparison system": (
        {1: "python /a/comparison/start.py", 2: "node /a/comparison/api.mjs", 3: "node /a/comparison/worker.mjs"},
        {"supervisor", "API", "worker"},
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_process_has_its_role(layout: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lines, expected = LAYOUTS[layout]
    monkeypatch.setattr(processes, "family", lambda _: list(lines))
    monkeypatch.setattr(processes, "command", lines.__getitem__)
    assert set(processes.roles(1).values()) == expected


def test_private_memory_is_part_of_what_is_resident() -> None:
    private = processes.private_mib(os.getpid())
    now, _ = processes.memory(os.getpid())
    assert 0 < private <= now / 2**20 + 1
