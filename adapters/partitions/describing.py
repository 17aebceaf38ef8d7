"""The columns of results, before they are written as tables."""

import asyncio
from collections.abc import Iterator

from adapters.partitions.columns import ColumnsFound
from adapters.partitions.results import array_items, lines_of, read_result
from adapters.partitions.tools import Tools
from application.ports.job_tasks import Described, DescribeTask


async def describe(tools: Tools, task: DescribeTask) -> Described:
    """Find the columns of results, one result after another."""
    found = ColumnsFound()
    for one in task.results:
        text = await read_result(tools.stores, one)
        array_items(text, "a result")
        await asyncio.to_thread(found.add, _lines(lines_of(tools.bodies, text)))
    return Described(found.columns())


def _lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Put pieces of lines together to lines."""
    held: list[bytes] = []
    for piece in pieces:
        *whole, rest = piece.split(b"\n")
        for line in whole:
            yield b"".join((*held, line)) if held else line
            held = []
        if rest:
            held.append(rest)
