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


def send(kind: wire.Frame, *parts: bytes | memoryview) -> None:
    """One frame to the worker."""
    for part in (wire.FRAME.pack(kind, sum(map(len, parts))), *parts):
        rest = memoryview(part)
        while rest:
            rest = rest[os.write(1, rest) :]


def read_exactly(size: int) -> bytes:
    """`size` bytes from the worker, read straight into the object that is returned: a dataset is too large to copy."""
    data: bytes = _allocate(None, size)
    at, end = _address(data), _address(data) + size
    while at < end:
        got = _read(0, at, end - at)
        if got <= 0:  # the worker is gone, or has dropped the run
            sys.exit()
        at += got
    return data
