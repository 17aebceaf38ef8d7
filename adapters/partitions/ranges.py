"""Reading of the lines that begin in a range of bytes of an object, in blocks of whole lines.

A range knows nothing of its neighbours: its first line is the one behind the first line break at or after the byte
before it, and its last one goes on to the next line break. So each line belongs to exactly one of the ranges that an
object is cut into, wherever the cuts are.
"""

import hashlib
from collections.abc import AsyncIterator, Iterator
from typing import Final

from attrs import frozen
from returns.pipeline import is_successful
from returns.result import Result

from adapters.partitions.bounds import REMEDY, Bounds
from adapters.partitions.faults import TaskRefused, refused
from application.ports.stores import ObjectChanged, ObjectMissing, ObjectStores
from domain.limits import MIB
from domain.partitions import InputFault, ObjectVersion
from domain.stores import ObjectUrl

_BLOCK_BYTES: Final = MIB
"""A block is examined in several passes, which are fast while it is in the processor's cache."""
_OVERHANG_BYTES: Final = 64 * 1024
"""The bytes behind a range that are read at first for its last line; each further time it is as many as before."""


@frozen
class ByteRange:
    """A range of an object in one version."""

    url: ObjectUrl
    version: ObjectVersion
    start: int
    end: int


class LineBlocks:
    """The lines of a range. Once all blocks have been read, `start` and `end` are the bytes that the lines take, and
    `sha256` is their digest."""

    def __init__(self, stores: ObjectStores, span: ByteRange, bounds: Bounds) -> None:
        self._stores, self._span, self._bounds = stores, span, bounds
        self._digest = hashlib.sha256()
        self._held: list[bytes] = []
        self._held_bytes = 0
        self.start = self.end = span.start

    @property
    def sha256(self) -> str:
        """The digest of the bytes so far."""
        return self._digest.hexdigest()

    @property
    def size_bytes(self) -> int:
        """The number of bytes so far."""
        return self.end - self.start

    async def blocks(self) -> AsyncIterator[bytes]:
        """Read blocks, each of which ends with a line break; the last one of an object may have none."""
        at, is_inside = max(self._span.start - 1, 0), self._span.start == 0
        async for piece in self._steps(at):
            step = piece
            if not is_inside:
                begun = step.find(b"\n", 0, max(self._span.end - 1 - at, 0)) + 1
                if not begun and at + len(step) >= self._span.end - 1:
                    return
                at += begun or len(step)
                step = step[begun:] if begun else b""
                is_inside = begun > 0
                self.start = self.end = at
            if step:
                cut, is_last = self._cut(step, at)
                at += len(step)
                if block := self._block(step, cut):
                    yield block
                if is_last:
                    return
        if self._held:
            yield self._block(b"", 0, at_end=True)

    def _cut(self, step: bytes, at: int) -> tuple[int, bool]:
        """Find the end of the last whole line of a step, or 0, and tell whether it is the range's last one."""
        last = max(self._span.end - 1 - at, 0)
        stop = step.find(b"\n", last) + 1 if last < len(step) else 0
        return (stop, True) if stop else (step.rfind(b"\n") + 1, False)

    def _block(self, step: bytes, cut: int, at_end: bool = False) -> bytes:
        """Return the lines that the step completes, and hold the rest of it back."""
        block = b""
        if cut or at_end:
            block = b"".join((*self._held, step[:cut])) if self._held else step[:cut]
            self._held, self._held_bytes = [], 0
            self._digest.update(block)
            self.end += len(block)
        if cut < len(step):
            self._held.append(step[cut:])
            self._held_bytes += len(step) - cut
            if self._held_bytes > self._bounds.line_bytes:
                raise self._too_long()
        return block

    def _too_long(self) -> TaskRefused:
        most = self._bounds.line_bytes // MIB
        return refused(
            InputFault.INPUT_TOO_LARGE,
            f"the line at byte {self.end} of {self._span.version.path} is longer than {most} MiB, the most that one "
            f"line may have; write a row for each item instead, one a line",
        )

    async def _steps(self, at: int) -> AsyncIterator[bytes]:
        size = self._span.version.size_bytes
        more, until = _OVERHANG_BYTES, min(self._span.end + _OVERHANG_BYTES, size)
        while at < size:
            before = at
            async for piece in await self._read(at, until):
                at += len(piece)
                for step in _steps_of(piece):
                    yield step
            if at == before:
                raise changed(self._span.version.path)
            more *= 2
            until = min(at + more, size)

    async def _read(self, at: int, until: int) -> AsyncIterator[bytes]:
        span = self._span
        return opened(await self._stores.read(span.url, at, until, span.version.etag), span.version.path)


def opened(found: Result[AsyncIterator[bytes], ObjectMissing | ObjectChanged], path: str) -> AsyncIterator[bytes]:
    """Return the pieces of an object. Raises `TaskRefused` if it is gone or another one."""
    if is_successful(found):
        return found.unwrap()
    raise missing(path) if isinstance(found.failure(), ObjectMissing) else changed(path)


def missing(path: str) -> TaskRefused:
    """Build the refusal of an object that is gone."""
    return refused(InputFault.INPUT_MISSING, f"{path} is gone; submit the job again once the object is there")


def changed(path: str) -> TaskRefused:
    """Build the refusal of an object in another version."""
    return refused(
        InputFault.INPUT_CHANGED,
        f"{path} has changed since the job was planned, so its result would mix two versions; submit the job again",
    )


def too_large(size_bytes: int, bounds: Bounds) -> TaskRefused:
    """Build the refusal of text that is longer than a script may get at once."""
    return refused(
        InputFault.INPUT_TOO_LARGE,
        f"the partition has more than {bounds.text_bytes // MIB} MiB of JSON text ({size_bytes} bytes or more); "
        f"{REMEDY}",
    )


def _steps_of(piece: bytes) -> Iterator[bytes]:
    if len(piece) <= _BLOCK_BYTES:
        yield piece
        return
    for start in range(0, len(piece), _BLOCK_BYTES):
        yield piece[start : start + _BLOCK_BYTES]
