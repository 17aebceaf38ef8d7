"""The engine's allocator: it counts memory by the requested sizes, and its first refusal is final.

Its code (`native/allocator.c`) is mapped once, in the zygote, as memory that is written to, and made executable and
read-only before anything uses it. On a machine without that code the engine's own accounting is used, with which a
script can catch a refusal: scripts are not confined on such machines in any case.
"""

import ctypes
import mmap
import os
from typing import Final

from adapters.javascript import wire
from adapters.javascript.confined.machine_code import MACHINE_CODE

_LIBC: Final = ctypes.PyDLL(None, use_errno=True)
_map: Final = _LIBC.mmap
_map.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long)
_map.restype = ctypes.c_void_p
_protect: Final = _LIBC.mprotect
_protect.argtypes, _protect.restype = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int), ctypes.c_int

_FAILED: Final = ctypes.c_void_p(-1).value
_WITHOUT_END: Final = ctypes.c_size_t(-1).value


class _Heap(ctypes.Structure):
    """struct heap of allocator.c."""

    _fields_ = (
        ("used", ctypes.c_size_t),
        ("limit", ctypes.c_size_t),
        *((name, ctypes.c_void_p) for name in ("malloc", "calloc", "realloc", "free")),
        ("exit_status", ctypes.c_size_t),
    )


class _Functions(ctypes.Structure):
    """JSMallocFunctions of quickjs.h."""

    _fields_ = tuple((name, ctypes.c_void_p) for name in ("calloc", "malloc", "free", "realloc", "size"))


class Allocator:
    """One heap, without a limit at first. It must live as long as what uses its addresses."""

    def __init__(self, code: bytes, offsets: dict[str, int]) -> None:
        start = make_executable(code)
        self._functions = _Functions(**{name: start + offset for name, offset in offsets.items()})
        names = ("malloc", "calloc", "realloc", "free")
        libcs = {name: ctypes.cast(getattr(_LIBC, name), ctypes.c_void_p).value for name in names}
        self._heap = _Heap(used=0, limit=_WITHOUT_END, exit_status=wire.Exit.OUT_OF_MEMORY, **libcs)

    @property
    def addresses(self) -> tuple[int, int]:
        """The addresses of the engine's struct of functions, and of the heap that each of them gets first."""
        return ctypes.addressof(self._functions), ctypes.addressof(self._heap)

    @property
    def used(self) -> int:
        """The bytes that are held."""
        return int(self._heap.used)

    def limit(self, size_bytes: int) -> None:
        """End this process rather than let the heap grow beyond `size_bytes`; 0 for no limit."""
        self._heap.limit = size_bytes or _WITHOUT_END


def allocator(machine: str | None = None) -> Allocator | None:
    """Create an allocator for a machine named as by `uname -m`, this one by default; None if no code exists for it."""
    known = MACHINE_CODE.get(machine or os.uname().machine)
    return None if known is None else Allocator(*known)


def make_executable(code: bytes) -> int:
    """Copy the code into memory that is never writable and executable at once, and return its address."""
    size = -(-len(code) // mmap.PAGESIZE) * mmap.PAGESIZE
    start = _map(None, size, mmap.PROT_READ | mmap.PROT_WRITE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0)
    if start == _FAILED:
        raise OSError(ctypes.get_errno(), "there is no memory for the allocator's code")
    ctypes.memmove(start, code, len(code))
    if _protect(start, size, mmap.PROT_READ | mmap.PROT_EXEC) != 0:
        raise OSError(ctypes.get_errno(), "the allocator's code cannot be made executable")
    return int(start)
