"""The comparison of two results' texts, in the child process."""

from collections.abc import Iterator
from mmap import mmap

from attrs import evolve, frozen

from adapters.comparison.key_index import Unusable, sorted_rows
from adapters.comparison.row_texts import Items, NoArray, parse_columns, parse_row, parse_value
from domain.comparison.building import TableReport, value_comparison
from domain.comparison.paths import PathChange, compare_values
from domain.comparison.proposal import best_of, proposed_keys
from domain.comparison.report import ComparisonRefused, NotTables, ResultComparison, TableComparison
from domain.comparison.rows import Key, RowComparison, RowEqual, compare_rows, match_sorted
from domain.comparison.values import ABSENT, Tolerance


@frozen
class Task:
    """A key, if one was named, and the tolerance."""

    key: Key | None
    within: Tolerance


def compare_texts(before: mmap, after: mmap, task: Task) -> ResultComparison | ComparisonRefused:
    """Compare two texts. Raises `ValueError` if one is no JSON, and `NumberOutOfRange`."""
    lefts, rights = _items(before), _items(after)
    for items, is_before in ((lefts, True), (rights, False)):
        if task.key is not None and (items is None or not items.are_objects):
            return NotTables(is_before)
    if lefts is None or rights is None:
        return value_comparison(compare_values(parse_value(before[:]), parse_value(after[:]), task.within))
    if not (lefts.are_objects and rights.are_objects):
        return value_comparison(_compare_items(lefts, rights, task.within))
    return _Tables(lefts, rights, task.within).compare(task.key)


def _items(text: mmap) -> Items | None:
    try:
        return Items(text)
    except NoArray:
        return None


def _compare_items(lefts: Items, rights: Items, within: Tolerance) -> Iterator[PathChange]:
    """Compare the items of two arrays one by one, as `compare_values` does."""
    common = min(len(lefts), len(rights))
    for at in range(common):
        left, right = lefts.text(at), rights.text(at)
        if left != right:
            for one in compare_values(parse_value(left), parse_value(right), within):
                yield evolve(one, pointer=f"/{at}{one.pointer}")
    for at in reversed(range(common, len(lefts))):
        yield PathChange(f"/{at}", parse_value(lefts.text(at)), ABSENT)
    for at in range(common, len(rights)):
        yield PathChange(f"/{at}", ABSENT, parse_value(rights.text(at)))


@frozen
class _Tables:
    """Two tables, and the tolerance within which their cells are equal."""

    before: Items
    after: Items
    within: Tolerance

    def compare(self, key: Key | None) -> TableComparison | ComparisonRefused:
        if key is not None:
            return self._by_key(key)
        proposed = proposed_keys(self.before.sample(), self.after.sample())
        return best_of(proposed, self._by_proposed_key) or self._by_position()

    def _by_proposed_key(self, key: Key) -> TableComparison | None:
        compared = self._by_key(key)
        return compared if isinstance(compared, TableComparison) else None

    def _by_key(self, key: Key) -> TableComparison | ComparisonRefused:
        report = TableReport(key)
        try:
            lefts, rights = sorted_rows(self.before, key, True), sorted_rows(self.after, key, False)
            for position, (left, right) in enumerate(match_sorted(lefts, rights)):
                report.add(self._compare(left, right, key), position)
        except Unusable as error:
            return error.refusal
        return report.comparison()

    def _by_position(self) -> TableComparison:
        report = TableReport(None)
        for at in range(max(len(self.before), len(self.after))):
            left, right = (at if at < len(items) else None for items in (self.before, self.after))
            report.add(self._compare(left, right, ()), at)
        return report.comparison()

    def _compare(self, left: int | None, right: int | None, key: Key) -> RowComparison:
        """Compare two rows; those that are written in the same way are parsed once."""
        left_text = None if left is None else self.before.text(left)
        right_text = None if right is None else self.after.text(right)
        if left_text is not None and left_text == right_text:
            row = parse_columns(left_text)
            return RowEqual(row, row)
        before, after = (None if text is None else parse_row(text) for text in (left_text, right_text))
        return compare_rows(before, after, key, self.within)
