"""Line differences between two sources, as a unified diff that `patch` and `git apply` take.

Both texts are a client's, so the comparison has a bound (`domain.line_matching`). Beyond it lines are shown as
replaced: the diff is longer than need be, and right.

A line ends with LF, as for `patch`: a CR before it, and separators like U+2028, are part of the line.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from attrs import frozen

from domain.line_matching import MOST_STEPS, Block, matching_blocks

CONTEXT_LINES: Final = 3
_NO_NEWLINE: Final = b"\n\\ No newline at end of file"


def unified_diff(before: bytes, after: bytes, names: tuple[str, str], most_steps: int = MOST_STEPS) -> bytes:
    """Write the differences as a unified diff with the names of both texts; nothing if there are none."""
    old, new = split_lines(before), split_lines(after)
    hunks = list(_hunks(matching_blocks(old, new, most_steps), len(old), len(new)))
    written = bytearray(f"--- {names[0]}\n+++ {names[1]}\n".encode() if hunks else b"")
    for hunk in hunks:
        for part in _written(old, new, hunk):
            written += part
    return bytes(written)


def split_lines(data: bytes) -> list[bytes]:
    """Split a text at its line feeds. A last line without one is marked as such, as unified diffs do it."""
    lines = data.split(b"\n")
    rest = lines.pop()
    return [*lines, rest + _NO_NEWLINE] if rest else lines


@frozen
class _Change:
    """Lines that are replaced: from `before` up to `before_end` with those from `after` up to `after_end`."""

    before: int
    before_end: int
    after: int
    after_end: int


def _hunks(blocks: Iterable[Block], lines: int, other_lines: int) -> Iterator[list[_Change]]:
    """Group the changes between the blocks: those whose context would touch belong together."""
    group: list[_Change] = []
    for change in _changes(blocks, lines, other_lines):
        if group and change.before - group[-1].before_end > 2 * CONTEXT_LINES:
            yield group
            group = []
        group.append(change)
    if group:
        yield group


def _changes(blocks: Iterable[Block], lines: int, other_lines: int) -> Iterator[_Change]:
    row = column = 0
    for block in [*blocks, Block(lines, other_lines, 0)]:
        if row < block.before or column < block.after:
            yield _Change(row, block.before, column, block.after)
        row, column = block.before + block.size, block.after + block.size


def _written(old: Sequence[bytes], new: Sequence[bytes], hunk: Sequence[_Change]) -> Iterator[bytes]:
    """Write a hunk with its context."""
    first, last = hunk[0], hunk[-1]
    lead = min(CONTEXT_LINES, first.before)
    trail = min(CONTEXT_LINES, len(old) - last.before_end)
    row = first.before - lead
    removed, added = _span(row, last.before_end + trail), _span(first.after - lead, last.after_end + trail)
    yield f"@@ -{removed} +{added} @@\n".encode()
    for change in hunk:
        yield from _marked(b" ", old[row : change.before])
        yield from _marked(b"-", old[change.before : change.before_end])
        yield from _marked(b"+", new[change.after : change.after_end])
        row = change.before_end
    yield from _marked(b" ", old[row : row + trail])


def _span(start: int, end: int) -> str:
    """Write a range of lines, counted from 1; an empty one by the line before it."""
    return f"{start + 1 if end > start else start},{end - start}"


def _marked(mark: bytes, lines: Sequence[bytes]) -> Iterator[bytes]:
    return (b"%b%b\n" % (mark, line) for line in lines)
