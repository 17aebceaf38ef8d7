"""The child's end of its stream to the worker: descriptor 0 to read from, 1 to write to."""

import ctypes
import os
import sys

from adapters.javascript import wire

_allocate = ctypes.pythonapi.PyBytes_FromStringAndSize
_allocate.argtypes, _allocate.restype = (ctypes.c_void_p, ctypes.c_ssize_t), ctypes.py_object
_address = ctypes.pythonapi.PyBytes_AsString
_address.argtypes, _address.restype = (ctypes.py_object,), ctypes.c_void_p
_read = ctypes.PyDLL(None).read
_read.argtypes, _read.restype = (ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t), ctypes.c_ssize_t


_COPIED_BYTES = 64 * 1024
"""Up to here it costs less to copy a frame into one piece than to wake the worker for each piece."""


def send(kind: wire.Frame, *parts: bytes | memoryview) -> None:
    """Send one frame to the worker."""
    size = sum(map(len, parts))
    pieces = wire.FRAME.pack(kind, size), *parts
    for piece in (b"".join(pieces),) if size <= _COPIED_BYTES else pieces:
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(1, rest) :]


def read_exactly(size: int) -> bytes:
    """Read `size` bytes from the worker, straight into the returned object: a dataset is too large to copy."""
    data: bytes = _allocate(None, size)
    at, end = _address(data), _address(data) + size
    while at < end:
        got = _read(0, at, end - at)
        if got <= 0:  # the worker has died, or has aborted the run
            sys.exit()
        at += got
    return data
