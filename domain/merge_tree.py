"""The merge of partial results in a tree whose shape depends on their number alone. So the result does not depend on
the order in which they are finished."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, TypeVar

FAN_IN: Final = 64
"""The most results that one call of a script's `merge` receives."""

_T = TypeVar("_T")


def groups(results: Sequence[_T], fan_in: int = FAN_IN) -> Sequence[Sequence[_T]]:
    """Group neighbours, as evenly as possible, in the fewest groups of at most `fan_in`."""
    count = -(-len(results) // fan_in)
    bounds = [len(results) * number // count for number in range(count + 1)] if count else [0]
    return [results[start:end] for start, end in pairwise(bounds)]
