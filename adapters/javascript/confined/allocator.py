"""The engine's allocator: it counts memory by the requested sizes, and its first refusal is final.

Its code (`native/allocator.c`) is mapped once, in the zygote, as memory that is written to, and made executable and
read-only before anything uses it. On a machine without that code the engine's own accounting is used, with which a
script can catch a refusal: scripts are not confined on such machines in any case.

A heap with an arena can be returned to an earlier moment, byte for byte (`snapshot`, `restore`).
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
_advise: Final = _LIBC.madvise
_advise.argtypes, _advise.restype = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int), ctypes.c_int

_FAILED: Final = ctypes.c_void_p(-1).value
_WITHOUT_END: Final = ctypes.c_size_t(-1).value
_FIRST_SLOT: Final = 8
"""Offset in the arena; a block begins eight bytes after its slot and is aligned to 16."""
_CLASSES: Final = 144
_ENGINES: Final = ("calloc", "malloc", "free", "realloc", "size")
_LIBCS: Final = ("malloc", "calloc", "realloc", "free", "memcmp", "memcpy", "memset")


class _Blocks(ctypes.Structure):
    """struct blocks of allocator.c."""

    _fields_ = (("used", ctypes.c_size_t), ("unused", ctypes.c_size_t), ("free", ctypes.c_size_t * _CLASSES))


class _Heap(ctypes.Structure):
    """struct heap of allocator.c."""

    _fields_ = (
        ("now", _Blocks),
        ("then", _Blocks),
        ("limit", ctypes.c_size_t),
        *((name, ctypes.c_void_p) for name in _LIBCS),
        ("exit_status", ctypes.c_size_t),
        ("arena", ctypes.c_size_t),
        ("arena_end", ctypes.c_size_t),
        ("snapshot", ctypes.c_size_t),
        ("snapshot_size", ctypes.c_size_t),
        ("is_spilled", ctypes.c_size_t),
        ("page_size", ctypes.c_size_t),
    )


class _Functions(ctypes.Structure):
    """JSMallocFunctions of quickjs.h."""

    _fields_ = tuple((name, ctypes.c_void_p) for name in _ENGINES)


class NotRestorable(Exception):
    """The heap has memory outside of its arena, or the kernel has refused to take pages back."""


class Allocator:
    """One heap, without a limit at first. It must live as long as what uses its addresses.

    Without an arena all blocks come from libc.
    """

    def __init__(self, code: bytes, offsets: dict[str, int], arena_bytes: int = 0) -> None:
        start = make_executable(code)
        self._functions = _Functions(**{name: start + offsets[name] for name in _ENGINES})
        libcs = {name: ctypes.cast(getattr(_LIBC, name), ctypes.c_void_p).value for name in _LIBCS}
        self._heap = _Heap(limit=_WITHOUT_END, exit_status=wire.Exit.OUT_OF_MEMORY, page_size=mmap.PAGESIZE, **libcs)
        one, two = ctypes.PYFUNCTYPE(*2 * (ctypes.c_size_t,)), ctypes.PYFUNCTYPE(*3 * (ctypes.c_size_t,))
        self._used_part, self._restore = one(start + offsets["used_part"]), one(start + offsets["restore"])
        self._snapshot = two(start + offsets["snapshot"])
        if arena_bytes:
            self._give_arena(arena_bytes)

    def _give_arena(self, size: int) -> None:
        self._heap.arena = _mapped(size)
        self._heap.arena_end = self._heap.arena + size
        self._heap.now.unused = self._heap.arena + _FIRST_SLOT
        # One byte of a huge page would cost each child 2 MiB. A kernel without huge pages refuses, which is as good.
        _advise(self._heap.arena, size, mmap.MADV_NOHUGEPAGE)

    @property
    def addresses(self) -> tuple[int, int]:
        """The addresses of the engine's struct of functions, and of the heap that each of them gets first."""
        return ctypes.addressof(self._functions), ctypes.addressof(self._heap)

    @property
    def used(self) -> int:
        """The bytes that are held."""
        return int(self._heap.now.used)

    @property
    def is_spilled(self) -> bool:
        """Tell whether a block ever came from outside of the arena, so that `restore` is impossible."""
        return bool(self._heap.is_spilled)

    def limit(self, size_bytes: int) -> None:
        """End this process rather than let the heap grow beyond `size_bytes`; 0 for no limit."""
        self._heap.limit = size_bytes or _WITHOUT_END

    def snapshot(self) -> None:
        """Copy the heap, for `restore`. Raises `NotRestorable` if it has spilled."""
        if self.is_spilled:
            raise NotRestorable
        heap = ctypes.addressof(self._heap)
        size = self._used_part(heap)
        region = _mapped(size)
        if not self._snapshot(heap, region):
            raise NotRestorable
        if _protect(region, size, mmap.PROT_READ) != 0:
            raise OSError(ctypes.get_errno(), "the snapshot of the engine's heap cannot be made read-only")

    def restore(self) -> None:
        """Return the heap to the snapshot, byte for byte; the limit stays. Raises `NotRestorable`."""
        if not self._restore(ctypes.addressof(self._heap)):
            raise NotRestorable


def allocator(machine: str | None = None, arena_bytes: int = 0) -> Allocator | None:
    """Create an allocator for a machine named as by `uname -m`, this one by default; None if no code exists for it."""
    known = MACHINE_CODE.get(machine or os.uname().machine)
    return None if known is None else Allocator(*known, arena_bytes)


def make_executable(code: bytes) -> int:
    """Copy the code into memory that is never writable and executable at once, and return its address."""
    size = -(-len(code) // mmap.PAGESIZE) * mmap.PAGESIZE
    start = _mapped(size)
    ctypes.memmove(start, code, len(code))
    if _protect(start, size, mmap.PROT_READ | mmap.PROT_EXEC) != 0:
        raise OSError(ctypes.get_errno(), "the allocator's code cannot be made executable")
    return start


def _mapped(size: int) -> int:
    start = _map(None, size, mmap.PROT_READ | mmap.PROT_WRITE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0)
    if start == _FAILED:
        raise OSError(ctypes.get_errno(), "there is no memory for the engine's allocator")
    return int(start)
