"""The comparison of two texts equals that of their values by the domain's functions, however they are written."""

import json
from collections.abc import Callable
from decimal import Decimal
from mmap import mmap
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.comparison.key_index import Unusable, sorted_rows
from adapters.comparison.messages import read_reply, read_task, reply_message, task_message
from adapters.comparison.row_texts import Items, NoArray
from adapters.comparison.work import Task, compare_texts
from domain.comparison.json_text import NumberOutOfRange, json_text, parse_json
from domain.comparison.report import (
    ComparisonStopped,
    KeyNotUnique,
    KeyNotUsable,
    NotTables,
    StopReason,
    TableComparison,
)
from domain.comparison.rows import sort_key
from domain.comparison.values import EXACTLY, Tolerance
from tests.domain.comparison.values import scalars, values
from tests.support.plain_comparison import compare_plainly, fault_of

NAMES = st.sampled_from(["id", "of", "a,b", "é", '"', "\ud800"])
ROWS = st.lists(st.dictionaries(NAMES, st.integers(0, 3) | scalars | values, max_size=4), max_size=6)
KEYS = st.none() | st.lists(NAMES, min_size=1, max_size=2, unique=True).map(tuple)
RESULTS = ROWS | st.lists(values, max_size=4) | values
WITHIN = st.sampled_from([EXACTLY, Tolerance(Decimal(1)), Tolerance(Decimal(0), Decimal("0.1"))])


def mapped(text: bytes) -> mmap:
    held = mmap(-1, len(text))
    held.write(text)
    return held


def compact(value: Any) -> bytes:
    return json_text(value).encode()


def spaced(value: Any) -> bytes:
    """Write with white space, and with escapes of all characters that are not ASCII."""
    return json.dumps(json.loads(json_text(value)), indent=1).encode()


@given(RESULTS, RESULTS, KEYS, WITHIN, st.sampled_from([compact, spaced]))
def test_the_work_equals_the_plain_comparison(
    before: Any, after: Any, key: Any, within: Tolerance, written: Callable[[Any], bytes]
) -> None:
    left, right = (parse_json(text.decode()) for text in (compact(before), written(after)))
    compared = compare_texts(mapped(compact(before)), mapped(written(after)), Task(key, within))
    expected = compare_plainly(left, right, key, within)
    if isinstance(expected, KeyNotUnique | KeyNotUsable):  # the fault of the second table may be found first
        assert compared in (fault_of(left, key, True), fault_of(right, key, False))
    else:
        assert compared == expected


@given(ROWS.filter(lambda rows: len({json_text(row.get("id")) for row in rows}) == len(rows)), st.integers(1, 200))
def test_rows_that_are_sorted_in_runs_on_disk_are_in_the_same_order(rows: list[Any], run_bytes: int) -> None:
    items = Items(mapped(compact(rows)))
    try:
        order = [number for _, number in sorted_rows(items, ("id",), True, run_bytes)]
    except Unusable as error:
        assert isinstance(error.refusal, KeyNotUsable | KeyNotUnique)  # noqa: PT017 - some rows have no usable key
        return
    assert order == sorted(range(len(rows)), key=lambda number: sort_key(rows[number], ("id",)))


def test_an_entry_longer_than_what_is_read_at_once_is_sorted_too() -> None:
    rows = [{f"k{column}": f"{number}" + "\0" * 400 for column in range(120)} for number in range(3)]
    key = tuple(rows[0])
    assert [number for _, number in sorted_rows(Items(mapped(compact(rows))), key, True, 1)] == [0, 1, 2]


def test_the_last_member_of_a_name_counts() -> None:
    before, after = b'[{"id":1,"a":2,"a":1}]', b'[{"id":2,"a":1,"id":1}]'
    compared = compare_texts(mapped(before), mapped(after), Task(("id",), EXACTLY))
    assert compared == compare_plainly([{"id": 1, "a": 1}], [{"id": 1, "a": 1}], ("id",), EXACTLY)


@pytest.mark.parametrize(
    "text", [b"[1,]", b"[1", b'[{"a":1}x]', b"\xff", b'["\xff"]', b'[{"\xff":1}]', b"nul", b"[NaN]"]
)
def test_text_that_is_no_json_raises_a_value_error(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        compare_texts(mapped(text), mapped(b"[]"), Task(None, EXACTLY))


@pytest.mark.parametrize("number", ["1e9999999", "-1e-9999999", "1e99999999999999999999"])
@pytest.mark.parametrize("written", ['[{{"id":{}}}]', "[{}]", "{}"])
def test_a_number_beyond_all_bounds_is_refused(number: str, written: str) -> None:
    with pytest.raises(NumberOutOfRange):
        compare_texts(mapped(written.format(number).encode()), mapped(b"[1]"), Task(None, EXACTLY))


def test_text_that_is_no_array_has_no_items() -> None:
    with pytest.raises(NoArray):
        Items(mapped(b'{"a":[]}'))


@given(RESULTS, RESULTS, KEYS, WITHIN)
def test_messages_are_read_as_they_were_written(before: Any, after: Any, key: Any, within: Tolerance) -> None:
    assert read_task(task_message(Task(key, within))) == Task(key, within)
    left, right = (parse_json(json_text(one)) for one in (before, after))
    found = compare_plainly(left, right, key, within)
    reply = read_reply(reply_message(found))
    assert found in (reply.value_or(None), reply.swap().value_or(None))


@pytest.mark.parametrize(
    "refusal",
    [
        KeyNotUnique(("a", "b"), True, (0, 3), ("x", None)),
        KeyNotUsable("a", False, 3),
        NotTables(False),
        *map(ComparisonStopped, StopReason),
    ],
)
def test_a_refusal_is_read_as_it_was_written(refusal: Any) -> None:
    assert read_reply(reply_message(refusal)).failure() == refusal


def test_a_long_value_of_a_key_is_shortened_in_its_refusal() -> None:
    long = KeyNotUnique(("a",), True, (0, 1), ("x" * 10_000,))
    read = read_reply(reply_message(long)).failure()
    assert isinstance(read, KeyNotUnique)
    assert len(str(read.values[0])) == 200


def test_rows_that_were_inserted_before_all_others_do_not_hide_the_key() -> None:
    """The samples of the two tables have no row in common, and both columns are unique in each of them."""
    before = [{"amount": 10 * at, "name": f"n{at}"} for at in range(20_000)]
    after = [{"amount": -at, "name": f"m{at}"} for at in range(30_000)]
    after += [{"amount": -50_000 - at, "name": f"n{at}"} for at in range(20_000)]
    compared = compare_texts(mapped(compact(before)), mapped(compact(after)), Task(None, EXACTLY))
    assert isinstance(compared, TableComparison)
    assert (compared.key, compared.changed, compared.added) == (("name",), 20_000, 30_000)
