"""The engine's allocator counts by the sizes that were asked for, and ends its process where it refuses.

It is tried as it is committed and, where there is a compiler, as it is compiled here.
"""

import ctypes
import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.javascript import wire
from adapters.javascript.confined.allocator import Allocator, NotRestorable, allocator, make_executable
from adapters.javascript.confined.machine_code import MACHINE_CODE

ROOT = Path(__file__).parents[3]
MACHINE = os.uname().machine
COMPILING = runpy.run_path(str(ROOT / "scripts" / "allocator.py"))["compiled"]

P, SIZE = ctypes.c_void_p, ctypes.c_size_t
SIGNATURES: dict[str, tuple[Any, ...]] = {
    "malloc": (P, P, SIZE),
    "calloc": (P, P, SIZE, SIZE),
    "realloc": (P, P, P, SIZE),
    "free": (None, P, P),
    "size": (SIZE, P),
}


def functions(made: Allocator) -> dict[str, Callable[..., Any]]:
    """Provide its functions, each of which but `size` takes the heap."""
    called = {}
    for name, (result, *arguments) in SIGNATURES.items():
        function = ctypes.CFUNCTYPE(result, *arguments)(getattr(made._functions, name))
        called[name] = function if name == "size" else _with(function, made.addresses[1])
    return called


def _with(function: Any, heap: int) -> Callable[..., Any]:
    return lambda *arguments: function(heap, *arguments)


@pytest.fixture(params=["as committed", "with an arena", "as compiled here"])
def made(request: pytest.FixtureRequest) -> Allocator:
    if request.param == "as committed":
        found = allocator()
        assert found is not None
        return found
    if request.param == "with an arena":
        found = allocator(arena_bytes=1 << 20)
        assert found is not None
        return found
    if shutil.which("gcc") is None:
        pytest.skip("there is no compiler")
    return Allocator(*COMPILING(MACHINE))


def cost(size: int) -> int:
    """Compute the cost: eight bytes of the allocator's and eight of libc's a block, in steps of 16, from 32 on."""
    return max(32, (size + 16 + 15) // 16 * 16)


def test_there_is_code_for_every_machine_on_which_scripts_are_confined() -> None:
    assert set(MACHINE_CODE) == {"x86_64", "aarch64"}
    assert allocator("riscv64") is None


steps = st.lists(
    st.tuples(st.sampled_from(["malloc", "calloc", "realloc", "free"]), st.integers(1, 300_000)), max_size=30
)


@given(steps)
def test_the_held_bytes_are_the_sum_of_the_requested_sizes(steps: list[tuple[str, int]]) -> None:
    made = allocator()
    assert made is not None
    call = functions(made)
    blocks: dict[int, int] = {}
    for name, size in steps:
        if name in ("malloc", "calloc"):
            block = call[name](size) if name == "malloc" else call[name](1, size)
        elif not blocks:
            continue
        else:
            old, _ = blocks.popitem()
            block = call[name](old, size) if name == "realloc" else call[name](old)
        if block:
            blocks[block] = size
            assert (call["size"](block), block % 8) == (size, 0)
        assert made.used == sum(map(cost, blocks.values()))
    for block in blocks:
        call["free"](block)
    assert made.used == 0


class Model:
    """The blocks of a heap as they must be: a fill byte and a size by address, and the heap itself."""

    def __init__(self, arena_bytes: int) -> None:
        made = allocator(arena_bytes=arena_bytes)
        assert made is not None
        self.made, self.call = made, functions(made)
        self.blocks: dict[int, tuple[int, int]] = {}
        self.arena = range(made._heap.arena, made._heap.arena_end)

    def apply(self, number: int, name: str, size: int) -> None:
        """Apply one step, whose number fills its block."""
        if name in ("malloc", "calloc"):
            self.add(self.call["malloc"](size) if name == "malloc" else self.call["calloc"](1, size), number, size)
            return
        if self.blocks:
            old = list(self.blocks)[number % len(self.blocks)]
            fill, old_size = self.blocks.pop(old)
            if name == "free":
                self.call["free"](old)
                return
            moved = self.call["realloc"](old, size)
            kept = min(size, old_size)
            assert ctypes.string_at(moved, kept) == bytes((fill,)) * kept
            self.add(moved, number, size)

    def add(self, block: int, number: int, size: int) -> None:
        """Fill a block that was just allocated."""
        assert block % (16 if block in self.arena else 8) == 0
        ctypes.memset(block, number % 256, size)
        self.blocks[block] = number % 256, size

    def is_spilled(self) -> bool:
        """Tell whether a block came from libc."""
        return self.made.is_spilled

    def check(self) -> None:
        """Compare all contents, sizes and the account: a block that overlapped another would have its bytes."""
        for block, (fill, size) in self.blocks.items():
            assert ctypes.string_at(block, size) == bytes((fill,)) * size
            assert self.call["size"](block) == size
        assert self.made.used == sum(cost(size) for _, size in self.blocks.values())
        assert self.made.is_spilled or all(block in self.arena for block in self.blocks)


sizes = st.one_of(st.integers(1, 700), st.integers(1, 20_000), st.integers(1, 600_000))
arena_steps = st.lists(st.tuples(st.sampled_from(["malloc", "calloc", "realloc", "free"]), sizes), max_size=40)


@given(arena_steps, arena_steps, st.sampled_from([1 << 16, 1 << 20, 1 << 25]))
def test_an_arena_holds_blocks_and_returns_to_its_snapshot(
    before: list[tuple[str, int]], after: list[tuple[str, int]], arena_bytes: int
) -> None:
    """After each restore the same steps give the same addresses, and `calloc` gives zeros."""
    model = Model(arena_bytes)
    for number, step in enumerate(before):
        model.apply(number, *step)
    model.check()
    if model.is_spilled():
        with pytest.raises(NotRestorable):
            model.made.snapshot()
        return
    model.made.snapshot()
    kept, ends = dict(model.blocks), []
    for _ in range(3):
        model.blocks = dict(kept)
        model.check()
        for number, step in enumerate(after):
            model.apply(number, *step)
        model.check()
        ends.append(model.blocks)
        if model.is_spilled():
            with pytest.raises(NotRestorable):
                model.made.restore()
            return
        model.made.restore()
    assert ends[0] == ends[1] == ends[2]


def test_a_snapshot_that_fills_its_arena_leaves_it_no_slot() -> None:
    model = Model(1 << 16)
    model.apply(1, "malloc", 60_000)
    assert not model.is_spilled()
    model.made.snapshot()
    model.apply(2, "malloc", 100)
    model.check()
    assert model.is_spilled()


@pytest.mark.parametrize("size", [1, 8, 9, 504, 505, 520, 1 << 16, (8 << 20) - 8, (8 << 20) - 7])
def test_memory_that_was_used_before_is_zero_from_calloc(size: int) -> None:
    model = Model(1 << 25)
    used = model.call["malloc"](size)
    ctypes.memset(used, 255, size)
    model.call["free"](used)
    assert ctypes.string_at(model.call["calloc"](1, size), size) == bytes(size)
    assert model.made.is_spilled == (size > (8 << 20) - 8)


def test_a_restored_arena_is_zero_behind_its_snapshot() -> None:
    model = Model(1 << 25)
    heap = model.made._heap
    model.call["malloc"](3 << 20)
    model.made.snapshot()
    for size in (100, 600_000, 8_000_000):
        ctypes.memset(model.call["malloc"](size), 255, size)
        ctypes.memset(heap.arena, 255, heap.snapshot_size)  # as an engine out of control would
        model.made.restore()
        start = heap.arena + heap.snapshot_size
        assert ctypes.string_at(start, heap.arena_end - start) == bytes(heap.arena_end - start)
        assert ctypes.string_at(heap.arena, heap.snapshot_size) == ctypes.string_at(heap.snapshot, heap.snapshot_size)


def test_blocks_keep_their_bytes(made: Allocator) -> None:
    call = functions(made)
    zeroed = call["calloc"](3, 1000)
    assert ctypes.string_at(zeroed, 3000) == bytes(3000)
    block = call["malloc"](10)
    ctypes.memmove(block, b"0123456789", 10)
    assert ctypes.string_at(call["realloc"](block, 500_000), 10) == b"0123456789"


def test_nothing_has_no_size_and_can_be_freed(made: Allocator) -> None:
    call = functions(made)
    call["free"](None)
    assert (call["size"](None), made.used) == (0, 0)
    assert call["size"](call["realloc"](None, 5)) == 5


@pytest.mark.parametrize(
    ("limit", "name", "arguments", "refused"),
    [
        (64, "malloc", (48,), False),
        (64, "malloc", (49,), True),
        (64, "calloc", (6, 8), False),
        (64, "calloc", (7, 8), True),
        (96, "realloc", ("block", 80), False),
        (96, "realloc", ("block", 81), True),
        (0, "malloc", (2**63,), True),
        (0, "malloc", (2**64 - 1,), True),
        (0, "calloc", (2**33, 2**33), True),
        (0, "realloc", ("block", 2**64 - 8), True),
        (0, "malloc", (2**40,), True),
    ],
)
def test_an_allocation_beyond_the_limit_ends_the_process(
    made: Allocator, limit: int, name: str, arguments: tuple[Any, ...], refused: bool
) -> None:
    """The last of them is within every limit, and libc has no room for it."""
    child = os.fork()
    if child == 0:
        call = functions(made)
        block = call["malloc"](16) if "block" in arguments else None
        made.limit(limit)
        call[name](*(block if one == "block" else one for one in arguments))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == (wire.Exit.OUT_OF_MEMORY if refused else 0)


def test_its_code_is_never_writable_and_executable(made: Allocator) -> None:
    start = make_executable(b"\0" * 10)
    rights = [
        line.split()[1]
        for line in Path("/proc/self/maps").read_text().splitlines()
        if int(line.split("-")[0], 16) <= start < int(line.split("-")[1].split()[0], 16)
    ]
    assert rights == ["r-xp"]


def test_the_committed_code_can_be_made_again() -> None:
    """By the compiler that made it, byte for byte; another one's is only tried above."""
    compilers = [shutil.which(f"{machine}-linux-gnu-gcc") for machine in MACHINE_CODE]
    if None in compilers or "12.2.0" not in subprocess.run(["gcc", "--version"], capture_output=True, text=True).stdout:
        pytest.skip("these are not the compilers that made it")
    checked = subprocess.run(
        [sys.executable, ROOT / "scripts" / "allocator.py", "--check"], capture_output=True, text=True
    )
    assert (checked.returncode, checked.stderr) == (0, "")
