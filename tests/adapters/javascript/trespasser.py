"""A program, not a test: it confines one child for each act, lets it commit that, and prints how each of them ended.

python -I -S trespasser.py ROOT
"""

import ctypes
import json
import os
import platform
import socket
import sys
from collections.abc import Callable

sys.path.append(sys.argv[1])

from adapters.javascript import child, confinement
from adapters.javascript.seccomp import program

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long)
libc.mprotect.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
READ, WRITE, EXECUTE = 1, 2, 4
PRIVATE, ANONYMOUS = 2, 0x20
PAGE = 4096
BPF = {"x86_64": 321, "aarch64": 280}[platform.machine()]
IO_URING_SETUP, CLONE3, PIDFD_OPEN, OPENAT2, PROCESS_VM_READV = 425, 435, 434, 437, 310


def page(protection: int) -> int | None:
    found: int | None = libc.mmap(None, PAGE, protection, PRIVATE | ANONYMOUS, -1, 0)
    return found


ACTS: dict[str, Callable[[], object]] = {
    "nothing": lambda: None,
    "read the stream": lambda: os.read(0, 1),
    "write the stream": lambda: os.write(1, b"x"),
    "allocate": lambda: bytearray(50_000_000),
    "map a page": lambda: page(READ | WRITE),
    "open": lambda: libc.open(b"/etc/passwd", 0),
    "openat2": lambda: libc.syscall(OPENAT2, -100, b"/etc/passwd", None, 0),
    "stat": lambda: libc.access(b"/", 0),
    "socket": lambda: libc.socket(2, 1, 0),
    "socketpair": lambda: libc.socketpair(1, 1, 0, (ctypes.c_int * 2)()),
    "fork": lambda: libc.fork(),
    "clone3": lambda: libc.syscall(CLONE3, None, 0),
    "execve": lambda: libc.execve(b"/bin/true", None, None),
    "ptrace": lambda: libc.ptrace(0, 0, None, None),
    "process_vm_readv": lambda: libc.process_vm_readv(os.getppid(), None, 0, None, 0, 0),
    "kill": lambda: libc.kill(1, 0),
    "pidfd_open": lambda: libc.syscall(PIDFD_OPEN, 1, 0),
    "memfd_create": lambda: libc.memfd_create(b"x", 0),
    "shmget": lambda: libc.shmget(0, PAGE, 0o600),
    "io_uring_setup": lambda: libc.syscall(IO_URING_SETUP, 1, None),
    "bpf": lambda: libc.syscall(BPF, 0, None, 0),
    "prctl": lambda: libc.prctl(4, 1, 0, 0, 0),
    "setrlimit": lambda: libc.setrlimit(7, (ctypes.c_ulong * 2)(9, 9)),
    "getpid": lambda: libc.getpid(),
    "dup": lambda: libc.dup(0),
    "sleep": lambda: libc.usleep(1),
    "read elsewhere": lambda: libc.read(1, ctypes.create_string_buffer(1), 1),
    "write elsewhere": lambda: libc.write(0, b"x", 1),
    "map executable": lambda: page(READ | EXECUTE),
    "map a descriptor": lambda: libc.mmap(None, PAGE, READ, PRIVATE, 0, 0),
    "make executable": lambda: libc.mprotect(page(READ | WRITE), PAGE, READ | EXECUTE),
}


def commit(act: Callable[[], object]) -> int:
    """The wait status of a confined child that does it."""
    worker, stream = socket.socketpair()
    worker.send(b"x")
    zygote, pid = os.getpid(), os.fork()
    if pid == 0:
        child.confine(stream.fileno(), zygote, program())
        act()
        os._exit(0)
    with worker, stream:
        return os.waitpid(pid, 0)[1]


confinement.renounce_privileges()  # as a zygote does; only root may take a filter without it
print(json.dumps({name: commit(act) for name, act in ACTS.items()}))
