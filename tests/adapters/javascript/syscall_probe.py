"""A program, not a test: it confines one child for each act, lets it commit that, and prints how each of them ended.

python -I -S syscall_probe.py ROOT

It prints two objects: wait statuses by act, and by the bare number of every system call that no act makes.
"""

import ctypes
import json
import mmap
import os
import platform
import signal
import socket
import sys
from collections.abc import Callable, Iterable
from functools import partial

sys.path.append(sys.argv[1])

from adapters.javascript.confined import child, confinement
from adapters.javascript.confined.seccomp import program
from tests.adapters.javascript.system_calls import numbers

MACHINE = platform.machine()
NUMBERS = numbers(MACHINE)
LAST_NUMBER = 512
X32 = 0x40000000
READ, WRITE, EXECUTE = mmap.PROT_READ, mmap.PROT_WRITE, mmap.PROT_EXEC
PRIVATE, SHARED, ANONYMOUS, FIXED = mmap.MAP_PRIVATE, mmap.MAP_SHARED, mmap.MAP_ANONYMOUS, 0x10
AT_FDCWD = -100
SECONDS = 10
"""The time limit of an act that, against all expectation, neither ends nor is ended."""

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long


def pointer(data: bytes) -> int:
    """Return the address of a permanent copy of `data`."""
    kept = ctypes.create_string_buffer(data, max(64, len(data) + 1))
    KEPT.append(kept)
    return ctypes.addressof(kept)


KEPT: list[ctypes.Array[ctypes.c_char]] = []
SPACE = pointer(b"")
SECRET = pointer(b"/etc/passwd")
PROGRAM = pointer(b"/bin/true")
ADDRESS = pointer(b"\x02\x00\x00\x50\x7f\x00\x00\x01")  # 127.0.0.1:80
PARENT = os.getpid()


def call(number: int, *arguments: int) -> int:
    """Make a system call without the C library's help or hindrance."""
    made: int = libc.syscall(ctypes.c_long(number), *(ctypes.c_long(one) for one in arguments))
    return made


def page(protection: int, flags: int = PRIVATE | ANONYMOUS, descriptor: int = -1) -> int:
    """Map a page, and return its address."""
    return call(NUMBERS["mmap"], 0, mmap.PAGESIZE, protection, flags, descriptor, 0)


def protect(address: int, protection: int) -> int:
    """Change the protection of a page."""
    return call(NUMBERS["mprotect"], address, mmap.PAGESIZE, protection)


PERMITTED: dict[str, Callable[[], object]] = {
    "nothing": lambda: None,
    "read the stream": lambda: os.read(0, 1),
    "write the stream": lambda: os.write(1, b"x"),
    "allocate": lambda: bytearray(50_000_000),
    "map a page": lambda: page(READ | WRITE),
    "make a page read-only": lambda: protect(page(READ | WRITE), READ),
    "ask the time": lambda: call(NUMBERS["clock_gettime"], 1, SPACE),
}

WITH_ARGUMENTS: dict[str, tuple[int, ...]] = {
    "open": (SECRET, os.O_RDONLY),
    "openat": (AT_FDCWD, SECRET, os.O_RDONLY),
    "openat2": (AT_FDCWD, SECRET, SPACE, 24),
    "readlink": (pointer(b"/proc/self/exe"), SPACE, 64),
    "readlinkat": (AT_FDCWD, pointer(b"/proc/self/exe"), SPACE, 64),
    "getdents64": (0, SPACE, 64),
    "socket": (socket.AF_INET, socket.SOCK_STREAM, 0),
    "socketpair": (socket.AF_UNIX, socket.SOCK_STREAM, 0, SPACE),
    "connect": (0, ADDRESS, 16),
    "sendto": (1, SPACE, 1, 0, 0, 0),
    "sendmsg": (1, SPACE, 0),
    "recvmsg": (0, SPACE, 0),
    "readv": (0, SPACE, 0),
    "writev": (1, SPACE, 0),
    "pread64": (0, SPACE, 1, 0),
    "clone": (signal.SIGCHLD, 0, 0, 0, 0),
    "clone3": (SPACE, 64),
    "execve": (PROGRAM, SPACE, SPACE),
    "execveat": (AT_FDCWD, PROGRAM, SPACE, SPACE, 0),
    "kill": (PARENT, 0),
    "tkill": (PARENT, 0),
    "tgkill": (PARENT, PARENT, 0),
    "rt_sigqueueinfo": (PARENT, 0, SPACE),
    "pidfd_open": (PARENT, 0),
    "pidfd_getfd": (0, 0, 0),
    "pidfd_send_signal": (0, 0, 0, 0),
    "ptrace": (16, PARENT, 0, 0),
    "process_vm_readv": (PARENT, SPACE, 1, SPACE, 1, 0),
    "process_vm_writev": (PARENT, SPACE, 1, SPACE, 1, 0),
    "memfd_create": (pointer(b"x"), 0),
    "shmget": (0, mmap.PAGESIZE, 0o1600),
    "io_uring_setup": (1, SPACE),
    "bpf": (0, SPACE, 64),
    "perf_event_open": (SPACE, 0, -1, -1, 0),
    "userfaultfd": (1,),
    "keyctl": (0, -3, 0, 0, 0),
    "add_key": (pointer(b"user"), pointer(b"x"), SPACE, 1, -3),
    "prlimit64": (PARENT, 7, SPACE, 0),
    "setrlimit": (7, SPACE),
    "setuid": (0,),
    "setresuid": (0, 0, 0),
    "unshare": (0x10000000,),
    "setns": (0, 0),
    "mount": (PROGRAM, PROGRAM, PROGRAM, 0, 0),
    "sched_setaffinity": (0, 8, SPACE),
    "ioctl": (0, 0x5413, SPACE),
    "fcntl": (0, 1, 0),
    "dup": (0,),
    "dup3": (0, 9, 0),
    "prctl": (4, 1, 0, 0, 0),
    "seccomp": (1, 0, SPACE),
    "personality": (0x0400000,),
    "nanosleep": (SPACE, 0),
    "futex": (SPACE, 1, 1, 0, 0, 0),
    "rt_sigaction": (signal.SIGSYS, 0, SPACE, 8),
    "pkey_mprotect": (SPACE & ~(mmap.PAGESIZE - 1), mmap.PAGESIZE, READ | EXECUTE, -1),
    "exit": (0,),
}
"""Arguments with which these calls would do a child's work, if they were permitted. Other calls get zeros."""

CROOKED: dict[str, Callable[[], object]] = {
    "read elsewhere": lambda: call(NUMBERS["read"], 1, SPACE, 1),
    "write elsewhere": lambda: call(NUMBERS["write"], 0, SPACE, 1),
    "write to standard error": lambda: call(NUMBERS["write"], 2, SPACE, 1),
    "map executable": lambda: page(READ | EXECUTE),
    "map writable and executable": lambda: page(READ | WRITE | EXECUTE),
    "map executable and shared": lambda: page(EXECUTE, SHARED | ANONYMOUS),
    "map a descriptor": lambda: page(READ, PRIVATE, 0),
    "map a descriptor, shared": lambda: page(READ, SHARED, 0),
    "make executable": lambda: protect(page(READ | WRITE), READ | EXECUTE),
    "make only executable": lambda: protect(page(READ | WRITE), EXECUTE),
    "open, through the C library": lambda: libc.open(b"/etc/passwd", 0),
    "fork, through the C library": lambda: libc.fork(),
    "abort": lambda: libc.abort(),
}


def foreign() -> dict[str, Callable[[], object]]:
    """List calls of another architecture: x32, and 32 bits by interrupt. Only x86_64 has any here."""
    if MACHINE != "x86_64":
        return {}
    x32 = {f"x32 {name}": partial(call, X32 | NUMBERS[name], 0, SPACE, 1) for name in ("read", "getpid", "exit_group")}
    code = page(READ | WRITE)
    ctypes.memmove(code, b"\xb8\x04\x00\x00\x00\xcd\x80\xc3", 8)  # mov eax, 4; int 0x80; ret
    protect(code, READ | EXECUTE)
    return x32 | {"interrupt": ctypes.CFUNCTYPE(ctypes.c_int)(code)}


def commit(act: Callable[[], object]) -> int:
    """Run the act in a confined child, and return its wait status."""
    worker, stream = socket.socketpair()
    worker.send(b"x")
    pid = os.fork()
    if pid == 0:
        signal.alarm(SECONDS)
        child.confine(stream.fileno(), PARENT, FILTER)
        act()
        os._exit(0)
    with worker, stream:
        return os.waitpid(pid, 0)[1]


def ends(acts: Iterable[tuple[str, Callable[[], object]]]) -> dict[str, int]:
    """Run the acts, and return their wait statuses."""
    return {name: commit(act) for name, act in acts}


OWN = {"read", "write", "mmap", "mprotect", "munmap", "mremap", "madvise", "brk", "clock_gettime", "gettimeofday"}
OWN |= {"exit_group"}
NAMED = {name: partial(call, NUMBERS[name], *WITH_ARGUMENTS.get(name, (0,) * 6)) for name in NUMBERS.keys() - OWN}
PROBES = {335, 336} if MACHINE == "x86_64" else set()
"""uretprobe and uprobe, which the kernel lets pass every filter: they work where root has put a probe into the program,
and are refused elsewhere (SIGILL, ENXIO)."""

UNNAMED = sorted(set(range(LAST_NUMBER)) - set(NUMBERS.values()) - PROBES)
FOREIGN = foreign()
FILTER = program()

confinement.drop_root()  # acts that the filter permits should run as an unprivileged user
confinement.set_no_new_privs()  # as a zygote does; only root may take a filter without it
said = {
    "permitted": ends(PERMITTED.items()),
    "refused": ends((NAMED | CROOKED | FOREIGN).items()),
    "unnamed": ends((str(number), partial(call, number, *(0,) * 6)) for number in UNNAMED),
}
print(json.dumps(said))
