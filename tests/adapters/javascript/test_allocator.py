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
from adapters.javascript.confined.allocator import Allocator, allocator, make_executable
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


@pytest.fixture(params=["as committed", "as compiled here"])
def made(request: pytest.FixtureRequest) -> Allocator:
    if request.param == "as committed":
        found = allocator()
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
