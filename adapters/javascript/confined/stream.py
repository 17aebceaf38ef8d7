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
_READ_BYTES = 16 * 1024
"""Most requests are shorter, and so are read at once."""


def send(kind: wire.Frame, *parts: bytes | memoryview) -> None:
    """Send one frame to the worker."""
    size = sum(map(len, parts))
    pieces = wire.FRAME.pack(kind, size), *parts
    for piece in (b"".join(pieces),) if size <= _COPIED_BYTES else pieces:
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(1, rest) :]


class Request:
    """A request of the worker as it is read: a small one in a single read. Its sender waits for the answer to it."""

    def __init__(self) -> None:
        self._read, self._at = b"", 0

    def take(self, size: int) -> bytes:
        """Take the next `size` bytes."""
        if self._at == len(self._read) and 0 < size < _READ_BYTES:
            self._read, self._at = os.read(0, _READ_BYTES), 0
        piece = self._read[self._at : self._at + size]
        self._at += len(piece)
        return piece if len(piece) == size else read_exactly(size, piece)


def read_exactly(size: int, start: bytes = b"") -> bytes:
    """Read `size` bytes of which `start` has been read, straight into the returned object: a dataset is too large to
    copy."""
    data: bytes = _allocate(None, size)
    ctypes.memmove(_address(data), start, len(start))
    at, end = _address(data) + len(start), _address(data) + size
    while at < end:
        got = _read(0, at, end - at)
        if got <= 0:  # the worker has died, or has aborted the run
            sys.exit()
        at += got
    return data
