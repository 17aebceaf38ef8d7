"""A process whose engine returned to its snapshot gives the bytes that a fresh process gives, whatever ran before."""

import ctypes
import json
import mmap
import os
import random
from itertools import cycle, islice, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.javascript import wire
from adapters.javascript.confined import quickjs
from adapters.javascript.confined.allocator import NotRestorable
from adapters.javascript.confined.engine import Engine
from adapters.javascript.engines import library_of
from domain.engine import EngineName
from tests.adapters.javascript.leftovers import LEFTOVERS, OBSERVER
from tests.adapters.javascript.programs import datasets, programs
from tests.adapters.javascript.serving import (
    MIB,
    Program,
    Served,
    arena,
    forked,
    in_child,
    restorable_engine,
    serve,
    server,
    snapshot,
)  # fmt: skip

_INTL = Program(b"process = d => new Intl.DateTimeFormat('pt-BR', { dateStyle: 'full' }).format(new Date(0));")


@pytest.fixture(scope="module", params=[(name, intl) for name in EngineName for intl in (False, True)], ids=str)
def engine(request: pytest.FixtureRequest) -> Engine:
    return restorable_engine(*request.param)


@pytest.fixture(scope="module", params=EngineName)
def plain(request: pytest.FixtureRequest) -> Engine:
    return restorable_engine(request.param)


def alone(engine: Engine, program: Program) -> Served:
    """Serve a program as the first of its process."""
    return serve(engine, [program])[0]


def test_every_program_runs_after_all_others_as_in_a_fresh_process(engine: Engine) -> None:
    """Its frames are the same, and so are the bytes held before, after and once restored. The observer sees nothing."""
    everything = [*LEFTOVERS, _INTL]
    random.Random(5).shuffle(everything)
    fresh = {program: alone(engine, program) for program in [*everything, OBSERVER]}
    turns = [one for start in range(0, len(everything), 6) for one in (*everything[start : start + 6], OBSERVER)]
    for program, served in zip(turns, serve(engine, turns), strict=True):
        assert (program, served) == (program, fresh[program])


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(programs, datasets), min_size=1, max_size=3), st.data())
def test_the_first_second_and_last_run_are_the_same(plain: Engine, made: list[tuple[str, Any]], data: Any) -> None:
    runs = [Program(source.encode(), json.dumps(dataset).encode()) for source, dataset in made]
    between = data.draw(st.lists(st.sampled_from([*runs, *LEFTOVERS]), max_size=8))
    served = serve(plain, [*runs, *runs, *between, *runs])
    fresh = [alone(plain, program) for program in runs]
    assert [served[: len(runs)], served[len(runs) : 2 * len(runs)], served[-len(runs) :]] == [fresh] * 3


def test_a_restored_arena_is_the_snapshot(engine: Engine) -> None:
    def differing() -> list[Program]:
        serve_one, expected = server(engine), snapshot(engine)
        assert arena(engine) == expected
        found = []
        for program in LEFTOVERS[::4]:
            serve_one(program)
            found += [program] * (arena(engine) != expected)
        return found

    assert in_child(differing) == []


def test_what_lies_outside_of_the_heap_does_not_change(plain: Engine, request: pytest.FixtureRequest) -> None:
    """The engine's library has variables of its own, which no restore returns: no run may change them."""
    library = str(library_of(request.node.callspec.params["plain"]))

    def variables() -> list[bytes]:
        maps = [line.split() for line in Path("/proc/self/maps").read_text().splitlines() if library in line]
        ranges = [[int(end, 16) for end in one[0].split("-")] for one in maps if one[1].startswith("rw")]
        return [ctypes.string_at(start, end - start) for start, end in ranges]

    def before_and_after() -> tuple[list[bytes], list[bytes]]:
        serve_one, before = server(plain), variables()
        for program in LEFTOVERS:
            serve_one(program)
        return before, variables()

    before, after = in_child(before_and_after)
    assert before
    assert before == after


def test_private_memory_does_not_grow(plain: Engine) -> None:
    """A run of 4 MiB among small ones, whose pages go back to the kernel."""
    large = Program(b"const a = new Uint8Array(4 << 20).fill(1); process = () => a.length;")

    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")

    def sizes() -> list[int]:
        serve_one, small = server(plain), Program(b"process = d => d;")
        found = []
        for _ in range(3):
            for _ in range(700):
                serve_one(small)
            serve_one(large)
            serve_one(small)
            found.append(resident())
        return found

    found = in_child(sizes)
    assert all(later - earlier < MIB // 4 for earlier, later in pairwise(found)), found


_FILLING = b"""const kept = [];
for (;;) { kept.push({ text: "x".repeat(100 + kept.length % 900), list: [kept.length] }); console.log(kept.length); }"""


@pytest.mark.parametrize("heap_bytes", [8 * MIB, 48 * MIB], ids=["within the arena", "beyond it"])
def test_the_limit_is_met_at_the_same_allocation_in_every_run(plain: Engine, heap_bytes: int) -> None:
    found = {last_line(plain, heap_bytes, others) for others in (0, 1, 99)}
    assert len(found) == 1
    assert int(found.pop()) > heap_bytes // 2_000


def last_line(engine: Engine, heap_bytes: int, others: int) -> bytes:
    """Return the last line that the filling program prints before it meets the limit, after so many other programs."""
    printed = mmap.mmap(-1, mmap.PAGESIZE)  # shared with the process that ends

    def keep(_level: int, line: memoryview) -> bool:
        printed[: len(line)] = line
        return True

    def run() -> None:
        serve_one = server(engine)
        for other in islice(cycle(LEFTOVERS), others):
            serve_one(other)
        engine.listener = keep
        engine.begin(heap_bytes, 1_600_000_000_000, (1, 2, 3, 4))
        engine.load(_FILLING)

    with forked(run) as (pid, _):
        _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == wire.Exit.OUT_OF_MEMORY
    return printed[:].rstrip(b"\0")


def test_a_run_beyond_the_arena_is_the_last_of_its_process(plain: Engine) -> None:
    def refused() -> bool:
        with pytest.raises(NotRestorable):
            server(plain, 128 * MIB)(Program(b"const a = new Uint8Array(40 << 20); process = () => a.length;"))
        return not plain.can_restore

    assert plain.can_restore
    assert in_child(refused)


@pytest.mark.parametrize("missing", ["the file in memory", "the allocator"])
def test_an_engine_without_a_snapshot_cannot_be_restored(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_name: str, _flags: int) -> int:
        raise PermissionError(1, "not permitted")

    if missing == "the allocator":
        monkeypatch.setattr(quickjs, "allocator", lambda arena_bytes: None)
    monkeypatch.setattr(os, "memfd_create", refuse)

    def can_restore() -> bool:
        engine = Engine(str(library_of(EngineName.DUKPY)))
        engine.snapshot()
        with pytest.raises(NotRestorable):
            engine.restore()
        return engine.can_restore

    assert in_child(can_restore) is False
