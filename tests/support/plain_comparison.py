"""The port `CompareResults` in memory and in this process, by the domain's functions: an oracle, and a stand-in."""

from itertools import pairwise
from typing import Any

from attrs import frozen
from returns.result import Failure, Result, Success

from application.ports.bodies import Bodies
from application.ports.comparison import ComparisonChoices
from application.ports.stored_bodies import StoredBody
from domain.comparison.building import table_comparison, value_comparison
from domain.comparison.json_text import parse_json
from domain.comparison.paths import compare_values
from domain.comparison.proposal import best_of, proposed_keys
from domain.comparison.report import (
    ComparisonRefused,
    KeyNotUnique,
    KeyNotUsable,
    NotTables,
    ResultComparison,
    TableComparison,
)
from domain.comparison.rows import Key, Row, compare, compare_rows, key_values, sort_key
from domain.comparison.values import Tolerance, is_scalar
from tests.support.stored_bodies import whole


def compare_plainly(
    before: Any, after: Any, key: Key | None, within: Tolerance
) -> ResultComparison | ComparisonRefused:
    """Compare two parsed results."""
    for side, is_before in ((before, True), (after, False)):
        if key is not None and not is_table(side):
            return NotTables(is_before)
    if not (is_table(before) and is_table(after)):
        return value_comparison(compare_values(before, after, within))
    if key is not None:
        return by_key(before, after, key, within)

    def by_proposed_key(proposed: Key) -> TableComparison | None:
        found = by_key(before, after, proposed, within)
        return found if isinstance(found, TableComparison) else None

    if (best := best_of(proposed_keys(before, after), by_proposed_key)) is not None:
        return best
    longest = max(len(before), len(after))
    padded = [[*side, *[None] * (longest - len(side))] for side in (before, after)]
    return table_comparison(None, [compare_rows(one, other, (), within) for one, other in zip(*padded, strict=True)])


def is_table(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def by_key(before: list[Row], after: list[Row], key: Key, within: Tolerance) -> ResultComparison | ComparisonRefused:
    for rows, is_before in ((before, True), (after, False)):
        if (fault := fault_of(rows, key, is_before)) is not None:
            return fault
    lefts, rights = (sorted(rows, key=lambda row: sort_key(row, key)) for rows in (before, after))
    return table_comparison(key, compare(lefts, rights, key, within))


def fault_of(rows: list[Row], key: Key, is_before: bool) -> KeyNotUnique | KeyNotUsable | None:
    for number, row in enumerate(rows):
        for column in key:
            if column not in row or not is_scalar(row[column]):
                return KeyNotUsable(column, is_before, number)
    order = sorted((sort_key(row, key), number) for number, row in enumerate(rows))
    for (one, first), (other, second) in pairwise(order):
        if one == other:
            return KeyNotUnique(key, is_before, (first, second), key_values(rows[second], key))
    return None


@frozen
class PlainComparison:
    """The port."""

    bodies: Bodies

    async def __call__(
        self, before: StoredBody, after: StoredBody, choices: ComparisonChoices, /
    ) -> Result[ResultComparison, ComparisonRefused]:
        left, right = [parse_json((await self.bodies.decode(await whole(one))).decode()) for one in (before, after)]
        found = compare_plainly(left, right, choices.key, choices.tolerance)
        is_refused = isinstance(found, ComparisonRefused)
        return Failure(found) if is_refused else Success(found)  # type: ignore[arg-type]
