"""The lines that two texts have in common, in the order of both.

The work has a bound, and all of it but a sort is linear. Equal lines at both ends are matched first. Lines that each
text has once anchor the comparison of the others (the patience method), and the gaps between them, which share
`MOST_STEPS`, are compared by Myers' algorithm (Algorithmica 1, 1986). Where the steps do not suffice, or more than
`MOST_LINES` lines are left, fewer lines are matched than could be.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Final, TypeAlias

from attrs import frozen

MOST_STEPS: Final = 250_000
"""Steps of Myers' algorithm for one comparison."""
MOST_LINES: Final = 50_000
"""Lines of a text that are compared, without those at its ends that the other has too."""


@frozen
class Block:
    """Lines that both texts have: `size` of them, from `before` in the one and from `after` in the other."""

    before: int
    after: int
    size: int


Blocks: TypeAlias = Iterable[Block]
_Lines: TypeAlias = Sequence[int]
"""Lines as numbers, equal for equal lines, so that a comparison takes the same time for long ones."""
_Match: TypeAlias = Callable[[_Lines, _Lines], Blocks]


def matching_blocks(before: Sequence[bytes], after: Sequence[bytes], most_steps: int = MOST_STEPS) -> list[Block]:
    """Find lines that both texts have, in the order of both."""
    numbers: dict[bytes, int] = {}
    old, new = ([numbers.setdefault(line, len(numbers)) for line in lines] for lines in (before, after))
    return [one for one in _trimmed(old, new, partial(_divided, budget=_Budget(most_steps))) if one.size]


class _Budget:
    """The steps that are left for all gaps."""

    def __init__(self, steps: int) -> None:
        self.steps = steps


def _trimmed(old: _Lines, new: _Lines, match: _Match) -> Iterator[Block]:
    """Match the equal lines at both ends, and what is between them with `match`."""
    head = _common(zip(old, new, strict=False))
    ends = (islice(reversed(lines), len(lines) - head) for lines in (old, new))
    tail = _common(zip(*ends, strict=False))
    yield Block(0, 0, head)
    inner, other = old[head : len(old) - tail], new[head : len(new) - tail]
    if inner and other:
        yield from _shifted(match(inner, other), head, head)
    yield Block(len(old) - tail, len(new) - tail, tail)


def _common(pairs: Iterable[tuple[int, int]]) -> int:
    """Count the equal pairs at the beginning."""
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count


def _shifted(blocks: Blocks, before: int, after: int) -> Iterator[Block]:
    return (Block(before + one.before, after + one.after, one.size) for one in blocks)


def _divided(old: _Lines, new: _Lines, budget: _Budget) -> Iterator[Block]:
    """Divide both texts at their anchors, and match each gap with what is left of the budget."""
    if max(len(old), len(new)) > MOST_LINES:
        return
    row = column = 0
    for next_row, next_column in [*_cuts(_anchors(old, new)), (len(old), len(new))]:
        gap = _trimmed(old[row:next_row], new[column:next_column], partial(_shortest_edit, budget=budget))
        yield from _shifted(gap, row, column)
        row, column = next_row, next_column


def _cuts(anchors: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Drop the anchors that follow their predecessor in both texts: no gap is before them."""
    followed = (0, 0)
    for row, column in anchors:
        if (row, column) != followed:
            yield row, column
        followed = (row + 1, column + 1)


def _anchors(old: _Lines, new: _Lines) -> list[tuple[int, int]]:
    """Find the most lines that each text has once and that have the same order in both, by patience sorting."""
    places = _places_of_unique_lines(old, new)
    smallest: list[int] = []  # the smallest column in which an ordered sequence of each length ends
    ends: list[int] = []  # and the index of that line among the places
    previous: list[int] = []
    for index, (_, column) in enumerate(places):
        length = bisect_left(smallest, column)
        smallest[length : length + 1], ends[length : length + 1] = [column], [index]
        previous.append(ends[length - 1] if length else -1)
    return _followed_back(places, previous, ends[-1] if ends else -1)


def _places_of_unique_lines(old: _Lines, new: _Lines) -> list[tuple[int, int]]:
    """List the row and the column of each line that both texts have, each once."""
    counts, other_counts = Counter(old), Counter(new)
    columns = {line: column for column, line in enumerate(new) if other_counts[line] == 1}
    return [(row, columns[line]) for row, line in enumerate(old) if counts[line] == 1 and line in columns]


def _followed_back(places: list[tuple[int, int]], previous: list[int], index: int) -> list[tuple[int, int]]:
    found = []
    while index >= 0:
        found.append(places[index])
        index = previous[index]
    return found[::-1]


@frozen
class _Path:
    """The blocks on the way to a point, from the last to the first, and the number of their lines."""

    block: Block
    rest: "_Path | None"
    matched: int


_Point: TypeAlias = tuple[int, _Path | None]
"""A row, and the path to it. The column follows from the diagonal, which is row minus column."""


def _shortest_edit(old: _Lines, new: _Lines, budget: _Budget) -> list[Block]:
    """Find the blocks of the shortest edit, or those of the best beginning for which the budget suffices."""
    farthest: dict[int, _Point] = {1: (0, None)}
    edits = 0
    while True:
        for diagonal in range(-edits, edits + 1, 2):
            start, path = _start(farthest.get(diagonal + 1), farthest.get(diagonal - 1))
            row = _slide(old, new, start, start - diagonal)
            if row > start:
                path = _extended(path, Block(start, start - diagonal, row - start))
            farthest[diagonal] = row, path
            budget.steps -= 1 + row - start
            if row >= len(old) and row - diagonal >= len(new):
                return _blocks(path)
            if budget.steps < 0:
                return _blocks(max((one for _, one in farthest.values()), key=_matched))
        edits += 1


def _start(inserting: _Point | None, deleting: _Point | None) -> _Point:
    """Enter a diagonal from the neighbour that came farther, by inserting a line or by deleting one."""
    if deleting is None or (inserting is not None and deleting[0] < inserting[0]):
        assert inserting is not None, "one of the neighbours was reached before"
        return inserting
    return deleting[0] + 1, deleting[1]


def _slide(old: _Lines, new: _Lines, row: int, column: int) -> int:
    """Go along the diagonal while the lines are equal."""
    while row < len(old) and column < len(new) and old[row] == new[column]:
        row, column = row + 1, column + 1
    return row


def _extended(path: _Path | None, block: Block) -> _Path:
    return _Path(block, path, _matched(path) + block.size)


def _matched(path: _Path | None) -> int:
    return 0 if path is None else path.matched


def _blocks(path: _Path | None) -> list[Block]:
    found = []
    while path is not None:
        found.append(path.block)
        path = path.rest
    return found[::-1]
