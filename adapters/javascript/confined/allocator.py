"""The engine's allocator: it counts memory by the requested sizes, and its first refusal is final.

Its code (`native/allocator.c`) is mapped once, in the zygote, as memory that is written to, and made executable and
read-only before anything uses it. On a machine without that code the engine's own accounting is used, with which a
script can catch a refusal: scripts are not confined on such machines in any case.

A heap with an arena can be returned to an earlier moment, byte for byte (`snapshot`, `restore`).
"""

import ctypes
import errno
import fcntl
import mmap
import os
from typing import Any, Final

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
_READ_WRITE: Final = mmap.PROT_READ | mmap.PROT_WRITE
_MAP_FIXED: Final = 0x10
_MFD_NOEXEC_SEAL: Final = 8
_EVERY_SEAL: Final = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
_RESTORE: Final = ctypes.PYFUNCTYPE(ctypes.c_size_t, ctypes.c_void_p)
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
    """The heap has memory outside of its arena, or the kernel has no file in memory, or does not take pages back."""


class Allocator:
    """One heap, without a limit at first. It must live as long as what uses its addresses.

    Without an arena all blocks come from libc.
    """

    def __init__(self, code: bytes, offsets: dict[str, int], arena_bytes: int = 0) -> None:
        start = make_executable(code)
        self._functions = _Functions(**{name: start + offsets[name] for name in _ENGINES})
        libcs = {name: ctypes.cast(getattr(_LIBC, name), ctypes.c_void_p).value for name in _LIBCS}
        self._heap = _Heap(limit=_WITHOUT_END, exit_status=wire.Exit.OUT_OF_MEMORY, page_size=mmap.PAGESIZE, **libcs)
        self._restore = _RESTORE(start + offsets["restore"])
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
        """Keep the heap for `restore`, in a file in memory that the arena becomes a private mapping of.

        So child processes share the pages that they do not write to, each other's and the snapshot's, and nothing that
        one of them writes can reach the file. Raises `NotRestorable`.
        """
        if self.is_spilled or not self._heap.arena:
            raise NotRestorable("the heap has memory outside of its arena")
        heap = self._heap
        size = -(-(heap.now.unused - heap.arena) // mmap.PAGESIZE) * mmap.PAGESIZE
        file = _memory_file((ctypes.c_char * size).from_address(heap.arena))
        try:
            heap.snapshot = _mapped(size, file, mmap.PROT_READ)
            _mapped(size, file, place=heap.arena)
        finally:
            os.close(file)
        # No slot below is given out again but those that a run frees: its blocks lie side by side, on few pages.
        heap.now.free = type(heap.now.free)()
        # Not beyond the end, though: a snapshot that fills the arena leaves no slot.
        heap.now.unused = min(heap.arena + size + _FIRST_SLOT, heap.arena_end)
        heap.then, heap.snapshot_size = heap.now, size

    def restore(self) -> None:
        """Return the heap to the snapshot, byte for byte; the limit stays. Raises `NotRestorable`."""
        if not self._restore(ctypes.addressof(self._heap)):
            raise NotRestorable("the heap has memory outside of its arena, no snapshot, or no help from the kernel")


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


def _memory_file(content: Any) -> int:
    """Create a file in memory that nothing can change any more."""
    file = _new_memory_file()
    with open(file, "wb", buffering=0, closefd=False) as writer:
        if writer.write(content) != len(content):
            raise OSError(errno.ENOMEM, "there is no memory for a snapshot of the engine's heap")
    fcntl.fcntl(file, fcntl.F_ADD_SEALS, _EVERY_SEAL)
    return file


def _new_memory_file() -> int:
    flags = os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING
    try:
        return os.memfd_create("heap", flags | _MFD_NOEXEC_SEAL)
    except OSError as error:
        if error.errno == errno.EINVAL:  # Linux before 6.3
            return os.memfd_create("heap", flags)
        raise NotRestorable("the kernel provides no file in memory") from error


def _mapped(size: int, file: int = -1, rights: int = _READ_WRITE, place: int = 0) -> int:
    """Map the file, or else zeros, privately; at `place`, if given, instead of what is there."""
    kind = (_MAP_FIXED if place else 0) | (mmap.MAP_ANONYMOUS if file < 0 else 0)
    start = _map(place or None, size, rights, mmap.MAP_PRIVATE | kind, file, 0)
    if start == _FAILED:
        raise OSError(ctypes.get_errno(), "there is no memory for the engine's allocator")
    return int(start)
