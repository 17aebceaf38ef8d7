"""Results of runs as objects of a store: JSON text that is written as it is, and read with its digest checked."""

import hashlib
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Final

from adapters.partitions.bounds import Bounds
from adapters.partitions.faults import TaskRefused, refused
from adapters.partitions.ranges import changed, opened
from application.ports.bodies import Bodies
from application.ports.job_tasks import PartialResult
from application.ports.stored_bodies import PartBuffer, stored
from application.ports.stores import ObjectStores
from domain.body import Body, Digest, Encoding
from domain.limits import MIB
from domain.partitions import InputFault
from domain.stores import ObjectUrl

_PIECE_BYTES: Final = 4 * MIB


async def write_result(stores: ObjectStores, bodies: Bodies, url: ObjectUrl, result: Body) -> PartialResult:
    """Write the text of a result."""
    await stores.write(url, pieces_of(await bodies.decode(result)))
    return PartialResult(url, result.digest.sha256, result.digest.size_bytes)


async def write_text(stores: ObjectStores, url: ObjectUrl, text: bytes) -> PartialResult:
    """Write a text that was made of results."""
    written = (await stores.write(url, pieces_of(text))).unwrap()
    return PartialResult(url, written.digest.sha256, written.digest.size_bytes)


async def pieces_of(text: bytes) -> AsyncIterator[bytes]:
    """Cut a text into pieces."""
    for start in range(0, len(text), _PIECE_BYTES):
        yield text[start : start + _PIECE_BYTES]


async def read_result(stores: ObjectStores, result: PartialResult) -> bytes:
    """Read a result and check its digest. Raises `TaskRefused` if it is another one."""
    return b"".join([piece async for piece in result_pieces(stores, result)])


async def result_pieces(stores: ObjectStores, result: PartialResult) -> AsyncIterator[bytes]:
    """Read a result piece by piece, and check its digest at the end. Raises `TaskRefused` if it is another one."""
    digest, size = hashlib.sha256(), 0
    async for piece in opened(await stores.read(result.url), result.url.path.value):
        digest.update(piece)
        size += len(piece)
        if size > result.size_bytes:
            break
        yield piece
    if (size, digest.hexdigest()) != (result.size_bytes, result.sha256):
        raise changed(result.url.path.value)


def lines_of(bodies: Bodies, text: bytes) -> Iterator[bytes]:
    """Write the items of valid text of an array on lines, in pieces."""
    buffer = PartBuffer()
    buffer.add(text)
    buffer.add(None)
    return bodies.lines(stored(Body(Digest("", len(text)), Encoding.IDENTITY, text)), buffer)


def item_lines(bodies: Bodies, text: bytes) -> list[bytes]:
    """Return the texts of the items of an array."""
    return b"".join(lines_of(bodies, text)).split(b"\n")[:-1]


def array_items(text: bytes, what: str) -> bytes:
    """Return the text between the brackets of an array. Raises `TaskRefused` if it is another value."""
    stripped = text.strip(b" \t\r\n")
    if stripped[:1] != b"[":
        raise no_array(what)
    return stripped[1:-1].strip(b" \t\r\n")


def joined_arrays(texts: Sequence[bytes], what: str) -> bytes:
    """Concatenate arrays."""
    return b"[%b]" % b",".join(items for text in texts if (items := array_items(text, what)))


def no_array(what: str) -> TaskRefused:
    """Build the refusal of a result that has no rows."""
    return refused(
        InputFault.OUTPUT_INVALID,
        f"{what} is no array, so it has no rows to write; return an array from it, or write json with merge: script",
    )


def results_too_large(size_bytes: int, bounds: Bounds) -> TaskRefused:
    """Build the refusal of results that are more than can be merged or written at once."""
    return refused(
        InputFault.INPUT_TOO_LARGE,
        f"the results to be taken together have {size_bytes} bytes, more than {bounds.text_bytes // MIB} MiB; return "
        f"smaller results, such as sums instead of rows",
    )
