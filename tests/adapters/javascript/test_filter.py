"""The seccomp filter of both machines, read as the kernel would read it, without being installed.

The kernel's rules for the few instructions that the filter has are in `verdict`; the expected verdicts are in
`expected`, which shares neither code nor numbers with the sandbox.
"""

import re
import struct
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.javascript.confined import seccomp
from tests.adapters.javascript.system_calls import MACHINES, numbers

ALLOW, KILL_PROCESS = 0x7FFF0000, 0x80000000
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
FOREIGN = [0x40000003, 0xC00000F3, 0x80000016, 0x40000028, 0, 0xFFFFFFFF]  # i386, riscv64, s390x, arm
X32 = 0x40000000
PROT_EXEC, MAP_ANONYMOUS = 4, 0x20

FREE = {"munmap", "mremap", "madvise", "brk", "clock_gettime", "gettimeofday", "exit_group"}
CONDITIONAL = {"read", "write", "mmap", "mprotect"}
NUMBERS = {machine: numbers(machine) for machine in MACHINES}

Call = tuple[int, int, tuple[int, ...]]


def steps(machine: str) -> list[tuple[int, int, int, int]]:
    """List the instructions: code, jump if true, jump if false, operand."""
    program = seccomp.program(machine)
    return [(one.code, one.jt, one.jf, one.k) for one in program.filter[: program.length]]


STEPS = {machine: steps(machine) for machine in MACHINES}


def verdict(machine: str, call: Call) -> int:
    """Evaluate the filter by bpf(4) and seccomp(2); an unknown instruction fails the test."""
    number, architecture, arguments = call
    data = struct.pack("<IIQ6Q", number, architecture, 0, *arguments)
    instructions, at, accumulator = STEPS[machine], 0, 0
    while True:
        code, if_true, if_false, operand = instructions[at]
        at += 1
        match code:
            case 0x20:  # ld [k]
                assert operand % 4 == 0
                (accumulator,) = struct.unpack_from("<I", data, operand)
            case 0x15:  # jeq
                at += if_true if accumulator == operand else if_false
            case 0x35:  # jge
                at += if_true if accumulator >= operand else if_false
            case 0x45:  # jset
                at += if_true if accumulator & operand else if_false
            case 0x06:  # ret
                return operand
            case _:
                raise AssertionError(f"{code:#x} is no instruction of a filter")


def expected(machine: str, call: Call) -> int:
    number, architecture, arguments = call
    names = {number: name for name, number in NUMBERS[machine].items()}
    permitted = architecture == AUDIT[machine] and permits(names.get(number, ""), arguments)
    return ALLOW if permitted else KILL_PROCESS


def permits(name: str, arguments: Sequence[int]) -> bool:
    """Evaluate the conditions on the low half of an argument alone.

    That is enough, since the kernel itself looks no further: a descriptor is an `unsigned int` to it, regardless of the
    register's other half, and of a protection and of mmap's flags it heeds only bits that are in the low half.
    """
    low = [argument & 0xFFFFFFFF for argument in arguments]
    match name:
        case "read":
            return low[0] == 0
        case "write":
            return low[0] == 1
        case "mmap":
            return low[2] & PROT_EXEC == 0 and low[3] & MAP_ANONYMOUS != 0
        case "mprotect":
            return low[2] & PROT_EXEC == 0
        case _:
            return name in FREE


WORDS = st.sampled_from([0, 1, 2, 3, 4, 5, 7, 0x20, 0x22, 0x32, 1 << 31, 0xFFFFFFFF]) | st.integers(0, 2**32 - 1)
HALVES = st.sampled_from([0, 1, 4, 0x20, 0xFFFFFFFF]) | st.integers(0, 2**32 - 1)
ARGUMENTS = st.tuples(*[st.builds(lambda low, high: low | high << 32, WORDS, HALVES)] * 6)


def calls(machine: str) -> st.SearchStrategy[Call]:
    known = st.sampled_from(sorted(NUMBERS[machine].values()))
    conditional = st.sampled_from(sorted(NUMBERS[machine][name] for name in CONDITIONAL))
    permitted = conditional | st.sampled_from(sorted(NUMBERS[machine][name] for name in FREE | CONDITIONAL))
    any_number = permitted | known | permitted.map(lambda number: number | X32) | st.integers(0, 2**32 - 1)
    own = st.just(AUDIT[machine])
    return st.tuples(any_number, own | own | st.sampled_from([*AUDIT.values(), *FOREIGN]), ARGUMENTS)


@pytest.mark.parametrize("machine", MACHINES)
@settings(max_examples=300)
@given(data=st.data())
def test_it_allows_exactly_the_listed_calls(machine: str, data: st.DataObject) -> None:
    call = data.draw(calls(machine))
    assert verdict(machine, call) == expected(machine, call)


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("name", sorted(CONDITIONAL))
def test_its_conditions_hold_for_every_bit_that_matters(machine: str, name: str) -> None:
    high = 1 << 32
    protections, flags = (*range(8), PROT_EXEC * high), (0, 0x02, 0x20, 0x22, MAP_ANONYMOUS * high)
    for first, third, fourth in product((0, 1, 2, 3, high, high | 1), protections, flags):
        call = (NUMBERS[machine][name], AUDIT[machine], (first, 4096, third, fourth, 0, 0))
        assert verdict(machine, call) == expected(machine, call)


@pytest.mark.parametrize("machine", MACHINES)
def test_it_allows_eleven_numbers_and_no_other(machine: str) -> None:
    """Every number there is, with arguments that every condition is content with, or all but write's."""
    allowed = set()
    for number in [*range(1024), *range(X32, X32 + 1024), *range(2**32 - 1024, 2**32)]:
        for descriptor in (0, 1):
            call = (number, AUDIT[machine], (descriptor, 0, 0, MAP_ANONYMOUS, 0, 0))
            if verdict(machine, call) == ALLOW:
                allowed.add(number)
    assert allowed == {NUMBERS[machine][name] for name in FREE | CONDITIONAL}


@pytest.mark.parametrize("machine", MACHINES)
def test_a_foreign_architecture_gets_nothing_though_its_numbers_are_the_same(machine: str) -> None:
    for architecture in {*AUDIT.values(), *FOREIGN} - {AUDIT[machine]}:
        for number in NUMBERS[machine].values():
            arguments = (number == NUMBERS[machine]["write"], 0, 0, MAP_ANONYMOUS, 0, 0)
            assert verdict(machine, (number, architecture, arguments)) == KILL_PROCESS


@pytest.mark.parametrize("machine", MACHINES)
def test_the_kernel_would_take_it(machine: str) -> None:
    instructions = STEPS[machine]
    assert len(instructions) <= 4096
    assert instructions[-1][0] == 0x06
    for at, (code, if_true, if_false, operand) in enumerate(instructions):
        assert at + 1 + max(if_true, if_false) < len(instructions) or code == 0x06
        if code == 0x06:
            assert operand in {ALLOW, KILL_PROCESS}


def test_an_unknown_machine_has_no_filter() -> None:
    with pytest.raises(seccomp.UnknownMachine):
        seccomp.program("z80")


HEADERS = {
    "x86_64": ("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h"),
    "aarch64": ("/usr/include/asm-generic/unistd.h",),  # the numbers that aarch64 took
}


@pytest.mark.parametrize("machine", MACHINES)
def test_the_numbers_of_the_tests_are_those_of_the_kernel_s_headers_where_they_are_installed(machine: str) -> None:
    for place in filter(Path.exists, map(Path, HEADERS[machine])):
        found = re.findall(r"^#define\s+__NR(?:3264)?_(\w+)\s+(\d+)$", place.read_text(), re.MULTILINE)
        known = {{"fstatat": "newfstatat"}.get(name, name): int(number) for name, number in found}
        both = NUMBERS[machine].keys() & known.keys()
        assert {name: NUMBERS[machine][name] for name in both} == {name: known[name] for name in both}
