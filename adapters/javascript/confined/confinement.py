"""Layers of confinement, applied before a process may touch a tenant's byte: one function each, irrevocable once
called.

The zygote applies those that its children inherit (identity, files, new privileges), each child the rest, the seccomp
filter last. Landlock is applied where the kernel has it; a missing other layer raises `OSError`. User namespaces are
absent on purpose: a default container refuses them.
"""

import ctypes
import os
import resource
from contextlib import suppress
from signal import SIGKILL
from typing import Final

from adapters.javascript.confined.seccomp import Program

SANDBOX_UID: Final = 61_000
"""The user of a zygote started by root: a number that distributions, systemd and the database leave alone."""

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_DUMPABLE: Final = 4
_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_MODE_FILTER: Final = 2
_CAPABILITY_VERSION_3: Final = 0x20080522

_SYS_CLOSE_RANGE: Final = 436
_SYS_LANDLOCK_CREATE_RULESET: Final = 444
_SYS_LANDLOCK_RESTRICT_SELF: Final = 446
_LANDLOCK_VERSION: Final = 1
_LANDLOCK_FILES: Final = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF, 5: 0xFFFF}
"""By the kernel's Landlock version: every right over files that it knows, none of which is ever granted."""
_LANDLOCK_TCP: Final = 0b11
_LANDLOCK_SCOPES: Final = 0b11

_RESOURCES: Final = (
    resource.RLIMIT_NOFILE,
    resource.RLIMIT_NPROC,
    resource.RLIMIT_FSIZE,
    resource.RLIMIT_CORE,
    resource.RLIMIT_MEMLOCK,
)
_NOTHING: Final = (0, 0)

_libc: Final = ctypes.PyDLL(None, use_errno=True)
_set: Final = _libc.prctl
_set.argtypes = (ctypes.c_int, *(ctypes.c_ulong,) * 4)
_syscall: Final = _libc.syscall
_ALL_ABOVE: Final = ctypes.c_uint(0xFFFFFFFF)


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


def make_non_dumpable() -> None:
    """Keep other processes of this user out of this one's memory, environment and descriptors."""
    _prctl(_PR_SET_DUMPABLE, 0)


def raise_oom_score() -> None:
    """Make the kernel, when memory runs out, end this process and its children before others; best effort."""
    with suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")


def drop_root() -> None:
    """Become the sandbox's own user if this one is root, and drop the capabilities that any other user may have."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(SANDBOX_UID, SANDBOX_UID, SANDBOX_UID)
        os.setresuid(SANDBOX_UID, SANDBOX_UID, SANDBOX_UID)
    none = (ctypes.c_uint32 * 6)()
    if _libc.capset((ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0), none) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"the capabilities could not be given up: {os.strerror(code)}")


def die_with_parent(parent: int) -> None:
    """End when the parent ends. A change of user undoes this, so it comes after `drop_root`."""
    _prctl(_PR_SET_PDEATHSIG, SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def set_no_new_privs() -> None:
    """Forbid that programs run from here on gain rights; the kernel requires this before it accepts a filter."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def restrict_filesystem() -> bool:
    """Deny every file, TCP port and abstract socket from here on; return whether this kernel can."""
    version = _syscall(_SYS_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), _LANDLOCK_VERSION)
    if version < 1:
        return False
    rules = _Ruleset(
        files=_LANDLOCK_FILES.get(version, _LANDLOCK_FILES[5]),
        network=_LANDLOCK_TCP if version >= 4 else 0,
        scopes=_LANDLOCK_SCOPES if version >= 6 else 0,
    )
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = _syscall(_SYS_LANDLOCK_CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    if ruleset < 0:
        return False
    restricted = _syscall(_SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)
    return bool(restricted == 0)


def close_from(lowest: int) -> None:
    """Close every descriptor from `lowest` on."""
    if _syscall(_SYS_CLOSE_RANGE, lowest, _ALL_ABOVE, 0) != 0:
        os.closerange(lowest, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def drop_rlimits() -> None:
    """Forbid new descriptors, processes, files, core dumps and locked pages; open descriptors stay open."""
    for limit in _RESOURCES:
        resource.setrlimit(limit, _NOTHING)


def install(program: Program) -> None:
    """Make the kernel apply a seccomp filter to this process; needs `set_no_new_privs` first."""
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(program))


def _prctl(option: int, argument: int, address: int = 0) -> None:
    if _set(option, argument, address, 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"prctl({option}) was refused: {os.strerror(code)}")
