"""The system calls that a confined child may make, as a seccomp filter (seccomp(2), classic BPF).

Every other call kills the process, and so does a foreign architecture or the x32 numbering. The list:

- read on descriptor 0 and write on descriptor 1, the stream to the worker;
- mmap (anonymous and not executable), munmap, mremap, brk, mprotect (not executable) and madvise, the allocator's;
- exit_group, the way out;
- clock_gettime and gettimeofday, which are system calls where the kernel offers no vDSO.

Absent, though allocators and interpreters are known to use them: futex and the signal calls. A child has one thread and
no handlers, so it never comes to them; glibc's abort does, and ends by this filter instead.

Only the low half of an argument is compared, as in the kernel: a descriptor is an `unsigned int` to it, and every bit
of a protection and of mmap's flags that means something to it is in the low half.
"""

import ctypes
import os
from collections.abc import Iterator
from typing import Final, NamedTuple

_KILL: Final = 0x80000000
_ALLOW: Final = 0x7FFF0000

_LOAD: Final = 0x20  # BPF_LD | BPF_W | BPF_ABS
_EQUAL: Final = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_AT_LEAST: Final = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_ANY_BIT: Final = 0x45  # BPF_JMP | BPF_JSET | BPF_K
_RETURN: Final = 0x06  # BPF_RET | BPF_K

_NUMBER_OFFSET: Final = 0
_ARCHITECTURE_OFFSET: Final = 4
_ARGUMENTS_OFFSET: Final = 16  # the low halves of the eight-byte arguments: both machines are little-endian
_X32_NUMBERS: Final = 0x40000000

_PROT_EXEC: Final = 4
_MAP_ANONYMOUS: Final = 0x20


class _Machine(NamedTuple):
    audit_number: int
    numbers: dict[str, int]


class Instruction(ctypes.Structure):
    """struct sock_filter."""

    _fields_ = (("code", ctypes.c_uint16), ("jt", ctypes.c_uint8), ("jf", ctypes.c_uint8), ("k", ctypes.c_uint32))


class Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.POINTER(Instruction)))


class _Condition(NamedTuple):
    """On the low half of one argument: it equals `value`, or has (`test` any) or lacks (`test` none) its bits."""

    argument: int
    test: str
    value: int


_MACHINES: Final = {
    "x86_64": _Machine(
        audit_number=0xC000003E,
        numbers={
            "read": 0, "write": 1, "mmap": 9, "mprotect": 10, "munmap": 11, "brk": 12, "mremap": 25, "madvise": 28,
            "gettimeofday": 96, "clock_gettime": 228, "exit_group": 231,
        },
    ),
    "aarch64": _Machine(
        audit_number=0xC00000B7,
        numbers={
            "read": 63, "write": 64, "mmap": 222, "mprotect": 226, "munmap": 215, "brk": 214, "mremap": 216,
            "madvise": 233, "gettimeofday": 169, "clock_gettime": 113, "exit_group": 94,
        },
    ),
}  # fmt: skip

_RULES: Final[dict[str, tuple[_Condition, ...]]] = {
    "read": (_Condition(0, "equal", 0),),
    "write": (_Condition(0, "equal", 1),),
    "brk": (),
    "mmap": (_Condition(2, "none", _PROT_EXEC), _Condition(3, "any", _MAP_ANONYMOUS)),
    "munmap": (),
    "mremap": (),
    "madvise": (),
    "mprotect": (_Condition(2, "none", _PROT_EXEC),),
    "clock_gettime": (),
    "gettimeofday": (),
    "exit_group": (),
}


class UnknownMachine(Exception):
    """There is no table of system call numbers for this processor."""


def program(machine: str | None = None) -> Program:
    """Build the filter for a machine as `uname -m` names it, this one by default."""
    name = machine or os.uname().machine
    if name not in _MACHINES:
        raise UnknownMachine(name)
    instructions = tuple(_instructions(_MACHINES[name]))
    return Program(len(instructions), (Instruction * len(instructions))(*instructions))


def _instructions(machine: _Machine) -> Iterator[Instruction]:
    yield Instruction(_LOAD, 0, 0, _ARCHITECTURE_OFFSET)
    yield Instruction(_EQUAL, 1, 0, machine.audit_number)
    yield Instruction(_RETURN, 0, 0, _KILL)
    yield Instruction(_LOAD, 0, 0, _NUMBER_OFFSET)
    yield Instruction(_AT_LEAST, 0, 1, _X32_NUMBERS)
    yield Instruction(_RETURN, 0, 0, _KILL)
    for name, conditions in _RULES.items():
        verdict = [step for condition in conditions for step in _checked(condition)]
        yield Instruction(_EQUAL, 0, len(verdict) + 1, machine.numbers[name])
        yield from verdict
        yield Instruction(_RETURN, 0, 0, _ALLOW)
    yield Instruction(_RETURN, 0, 0, _KILL)


def _checked(condition: _Condition) -> Iterator[Instruction]:
    """Check a condition in three steps, the last of which kills; a condition that holds jumps over it."""
    test = _EQUAL if condition.test == "equal" else _ANY_BIT
    passes, fails = (1, 0) if condition.test != "none" else (0, 1)
    yield Instruction(_LOAD, 0, 0, _ARGUMENTS_OFFSET + 8 * condition.argument)
    yield Instruction(test, passes, fails, condition.value)
    yield Instruction(_RETURN, 0, 0, _KILL)
