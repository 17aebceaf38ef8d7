"""The laws of the console's treatment of results, CSV files and quantities: its modules that need no page, called in a
browser.
"""

import ast
import csv
import io
import json
import re
import shlex
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from tests.browser.modules import Modules
from tests.browser.steps import BACEN
from tests.browser.watching import Watch
from tests.system.conftest import Service

MODULES: Final = (
    "cells", "columns", "comparison", "csv", "differences", "first_rows", "kinds", "lines", "ndjson", "number_view",
    "order", "points", "profile", "profile_view", "search", "table_address", "tables", "trees", "visible",
)  # fmt: skip
PARTS: Final = ("comparison_choices", "list_query", "newer", "removal")
OTHER_MODULES: Final = (
    "card_statistics",
    "csv_file",
    "csv_format",
    "csv_reader",
    "csv_values",
    "moment_text",
    "quantities",
    "retention_days",
)
PATHS: Final = {
    **{name: f"results/{name}" for name in MODULES},
    **{name: f"parts/{name}" for name in PARTS},
    **{name: name for name in OTHER_MODULES},
    "commands": "executions/commands",
    "names": "execution_names",
    "tolerances": "results/comparison_columns",
}
SIGNS: Final = "=+-@|\uff1d\uff0b\uff0d\uff20\uff5c\ufe66\ufe62\ufe63\ufe6b"
BLANK_BREAKS: Final = "\t\v\f\r\n\x85\u2028\u2029"
SEPARATORS: Final = {"standard": (",", ";"), "excel-br": (";", ",")}
"""The separator of each dialect of CSV, and that of readers who expect the other dialect."""
NUMBER: Final = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)
EQUAL, CHANGED, LEFT_ONLY, RIGHT_ONLY = range(4)


@pytest.fixture(scope="module")
def modules(browser: Browser, service: Service) -> Iterator[Modules]:
    context = browser.new_context(base_url=service.url, timezone_id="America/Sao_Paulo")
    watch = Watch(context, service.url)
    yield Modules(context.new_page(), PATHS)
    context.close()
    assert watch.faults == []


def _as_json(value: Any) -> Any:
    """Return the value after a round trip: two halves that meet are a pair."""
    return json.loads(json.dumps(value))


def _whole_as_int(number: float) -> float:
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


NUMBERS: Final = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False).map(
    _whole_as_int
)
HOSTILE: Final = st.text(st.sampled_from("=+-@|\uff1d;\t\r\n\u2028'\" \u200b1a,"), max_size=8)
TEXTS: Final = (
    st.text(st.characters(), max_size=6)
    | HOSTILE
    | st.sampled_from(
        [
            "",
            "null",
            "=1+1",
            "-2,5",
            "+a",
            "@x",
            "\t",
            "\r\n",
            '"',
            "a,b",
            " ",
            "\u202e",
            "\ufeff",
            "\u200b",
            "\ud83d",
            "É",
        ]
    )
)
NAMES: Final = st.sampled_from(["a", "b", "c", "__proto__", "constructor", "toString", "", "1", "=x"]) | TEXTS
SCALARS: Final = st.none() | st.booleans() | NUMBERS | TEXTS
VALUES: Final = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
).map(_as_json)
ROWS: Final = st.lists(st.dictionaries(NAMES, VALUES, max_size=5), min_size=1, max_size=8).map(_as_json)
SMALL: Final = st.sampled_from([0, 1, 2, "0", "x", "y", None, True])
SMALL_ROWS: Final = st.lists(
    st.dictionaries(st.sampled_from(["a", "b", "__proto__"]), SMALL, max_size=3), min_size=1, max_size=6
)


def canonical(value: Any) -> str:
    """Write JSON canonically: equal values, with members in any order, have the same text."""
    return json.dumps(json.loads(json.dumps(value), parse_int=float), sort_keys=True)


@given(value=VALUES, limit=st.integers(0, 40))
@example(value=[1e21, -0.0, 5e-324, 1e-7, 123456789012345680.0, 0.1], limit=10)
@example(value=[None, [], "\U00010000", [None, None, None, "\U00010000"]], limit=33)
def test_the_text_of_a_value_is_its_json_to_any_length(modules: Modules, value: Any, limit: int) -> None:
    whole, part = modules.run(
        "return [kinds_.jsonText(value), kinds_.jsonText(value, limit)];", value=value, limit=limit
    )
    assert canonical(json.loads(whole, parse_int=float)) == canonical(value)
    if not isinstance(value, str):
        # JavaScript counts in UTF-16 units, and may cut a pair of them.
        units, whole_units = (text.encode("utf-16-le", "surrogatepass") for text in (part, whole))
        assert units[: 2 * limit] == whole_units[: 2 * limit]
        assert part == whole or len(units) > 2 * limit or len(whole_units) > 2 * limit


def test_numbers_are_written_as_json_writes_them(modules: Modules) -> None:
    texts = modules.run(
        "return value.map((one) => cells_.cellOf(one).text);", value=[1e21, -0.0, 5e-324, 1e-7, 0.1, 2**53]
    )
    assert texts == ["1e+21", "-0", "5e-324", "1e-7", "0.1", "9007199254740992"]


@pytest.mark.parametrize("depth", [20_000])
def test_a_value_may_be_deeper_than_a_stack(modules: Modules, depth: int) -> None:
    deep = "[" * depth + "]" * depth
    program = """
      const value = JSON.parse(deep);
      const same = trees_.treeDifferences(value, JSON.parse(deep));
      const index = lines_.lineStarts(value);
      return [kinds_.jsonText(value) === deep, kinds_.isSame(value, JSON.parse(deep)), same.counts, index.total,
              lines_.linesOf(value, index, index.total - 1, 5).map(({ text }) => text), cells_.cellOf(value).isCut];
    """
    assert modules.run(program, deep=deep) == [True, True, [1, 0, 0, 0], 2 * depth - 1, ["]"], True]


@given(rows=ROWS)
def test_a_cell_is_the_member_of_its_row_or_absent(modules: Modules, rows: list[dict[str, Any]]) -> None:
    program = """
      const table = tables_.tableOf(rows);
      const cell = (row, column) => cells_.cellOf(table.cell(row, column), Infinity);
      const cells = rows.map((_, row) => table.columns.map((_, column) => cell(row, column)));
      return [table.kind, table.columns.map(({ name }) => name), cells];
    """
    kind, names, cells = modules.run(program, rows=rows)
    assert kind == "objects"
    assert set(names) == {name for row in rows for name in row}
    for row, shown in zip(rows, cells, strict=True):
        there = {name: cell for name, cell in zip(names, shown, strict=True) if cell["kind"] != "absent"}
        read = {n: one["text"] if one["kind"] == "text" else json.loads(one["text"]) for n, one in there.items()}
        assert canonical(read) == canonical(row)


_TABLE: Final = "const table = tables_.tableOf(value);"
_CSV: Final = "[...csv_.csvPieces(table, ({ name, role }) => name ?? role, dialect)].join('')"


def _is_padding(character: str) -> bool:
    """Tell whether a spreadsheet may drop the character before a sign: quotes, blanks, invisible ones."""
    return character == '"' or unicodedata.category(character) in ("Zs", "Zl", "Zp", "Cf", "Cc")


def _begins_formula(text: str) -> bool:
    return bool(text) and text.lstrip("".join(filter(_is_padding, set(text)))).startswith(tuple(SIGNS))


def _pieces(text: str, breaks: str) -> list[str]:
    """Cut the text behind every character that may end a cell."""
    return re.findall(f"[^{breaks}]*[{breaks}]|[^{breaks}]+", text)


def _without_guards(field: str, other: str) -> str:
    """Restore the text of a field: an apostrophe before a formula, or before a blank at the start, is removed."""
    breaks = other + BLANK_BREAKS

    def bare(at: int, piece: str) -> str:
        rest = piece.lstrip("'")
        padding = set(filter(_is_padding, rest)) - set(breaks)
        runs = rest.lstrip("".join(padding))[:1]
        guarded = runs in SIGNS or (at == 0 and runs in BLANK_BREAKS) if runs else False
        return piece.removeprefix("'") if guarded else piece

    return "".join(bare(at, piece) for at, piece in enumerate(_pieces(field, breaks)))


def _runs_somewhere(text: str, separator: str, other: str) -> list[str]:
    """List the cells of a CSV that begin a formula for a reader with another separator, or without quotes."""
    naive = re.split(f"[{other}{BLANK_BREAKS}]", text)
    tables = [csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=one) for one in f"{other}\t"]
    cells = [*naive, *(cell for table in tables for row in table for cell in row)]
    begins_with_a_number = re.compile(_BEGINS_WITH_A_NUMBER.replace("SEP", separator), _FLAGS)
    return [cell for cell in cells if _begins_formula(cell) and not begins_with_a_number.match(cell)]


_FLAGS: Final = re.IGNORECASE | re.ASCII | re.DOTALL
_BEGINS_WITH_A_NUMBER: Final = r'["\r\n]*[+-](\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?"*(?:SEP(?:[^|(!\[]*$|.*")|\s*$|\])'
"""A row that is one cell, of a number and behind it nothing that could run: names, or texts in quotes. Or the end of an
array: a bracket that was not opened makes no formula.

Line breaks before it are of a text whose last quote begins a line, and opens a cell there. No spreadsheet runs a cell
that begins with a line break."""


def _is_field_of(field: str, value: Any, other: str) -> bool:
    match value:
        case None:
            return field == ""
        case str():
            return _without_guards(field, other) == value
        case bool() | list() | dict():
            return canonical(json.loads(field)) == canonical(value)
        case _:
            decimal = {";": ".", ",": ","}[other]
            assert not {".", ","} - {decimal} & set(field)
            return canonical(json.loads(field.replace(decimal, "."))) == canonical(value)


@given(rows=ROWS, dialect=st.sampled_from(list(SEPARATORS)))
@example(rows=[{"a": None}, {"a": ""}, {}, {"a": "x"}], dialect="standard")
@example(rows=[{"a": None}, {"a": ""}, {}, {"a": "x"}], dialect="excel-br")
@example(
    rows=[{"a": 1, "b": "x;=1", "c": "x\t=1", "d": "x\n=1", "e": ' "=1', "f": ";;\u200b@A(1)", "g": ["x;=1"]}],
    dialect="standard",
)
@example(
    rows=[{"a": 1, "b": "x;=1", "c": "x\t=1", "d": "x\n=1", "e": ' "=1', "f": ";;\u200b@A(1)", "g": ["x;=1"]}],
    dialect="excel-br",
)
@example(
    rows=[{"a": "'=1", "b": "''\t'=1", "c": "-5", "d": -5, "e": "+55 11", "f": "a;-5", "g": {"x;\uff1d1": "y"}}],
    dialect="standard",
)
@example(
    rows=[{"a": "'=1", "b": "''\t'=1", "c": "-5", "d": -5, "e": "+55 11", "f": "a;-5", "g": {"x;\uff1d1": "y"}}],
    dialect="excel-br",
)
@example(rows=[{"a": -5, "b": "2+cmd|' /C calc'!A0"}], dialect="standard")
@example(rows=[{"a": -5, "b": "2+cmd|' /C calc'!A0"}], dialect="excel-br")
@example(rows=[{"a": -5, "b": '2"+cmd|x!A', "c": "2+SUM(A1)"}], dialect="standard")
@example(rows=[{"a": -5, "b": '2"+cmd|x!A', "c": "2+SUM(A1)"}], dialect="excel-br")
@example(rows=[{"=a": "=1", "b": "-1", "c": -1, "d": "+1e5", "e": "-1+1", "f": "@SUM(A1)"}], dialect="standard")
@example(rows=[{"=a": "=1", "b": "-1", "c": -1, "d": "+1e5", "e": "-1+1", "f": "@SUM(A1)"}], dialect="excel-br")
@example(rows=[{"a": 1, "b": "x,=1", "c": [1, -5, "=1", "x,=1"], "d": {"=a": "=1"}, "e": -0.5}], dialect="excel-br")
def test_pythons_csv_reads_back_the_rows(modules: Modules, rows: list[dict[str, Any]], dialect: str) -> None:
    program = f"{_TABLE} return [{_CSV}, table.columns.map(({{ name }}) => name)];"
    text, names = modules.run(program, value=rows, dialect=dialect)
    separator, other = SEPARATORS[dialect]
    assert text.startswith("\ufeff") or dialect == "standard"
    text = text if dialect == "standard" else text.removeprefix("\ufeff")
    head, *lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    assert text.endswith("\r\n")
    assert all(_is_field_of(field, name, other) for field, name in zip(head, names, strict=True))
    assert set(names) == {name for row in rows for name in row}
    assert len(lines) == len(rows)
    for row, line in zip(rows, lines, strict=True):
        assert all(_is_field_of(field, row.get(name), other) for field, name in zip(line, names, strict=True))
        assert not any(_begins_formula(field) and not NUMBER.fullmatch(field) for field in line)
    assert _runs_somewhere(text, separator, other) == []


@given(value=VALUES)
def test_ndjson_has_an_element_a_line(modules: Modules, value: Any) -> None:
    text = modules.run("return [...ndjson_.ndjsonPieces(value)].join('');", value=value)
    elements = value if isinstance(value, list) else [value]
    assert canonical([json.loads(line) for line in text.split("\n")[:-1]]) == canonical(elements)


_ORDER: Final = """
  const compare = order_.comparing("pt-BR");
  const table = tables_.tableOf(values.map((one) => (one === "absent" ? {} : { a: one })).concat([{ a: 0 }]));
  const order = [...order_.orderOf(table, { column: 0, descending }, compare)];
  const at = (row) => table.cell(row, 0);
  return [order, order.slice(1).map((row, i) => order_.compareValues(at(order[i]), at(row), compare))];
"""


@given(values=st.lists(VALUES, max_size=12), descending=st.booleans())
@example(values=["É", "e", "E", "absent", None, 10, 9, "10", "9", [], {}, True, "é", None, 9], descending=True)
def test_sorting_is_total_and_stable(modules: Modules, values: list[Any], descending: bool) -> None:
    order, compared = modules.run(_ORDER, values=values, descending=descending)
    everything = [*values, 0]
    assert sorted(order) == list(range(len(everything)))
    valueless = [row for row in order if everything[row] in (None, "absent")]
    assert order[len(order) - len(valueless) :] == valueless
    for (before, after), way in zip(pairwise(order), compared, strict=True):
        if before in valueless or after in valueless:
            continue
        assert way == 0 or (way > 0) == descending
        if way == 0:
            assert canonical(everything[before]) == canonical(everything[after])
            assert before < after
    numbers = [n for row in order if type(n := everything[row]) in (int, float)]
    assert numbers == sorted(numbers, reverse=descending)


@given(values=st.lists(VALUES, min_size=3, max_size=3))
def test_any_values_have_one_order(modules: Modules, values: list[Any]) -> None:
    program = """
      const compare = order_.comparing("pt-BR");
      return values.map((one) => values.map((other) => Math.sign(order_.compareValues(one, other, compare))));
    """
    ways = modules.run(program, values=values)
    for i in range(3):
        for j in range(3):
            assert ways[i][j] == -ways[j][i]
            for k in range(3):
                assert not (ways[i][j] <= 0 and ways[j][k] <= 0) or ways[i][k] <= 0


@given(rows=ROWS, text=st.text("abcnulx1=É", min_size=1, max_size=2))
def test_a_search_finds_the_rows_that_have_the_text(modules: Modules, rows: list[dict[str, Any]], text: str) -> None:
    program = """
      const table = tables_.tableOf(rows);
      return [[...search_.rowsWith(table, Uint32Array.from(rows, (_, row) => row), text)],
              rows.map((row) => Object.values(row).map((one) => cells_.textOf(one).toLowerCase()))];
    """
    found, texts = modules.run(program, rows=rows, text=text)
    assert found == [row for row, cells in enumerate(texts) if any(text.lower() in one for one in cells)]


@given(value=VALUES, size=st.integers(1, 7))
def test_pages_of_lines_are_together_the_whole(modules: Modules, value: Any, size: int) -> None:
    program = """
      const index = lines_.lineStarts(value);
      const pages = [];
      for (let from = 0; from < index.total; from += size) pages.push(lines_.linesOf(value, index, from, size));
      return [index.total, pages];
    """
    total, pages = modules.run(program, value=value, size=size)
    assert all(len(page) == size for page in pages[:-1])
    lines = [line for page in pages for line in page]
    assert len(lines) == total
    assert canonical(json.loads("\n".join("  " * line["depth"] + line["text"] for line in lines))) == canonical(value)


def test_a_long_text_is_cut_and_can_be_found_by_its_path(modules: Modules) -> None:
    program = """
      const [line] = lines_.linesOf(value, lines_.lineStarts(value), 4, 1);
      return [line, tables_.valueAt(value, line.path) === value.b[1], cells_.cellOf(value.b[1])];
    """
    line, is_found, cell = modules.run(program, value={"a": 1, "b": [0, "é😀" * 1_001]})
    assert is_found
    assert line["text"] == '"' + ("é😀" * 1_000)[:1333]
    assert line["end"] == '"'
    assert cell == {"kind": "text", "text": ("é😀" * 100)[:133], "isCut": True}


_DIFFERENCES: Final = """
  const [left, right] = [tables_.tableOf(a), tables_.tableOf(b)];
  const columns = differences_.commonColumns(left, right);
  const key = names.map((name) => columns.findIndex((one) => one.name === name)).filter((at) => at >= 0);
  const found = differences_.differencesOf(left, right, key);
  const pairs = [...found.states].map((state, i) => {
    const [l, r] = [found.lefts[i], found.rights[i]];
    const at = differences_.cellAt;
    const cells = columns.map((one) => [one.name, at(left, l, one.left), at(right, r, one.right)]);
    const differing = cells.filter(([, one, other]) => !kinds_.isSame(one, other));
    return { state, l, r, cells: differing.map(([name, , now]) => (now === undefined ? [name] : [name, now])) };
  });
  return { ...found, lefts: [...found.lefts], rights: [...found.rights], states: null, pairs };
"""


@given(a=SMALL_ROWS, b=SMALL_ROWS, names=st.lists(st.sampled_from(["a", "b", "__proto__"]), unique=True))
def test_the_differences_turn_one_table_into_the_other(
    modules: Modules, a: list[dict[str, Any]], b: list[dict[str, Any]], names: list[str]
) -> None:
    found = modules.run(_DIFFERENCES, a=a, b=b, names=names)
    assert sorted(row for row in found["lefts"] if row >= 0) == list(range(len(a)))
    assert sorted(row for row in found["rights"] if row >= 0) == list(range(len(b)))
    assert found["counts"] == [sum(one["state"] == state for one in found["pairs"]) for state in range(4)]
    made: list[dict[str, Any]] = [{} for _ in b]
    for pair in found["pairs"]:
        if pair["state"] == LEFT_ONLY:
            continue
        row = dict(a[pair["l"]]) if pair["l"] >= 0 else {}
        assert (pair["state"] == EQUAL) == (pair["cells"] == [] and pair["l"] >= 0)
        for name, *now in pair["cells"]:
            row.pop(name, None)
            if now:
                row[name] = now[0]
        made[pair["r"]] = row
        used = [name for name in names if any(name in one for one in [*a, *b])]
        if pair["state"] in (EQUAL, CHANGED) and used:
            keys = [[side.get(name, "absent") for name in used] for side in (a[pair["l"]], b[pair["r"]])]
            assert canonical(keys[0]) == canonical(keys[1])
    assert canonical(made) == canonical(b)


@given(a=ROWS, names=st.lists(NAMES, unique=True))
def test_a_table_does_not_differ_from_itself(modules: Modules, a: list[dict[str, Any]], names: list[str]) -> None:
    found = modules.run(_DIFFERENCES, a=a, b=a, names=names)
    assert found["counts"] == [len(a), 0, 0, 0]
    assert found["isReordered"] is False
    assert modules.run("return trees_.treeDifferences(a, a).different;", a=a) == []


def _applied(value: Any, path: list[str], state: int, now: Any) -> Any:
    if not path:
        return now
    key, *rest = path
    copied: Any = list(value) if isinstance(value, list) else dict(value)
    at: Any = int(key) if isinstance(value, list) else key
    if rest or state == CHANGED:
        copied[at] = _applied(copied[at], rest, state, now)
    elif state == LEFT_ONLY:
        del copied[at]
    elif isinstance(copied, list):
        copied.append(now)
    else:
        copied[at] = now
    return copied


@given(a=VALUES, b=VALUES)
@example(a={"x": [1, 2, 3], "__proto__": {"a": 1}}, b={"x": [1, 5], "__proto__": {"a": 2}, "constructor": None})
@example(a=[], b={})
@example(a={"a": []}, b={"a": [[]]})
def test_the_differences_turn_one_tree_into_the_other(modules: Modules, a: Any, b: Any) -> None:
    program = """
      const { counts, places, different } = trees_.treeDifferences(a, b);
      const shown = ({ state, right, ...one }) => ({ state, right, path: trees_.pathOf(one) });
      return [counts, places.length, different.map(shown)];
    """
    counts, places, different = modules.run(program, a=a, b=b)
    made = a
    deletions = [one for one in different if one["state"] == LEFT_ONLY]
    for one in [one for one in different if one["state"] != LEFT_ONLY] + deletions[::-1]:
        made = _applied(made, one["path"], one["state"], one.get("right"))
    assert canonical(made) == canonical(b)
    assert sum(counts) == places
    assert sum(counts[1:]) == len(different)


@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {"x": st.sampled_from(["20201", "20202", 3, None]), "y": st.integers(-99, 99) | st.none()},
            optional={"by": st.sampled_from("abcdefghij")},
        ),
        min_size=1,
        max_size=30,
    ),
    by=st.booleans(),
    how=st.sampled_from(["sum", "mean"]),
)
def test_a_chart_draws_the_sums_or_means_of_the_rows(
    modules: Modules, rows: list[dict[str, Any]], by: bool, how: str
) -> None:
    program = """
      const table = tables_.tableOf(rows);
      const place = (name) => table.columns.findIndex((column) => column.name === name);
      const wanted = { x: place("x"), y: place("y"), by: by ? place("by") : -1, how, limit: 100 };
      const drawn = points_.pointsOf(table, wanted, order_.comparing("en"));
      return { ...drawn, series: drawn.series.map(({ name, ...one }) => ({ ...one, name: name ?? null })) };
    """
    drawn = modules.run(program, rows=rows, by=by, how=how)
    named = {one["name"] for one in drawn["series"] if not one.get("isRest")}
    expected: dict[tuple[Any, Any], list[int]] = {}
    for row in rows:
        if row["y"] is None:
            continue
        name = row.get("by") if by else None
        expected.setdefault((row["x"], name if name in named else "the rest"), []).append(row["y"])
    found = {
        (label, "the rest" if one.get("isRest") else one["name"]): value
        for one in drawn["series"]
        for label, value in zip(drawn["labels"], one["values"], strict=True)
        if value is not None
    }
    assert set(found) == set(expected)
    for place, values in expected.items():
        exact = Fraction(sum(values), len(values) if how == "mean" else 1)
        assert found[place] == pytest.approx(float(exact))
    assert len(named) <= 7
    assert drawn["rows"] + drawn["left"] == len(rows)


@given(count=st.integers(1, 50), limit=st.integers(2, 10), are_numbers=st.booleans())
def test_a_chart_states_how_many_values_of_x_it_omits(
    modules: Modules, count: int, limit: int, are_numbers: bool
) -> None:
    rows = [{"x": at if are_numbers else f"{at:03}", "y": 1} for at in range(count)]
    program = """
      return points_.pointsOf(tables_.tableOf(rows), { x: 0, y: 1, by: -1, how: "sum", limit }, order_.comparing("en"));
    """
    drawn = modules.run(program, rows=rows, limit=limit)
    assert (drawn["xs"], drawn["among"]) == (min(count, limit), count)
    assert drawn["isEven"] == (are_numbers and count > limit)
    ends = [rows[0]["x"], rows[count - 1 if are_numbers else min(count, limit) - 1]["x"]]
    assert [drawn["labels"][0], drawn["labels"][-1]] == ends


@given(
    rows=st.lists(st.fixed_dictionaries({"n": NUMBERS, "a": st.sampled_from("xy"), "b": TEXTS}), min_size=1, max_size=5)
)
def test_a_key_is_proposed_where_texts_identify_the_rows(modules: Modules, rows: list[dict[str, Any]]) -> None:
    program = """
      const table = tables_.tableOf(rows);
      const key = columns_.defaultKey(table, columns_.describedColumns(table));
      return [key, rows.map((_, row) => columns_.keyText(table, row, key))];
    """
    key, texts = modules.run(program, rows=rows)
    are_apart = len({canonical([row["a"], row["b"]]) for row in rows}) == len(rows)
    assert (key != []) == are_apart
    assert not key or len(set(texts)) == len(rows)


def test_the_use_case_is_drawn_and_matched_by_quarter_and_issuer(modules: Modules) -> None:
    rows = [
        {"trimestre": quarter, "nomeBandeira": issuer, "qtdCartoesAtivos": 5, "valorTransacoesNacionais": 1.5}
        for quarter in ("20231", "20232")
        for issuer in ("VISA", "Elo")
    ]
    program = """
      const table = tables_.tableOf(rows);
      const columns = columns_.describedColumns(table);
      return [columns_.proposedChart(table, columns), columns_.defaultKey(table, columns)];
    """
    assert modules.run(program, rows=rows) == [{"x": 0, "y": 3, "by": 1, "kind": "bar"}, [0, 1]]


@given(text=st.text(st.characters(), max_size=20).map(_as_json))
@example(text="\u202eabc\u200b\ufeff\ud83d\n👨‍👩‍👧")
def test_invisible_characters_are_escaped(modules: Modules, text: str) -> None:
    program = """
      const nodes = [...visible_.visible(text).childNodes];
      const isPlain = (node) => node.nodeType === Node.TEXT_NODE;
      return [nodes.filter(isPlain).map(({ data }) => data).join(""),
              nodes.map((node) => (isPlain(node) ? node.data : JSON.parse(`"${node.textContent}"`))).join("")];
    """
    plain, whole = modules.run(program, text=text)
    assert whole == text
    assert not re.search(
        "[\u0000-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]", plain
    )


@given(
    values=st.lists(st.one_of(NUMBERS, st.integers(190001, 209912), st.integers(1900, 2099)), min_size=1, max_size=4),
)
@example(values=[20231, 20232, 20234, 20241])
@example(values=[20231, 20235])
@example(values=[202312, 202401])
@example(values=[202313])
@example(values=[20231231, 20240101])
@example(values=[20231232])
@example(values=[2023, 20231])
@example(values=[1899, 2100])
@example(values=[2023.5, 2024])
def test_only_integers_that_are_all_times_of_one_form_are_places_in_an_order(
    modules: Modules, values: list[float]
) -> None:
    program = "return points_.pointsOf(tables_.tableOf(rows), want, order_.comparing('en')).isOrdinal;"
    want = {"x": 0, "y": 1, "by": -1, "how": "sum", "limit": 100}
    rows = [{"x": value, "y": 1} for value in values]
    year = range(1900, 2100)
    forms: list[Callable[[int], bool]] = [
        lambda n: n in year,
        lambda n: n // 10 in year and n % 10 in range(1, 5),
        lambda n: n // 100 in year and n % 100 in range(1, 13),
        lambda n: n // 10_000 in year and n // 100 % 100 in range(1, 13) and n % 100 in range(1, 32),
    ]
    are_times = any(all(value == int(value) and form(int(value)) for value in values) for form in forms)
    assert modules.run(program, rows=rows, want=want) == are_times
    assert modules.run(program, rows=[{"x": str(value), "y": 1} for value in values], want=want) is True


@given(rows=st.lists(st.fixed_dictionaries({"x": st.integers(2000, 2050)}), min_size=1, max_size=5))
@example(rows=[{"x": 2023}, {"x": 2024}])
def test_a_table_with_a_single_numeric_column_has_a_chart_of_it(modules: Modules, rows: list[dict[str, int]]) -> None:
    program = """
      const table = tables_.tableOf(rows.map((row, at) => ({ ...row, name: `n${at}` })));
      const only = tables_.tableOf(rows);
      return [table, only].map((one) => columns_.proposedChart(one, columns_.describedColumns(one)));
    """
    named, only = modules.run(program, rows=rows)
    assert (named["y"], only["y"], only["x"]) == (0, 0, -1)
    assert named["x"] == (1 if len(rows) > 1 else -1)


_TOLERANT: Final = """
  const compared = comparison_.comparison(left, right, undefined, tolerance);
  return [compared.summary.counts, compared.summary.largest ?? null];
"""


@pytest.mark.parametrize(
    ("left", "right", "tolerance", "changed"),
    [
        (0.3, 0.29, 0.01, False),
        (0.3, 0.29, 0.0099, True),
        (1, 1.0000000001, 1e-9, False),
        (1, 1.00000001, 1e-9, True),
        (0, -0.0, 0, True),
        (0, -0.0, 1e-9, False),
        (1, "1", 0.01, True),
        (None, 0, 0.01, True),
        ([1, {"a": 2}], [1.001, {"a": 1.999}], 0.01, False),
        ([1, {"a": 2}], [1.001, {"a": 1.9}], 0.01, True),
        (1e300, 1.0000000001e300, 0.01, True),
    ],
)
def test_numbers_within_the_tolerance_are_equal(
    modules: Modules, left: Any, right: Any, tolerance: float, changed: bool
) -> None:
    in_rows = modules.run(_TOLERANT, left=[{"a": left}], right=[{"a": right}], tolerance=tolerance)
    is_pair_of_numbers = isinstance(left, int | float) and isinstance(right, int | float)
    assert in_rows[0] == ([0, 1, 0, 0] if changed else [1, 0, 0, 0])
    assert in_rows[1] == [abs(right - left) if changed and is_pair_of_numbers else 0]
    in_tree = modules.run(_TOLERANT, left={"a": left}, right={"a": right}, tolerance=tolerance)
    assert (sum(in_tree[0][1:]) > 0) == changed


def test_a_tolerance_of_an_address_is_a_positive_number_or_none(modules: Modules) -> None:
    texts = ["0.01", "1e-9", "0", "-1", "x", "", "Infinity", "NaN"]
    assert (
        modules.run("return texts.map((one) => tolerances_.toleranceOf(one));", texts=texts) == [0.01, 1e-9] + [0] * 6
    )


_ADDRESSED: Final = """
  const { columns } = tables_.tableOf(rows);
  const sorts = columns.flatMap((_, column) => [true, false].map((descending) => ({ column, descending })));
  const key = columns.map((_, at) => at).filter((at) => at % 2 === 0);
  return {
    given: [...sorts, key],
    read: [...sorts.map((sort) => table_address_.sortOf(columns, table_address_.sortText(columns, sort))),
      table_address_.keyOf(columns, table_address_.keyText(columns, key))],
  };
"""


@given(rows=ROWS | st.lists(st.lists(SMALL, min_size=1), min_size=1, max_size=3) | st.just({"a": 1}))
@settings(max_examples=25)
def test_an_order_and_a_key_are_read_back_from_an_address(modules: Modules, rows: Any) -> None:
    answer = modules.run(_ADDRESSED, rows=rows)
    assert answer["read"] == answer["given"]


def test_what_a_table_does_not_have_is_ignored_in_an_address(modules: Modules) -> None:
    program = """const columns = tables_.tableOf([{ a: 1, b: 2 }]).columns;
      const cut = [{ role: "member", name: "x" }, { role: "member", name: "x" }]; // two long names, shortened
      return [orders.map((text) => table_address_.sortOf(columns, text)),
        keys.map((text) => table_address_.keyOf(columns, text) ?? null),
        table_address_.sortText(cut, { column: 1, descending: true }) ?? null];"""
    orders = ["asc:c", "desc:", "b", "asc", "", "-a", "desc:b"]
    keys = ['["a","c"]', "[", '"a"', "null", "", "{}", "[]", '["b"]']
    read = modules.run(program, orders=orders, keys=keys)
    assert read == [[None] * 6 + [{"column": 1, "descending": True}], [None] * 6 + [[], [1]], None]


def _summary(number: int, at: str, version: int = 1, dataset: str = "d", **members: Any) -> dict[str, Any]:
    """Make an execution as it is listed, with what comparisons look at."""
    script = {"name": "cards", "version": version}
    execution = {
        "id": f"0199c5f3-0000-7000-8000-{number:012}",
        "submitted_at": f"2026-11-27T10:{at}Z",
        "script": script,
    }
    return execution | {"input": {"sha256": dataset}, "output": {}, "content_removed_at": None} | members


@given(order=st.permutations([(1, "00:00"), (2, "00:00.5"), (3, "00:00.5"), (4, "00:01")]))
def test_two_executions_are_ordered_by_their_times_whatever_order_they_come_in(
    modules: Modules, order: list[tuple[int, str]]
) -> None:
    one, other, *_ = (_summary(number, at) for number, at in order)
    before, after = modules.run("return names_.byTime(one, other);", one=one, other=other)
    assert (before["id"], after["id"]) == tuple(sorted((one["id"], other["id"])))


def test_executions_of_one_minute_have_files_of_different_names(modules: Modules) -> None:
    ids = ["01a21d75-0d86-7769-b8bb-84222c6054e9", "01a21d75-0d87-7000-8000-000000000001"]
    program = "return ids.map((id) => names_.fileStem({ id, script: { name: 'cards', version: 2 } }));"
    assert modules.run(program, ids=ids) == ["cards-v2-2c6054e9", "cards-v2-00000001"]


def test_an_execution_is_compared_with_the_previous_result_or_the_same_dataset_of_another_version(
    modules: Modules,
) -> None:
    present = _summary(5, "05:00", version=2)
    others = [
        _summary(9, "09:00", version=3),
        _summary(8, "08:00", version=3),
        _summary(7, "07:00", version=1, dataset="other"),
        _summary(6, "06:00", version=4, output=None),
        present,
        _summary(4, "04:00", output=None),
        _summary(3, "03:00", content_removed_at="2026-11-27T11:00:00Z"),
        _summary(2, "02:00", dataset="other"),
        _summary(1, "01:00", version=1),
    ] + [_summary(0, "00:00", dataset="other")] * 30
    found = modules.run("return comparison_choices_.comparisonChoices(one, others);", one=present, others=others)
    assert found["previous"]["id"] == others[7]["id"]
    assert [one["id"] for one in found["versions"]] == [others[0]["id"], others[8]["id"]]
    assert [one["id"] for one in found["latest"]] == [one["id"] for one in others if one is not present][:20]


_QUERY: Final = """
  const filters = { names: ["script", "status"], from: "submitted_from", to: "submitted_to" };
  const now = Date.parse("2026-11-27T12:00:00Z");
  return [list_query_.apiQuery(address, filters, now), list_query_.activeCount(address, filters)];
"""


@pytest.mark.parametrize(
    ("address", "query", "active"),
    [
        ({}, {}, 0),
        ({"period": "24h", "submitted_from": "x"}, {"submitted_from": "2026-11-26T12:00:00.000Z"}, 1),
        ({"period": "1h", "status": "failed"}, {"status": "failed", "submitted_from": "2026-11-27T11:00:00.000Z"}, 2),
        ({"submitted_to": "t"}, {"submitted_to": "t"}, 1),
        ({"period": "custom"}, {}, 1),
        ({"period": "toString", "cursor": "c", "limit": "9", "script": "a"}, {"script": "a"}, 1),
    ],
)
def test_an_address_is_a_query_of_the_api(
    modules: Modules, address: dict[str, str], query: dict[str, str], active: int
) -> None:
    assert modules.run(_QUERY, address=address) == [query, active]


def test_a_problem_names_the_filters_that_it_is_about(modules: Modules) -> None:
    kinds = ["unknown-script", "malformed-id", "invalid-query", "malformed-cursor", "unauthenticated"]
    problems = [{"type": f"https://h/problems/{kind}", "errors": [{"parameter": "version"}]} for kind in kinds]
    program = "return problems.map((one) => list_query_.refusedFilters(one));"
    assert modules.run(program, problems=[*problems, {}]) == [["script"], ["script"], ["version"], [], [], []]


def test_newer_executions_are_counted_and_a_removal_names_its_actor(modules: Modules) -> None:
    program = """
      const entry = (key_id, request_id, key_name) => removal_.removalText({ key_id, request_id, key_name }, "today");
      return [[newer_.newerCount(["c", "b", "a"], "a"), newer_.newerCount(["c"], ""), newer_.newerCount([], "a")],
              [entry("0199-12345678", "r"), entry("0199", "r", "ingestion"), entry(null, "r"), entry(null, null)]];
    """
    counts, actors = modules.run(program)
    assert counts == [2, 1, 0]
    assert actors == [
        f"Data deleted on today {by}."
        for by in (
            "by API key 12345678",
            "by API key ingestion",
            "without an API key (request r)",
            "by retention",
        )
    ]


_READ: Final = """
  const reader = csv_reader_.csvReader(separator);
  return [...pieces.flatMap(reader.push), ...reader.end()].map((row) => row.map((field) => field ?? ""));
"""
FILE_TEXTS: Final = st.text(st.characters(codec="utf-8") | st.sampled_from('",;\t|\r\n'), max_size=6)


@st.composite
def csv_files(draw: st.DrawFn) -> tuple[list[list[str]], str, list[str]]:
    """Draw rows, a separator, and the file of them, cut into pieces at any places."""
    separator, end = draw(st.sampled_from(",;\t|")), draw(st.sampled_from(["\r\n", "\n", "\r"]))
    rows = draw(st.lists(st.lists(FILE_TEXTS, min_size=1, max_size=4), max_size=6))
    special = re.compile(f'["\r\n{separator}]')

    def written(field: str) -> str:
        is_quoted = special.search(field) or draw(st.booleans())
        return '"' + field.replace('"', '""') + '"' if is_quoted else field

    rows = [row for row in rows if row != [""]]  # an empty line, which is skipped
    lines = [separator.join(map(written, row)) for row in rows]
    text = end.join(lines) + draw(st.sampled_from(["", end, end * 2]))
    places = [0, *sorted(draw(st.lists(st.integers(0, len(text)), max_size=5))), len(text)]
    return rows, separator, [text[start:stop] for start, stop in pairwise(places)]


@given(file=csv_files())
@example(file=([["a", 'b"'], ["c", ""]], ",", ["a", ',"b"', '""', "\r", '\nc,"', '"']))
def test_the_rows_of_a_csv_file_are_those_that_were_written_wherever_it_is_cut(
    modules: Modules, file: tuple[list[list[str]], str, list[str]]
) -> None:
    rows, separator, pieces = file
    assert modules.run(_READ, separator=separator, pieces=pieces) == rows


_BACK: Final = f"""{_TABLE}
  const reader = csv_reader_.csvReader(separator);
  const [head, ...rows] = [...reader.push({_CSV}.replace(/^\ufeff/, "")), ...reader.end()];
  const comma = dialect === "excel-br";
  const numeric = csv_values_.numericColumns(head.length, comma);
  rows.forEach(numeric.add);
  const write = csv_values_.rowWriter(csv_values_.columnNames(head, true), numeric.found(), comma);
  return rows.map((row) => JSON.parse(write(row)));
"""
_COLUMNS: Final = {
    "count": st.none() | st.integers(-(2**53) + 1, 2**53 - 1),
    "amount": st.none() | st.integers(-(10**9), 10**9).map(lambda cents: cents / 100),
    "name": st.none()
    | st.text(st.characters(categories=("L", "P"), exclude_characters=f"{SIGNS};{BLANK_BREAKS}'"), max_size=4),
    "code": st.just("007") | st.from_regex(r"x[0-9 \",\n]{0,4}", fullmatch=True),
}


@given(
    value=st.lists(st.fixed_dictionaries(_COLUMNS), min_size=1, max_size=6), dialect=st.sampled_from(list(SEPARATORS))
)
def test_a_table_saved_as_csv_is_read_back_with_its_numbers_and_texts(
    modules: Modules, value: list[dict[str, Any]], dialect: str
) -> None:
    assert modules.run(_BACK, value=value, dialect=dialect, separator=SEPARATORS[dialect][0]) == value


@given(
    text=st.from_regex(r"-?[0-9]{0,18}([.,][0-9]{0,3})?(e5)?", fullmatch=True) | st.text(max_size=4),
    comma=st.booleans(),
)
@example(text="9007199254740993", comma=False)
@example(text="0.10", comma=False)
def test_a_text_becomes_a_number_only_if_that_loses_nothing(modules: Modules, text: str, comma: bool) -> None:
    number = modules.run("return csv_values_.numberIn(text, comma);", text=text, comma=comma)
    point = "," if comma else "."
    if number is not None:
        assert re.fullmatch(rf"-?(0|[1-9]\d*)(\{point}\d+)?", text, re.ASCII), "a leading zero, or another notation"
        assert Fraction(text.replace(",", ".")) == Fraction(repr(number))


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (["1", "-2.50"], [1, -2.5]),
        (["1", None, ""], [1, None, None]),
        (["01234", "56789"], ["01234", "56789"]),
        (["1", "n/a", None, ""], ["1", "n/a", None, ""]),
        ([None, ""], [None, ""]),
    ],
)
def test_a_column_has_numbers_or_texts_never_both(
    modules: Modules, column: list[str | None], values: list[object]
) -> None:
    program = """
      const numeric = csv_values_.numericColumns(1, false);
      column.forEach((field) => numeric.add([field]));
      return column.map((field) => csv_values_.fieldValue(field, numeric.found()[0], false));
    """
    assert modules.run(program, column=column) == values


@pytest.mark.parametrize("text", ["007", "1e5", "+1", " 1", "1.", ".5", "-0", "0x10", "1,234.5", "NaN", "Infinity", ""])
def test_a_code_stays_a_text(modules: Modules, text: str) -> None:
    assert modules.run("return csv_values_.numberIn(text, false);", text=text) is None


@pytest.mark.parametrize(
    ("text", "separator", "comma", "header"),
    [
        ("trimestre;valor\n20231;12,5\n", ";", True, True),
        ("a,b\n1,2.5\n", ",", False, True),
        ("a\tb\n1\t2,5\n", "\t", True, True),
        ("1;2\n3;4\n", ";", False, False),
        ('"a;b",c\n"1;2",3\n', ",", False, True),
        ("a;b\n1.5;2,5\n", ";", False, True),
        ("one column\n1\n", ",", False, True),
        ("a,b;c\n1,2\n3\n", ",", False, True),
    ],
)
def test_the_format_of_a_csv_file_is_recognised(
    modules: Modules, text: str, separator: str, comma: bool, header: bool
) -> None:
    found = modules.run("return csv_format_.formatOf(text, true);", text=text)
    assert found == {"separator": separator, "decimalComma": comma, "hasHeader": header}


@pytest.mark.parametrize(
    ("name", "text", "is_csv"),
    [
        ("cards.CSV", "[1]", True),
        ("cards.txt", "a;b\n1;2", True),
        ("cards", '"a","b"\n', True),
        ("cards.json", "a,b\n", False),
        ("cards.csv.gz", "a,b\n", False),
        ("cards.txt", ' [{"a": 1}, 2]', False),
        ("cards.txt", '{"a": 1, "b":\n', False),
        ("cards.txt", '"a, b"\n', False),
        ("cards.txt", "12\n13\n", False),
    ],
)
def test_a_csv_file_is_told_from_json(modules: Modules, name: str, text: str, is_csv: bool) -> None:
    assert modules.run("return csv_format_.isCsv(name, text);", name=name, text=text) is is_csv


@pytest.mark.parametrize(
    ("text", "most_bytes", "converted"),
    [
        ("a;b\n1;x\n", 20, '[{"a":1,"b":"x"}]'),
        ("a;b\n" + "1;x\n" * 70_000 + "2;\u00e9\n", 10**7, '{"a":2,"b":"\u00e9"}]'),
        ("a;b\n1;x\n", 10, "cards.csv is larger than 10 B as JSON, which is the limit"),
        ('a;b\n1;x\n2;"y\n', 20, "cards.csv can't be converted: row 3"),
        ("\n", 20, "cards.csv has no rows"),
    ],
    ids=["fits", "only its end is not UTF-8", "too large", "open quote", "empty"],
)
def test_a_csv_file_is_converted_or_refused(modules: Modules, text: str, most_bytes: int, converted: str) -> None:
    program = """
      const file = new File([Uint8Array.from(text, (character) => character.charCodeAt(0))], "cards.csv");
      const format = { separator: ";", decimalComma: false, hasHeader: true };
      const options = { mostBytes, onProgress: () => undefined, signal: new AbortController().signal };
      return csv_file_.csvHead(file).then((head) => csv_file_.jsonOf(head, format, options)).then(
        (json) => json.text(), ({ problem }) => problem.title);
    """
    assert modules.run(program, text=text, mostBytes=most_bytes).endswith(converted)


def test_columns_without_a_name_or_with_that_of_another_get_one(modules: Modules) -> None:
    names = modules.run("return csv_values_.columnNames(first, true);", first=["a", None, "a", "a_2", "", "__proto__"])
    assert names == ["a", "column_2", "a_2", "a_2_2", "column_5", "__proto__"]


@given(
    value=st.integers(0, 2**53 - 1) | st.sampled_from([0, 1000, 1024, 3 * 2**29]),
    locale=st.sampled_from(["en", "pt-BR"]),
)
def test_a_quantity_is_read_as_it_is_written(modules: Modules, value: int, locale: str) -> None:
    both = "[quantities_.TIMES, quantities_.SIZES]"
    program = (
        f"return {both}.map((units) => quantities_.quantityIn(quantities_.quantityText(value, units, locale), units));"
    )
    assert modules.run(program, value=value, locale=locale) == [value, value]


@pytest.mark.parametrize(
    ("text", "units", "value"),
    [
        ("45s", "TIMES", 45_000),
        (" 1,5 MIN ", "TIMES", 90_000),
        ("250 ms", "TIMES", 250),
        ("512 MiB", "SIZES", 512 * 2**20),
        ("1.5gib", "SIZES", 3 * 2**29),
        ("64 MB", "SIZES", 64_000_000),
        ("45", "TIMES", None),
        ("512 MiB", "TIMES", None),
        ("-1 s", "TIMES", None),
        ("1.2.3 s", "TIMES", None),
        ("9999999999999 GiB", "SIZES", None),
        ("", "SIZES", None),
    ],
)
def test_a_quantity_has_a_unit(modules: Modules, text: str, units: str, value: int | None) -> None:
    assert modules.run(f"return quantities_.quantityIn(text, quantities_.{units});", text=text) == value


def test_the_example_s_statistics_have_the_payload_s_columns_and_a_story(modules: Modules) -> None:
    rows, again = modules.run("return [card_statistics_.cardStatistics(), card_statistics_.cardStatistics()];")
    payload = json.loads((BACEN / "payload.json").read_text())
    assert rows == again
    assert len(rows) == 2_000
    assert {tuple(row) for row in rows} == {tuple(payload[0])}
    assert len({tuple(row.values())[:4] for row in rows}) == 2_000
    assert all(0 < row["qtdCartoesAtivos"] < row["qtdCartoesEmitidos"] for row in rows)

    def total(quarter: str, brand: str) -> float:
        named = {"trimestre": quarter, "nomeBandeira": brand, "produto": "Empresarial"}
        return float(sum(row["valorTransacoesNacionais"] for row in rows if named.items() <= row.items()))

    assert total("20191", "VISA") > total("20191", "MasterCard")
    assert total("20234", "VISA") < total("20234", "MasterCard")
    assert all(total("20202", brand) < 0.8 * total("20201", brand) for brand in {row["nomeBandeira"] for row in rows})


@settings(max_examples=25)
@given(rows=ROWS, most=st.integers(0, 9), data=st.data())
@example(rows=[{"a": 1}], most=5, data=None)
def test_the_first_rows_are_those_of_the_whole_as_far_as_its_beginning_has_them(
    modules: Modules, rows: list[dict[str, Any]], most: int, data: Any
) -> None:
    text = json.dumps(rows)
    cut = len(text) if data is None else data.draw(st.integers(0, len(text)))
    found = modules.run("return first_rows_.firstElements(text, most);", text=text[:cut], most=most)
    assert [canonical(one) for one in found] == [canonical(one) for one in rows[: len(found)]]
    ends = [len(json.dumps(rows[:count])) - 1 for count in range(1, len(rows) + 1)]
    assert len(found) == min(most, sum(end < cut for end in ends))
    assert modules.run("return first_rows_.firstElements(text, 9);", text=json.dumps({"a": rows})) == []


@settings(max_examples=40)
@given(column=st.lists(st.none() | NUMBERS, max_size=9) | st.lists(st.none() | TEXTS, max_size=9))
@example(column=[-1.7e308, 1.7e308, 0])
@example(column=[5e-324, 0])
@example(column=[None])
def test_a_profile_counts_every_value_of_its_column_once(modules: Modules, column: list[Any]) -> None:
    column = _as_json(column)
    profile, bars = modules.run(
        """const table = tables_.tableOf(rows);
        const profile = profile_.profileOf(table, 0, columns_.describedColumns(table)[0]);
        return [profile, profile_view_.barsOf(profile.histogram ?? [])];""",
        rows=[{"a": value} for value in column] or [{"a": None}],
    )
    values = [value for value in column if value is not None]
    assert profile["empty"] == profile["count"] - len(values)
    if not values:
        assert (profile["type"], profile.get("histogram")) == ("none", None)
        return
    assert (profile["type"] == "text") == isinstance(values[0], str)
    assert len(bars) == len(profile["histogram"]) <= 10
    assert sum(profile["histogram"]) == len(values) or profile["distinct"] > 10
    assert [bar != "\u2007" for bar in bars] == [count > 0 for count in profile["histogram"]]
    if profile["type"] != "text":
        assert [float(profile["least"]), float(profile["greatest"])] == [min(values), max(values)]
        assert (profile["type"] == "integer") == all(float(value).is_integer() for value in values)


@settings(max_examples=20)
@given(integer=st.integers(0, 10**25).map(str))
def test_grouping_an_integer_changes_none_of_its_digits(modules: Modules, integer: str) -> None:
    groups = modules.run("return number_view_.groupsOf(integer);", integer=integer)
    assert "".join(group["digits"] for group in groups) == integer
    assert [group["sign"] for group in groups] == ["", *["," for _ in groups[1:]]]
    assert "".join(group["sign"] + group["digits"] for group in groups) == f"{int(integer):,}"


def test_only_amounts_are_grouped(modules: Modules) -> None:
    row = {"year": 2023, "quarter": 20231, "order_id": 12345, "amount": 12345, "price": 2023.5, "name": "x"}
    amounts = modules.run(
        """const table = tables_.tableOf(rows);
        return columns_.describedColumns(table).map((one, at) => columns_.isAmount(table, one, at));""",
        rows=[row],
    )
    assert dict(zip(row, amounts, strict=True)) == dict.fromkeys(row, False) | {"amount": True, "price": True}


@pytest.mark.parametrize("has_key", [False, True])
def test_a_copied_program_names_the_execution_and_never_the_key(modules: Modules, has_key: bool) -> None:
    curl, python = modules.run(
        "return [commands_.curlCommand(execution, request), commands_.pythonProgram(execution, request)];",
        execution={"id": "0199c5f3"},
        request={"url": "http://host/it's/v1", "hasKey": has_key},
    )
    words = shlex.split(curl.replace("\\\n", ""))
    assert words[-3:] == ["--data", '{"input_of":"0199c5f3"}', "http://host/it's/v1"]
    assert ("Authorization: Bearer $BATEIA_KEY" in words) == ("BATEIA_KEY" in python) == has_key
    calls = [node for node in ast.walk(ast.parse(python)) if isinstance(node, ast.Call)]
    called = [ast.literal_eval(one.args[0]) for one in calls if ast.unparse(one.func) == "urllib.request.Request"]
    assert called == ["http://host/it's/v1"]


@settings(max_examples=25)
@given(days=st.integers(36_525, 3_652_058), seconds=st.integers(0, 86_399), has_seconds=st.booleans())
def test_a_moment_in_utc_is_read_as_it_is_written(modules: Modules, days: int, seconds: int, has_seconds: bool) -> None:
    time = timedelta(seconds=seconds if has_seconds else seconds // 60 * 60)
    moment = datetime.min.replace(tzinfo=UTC) + timedelta(days) + time
    written = f"{moment:%Y-%m-%dT%H:%M:%S}.000Z".rjust(24, "0")
    shown, read = modules.run(
        "const text = moment_text_.momentText(written, true); return [text, moment_text_.momentIn(text, true)];",
        written=written,
    )
    assert read == written
    assert shown == written[:19].replace("T", " ").removesuffix("" if moment.second else ":00")


@pytest.mark.parametrize(
    ("text", "timestamp"),
    [
        ("", ""),
        (" 2026-11-26 ", "2026-11-26T03:00:00.000Z"),
        ("2026-1-2 3:04", "2026-01-02T06:04:00.000Z"),
        ("2026-01-02T03:04:05.678901Z", "2026-01-02T03:04:05.000Z"),
        ("2026-02-29 10:00", None),
        ("2024-02-29 24:00", None),
        ("2024-13-01", None),
        ("26/11/2026", None),
        ("yesterday", None),
    ],
)
def test_a_moment_is_of_the_zone_of_the_reader(modules: Modules, text: str, timestamp: str | None) -> None:
    assert modules.run("return moment_text_.momentIn(text, false);", text=text) == timestamp


@pytest.mark.parametrize(
    ("text", "days"),
    [
        (" ", [None]),
        ("30", [30]),
        ("30 days", [30]),
        ("1 dia", [1]),
        ("2 Weeks", [14]),
        ("2 anos", [730]),
        ("100y", [36_500]),
        ("0", ["forever"]),
        ("Forever", ["forever"]),
        ("para sempre", ["forever"]),
        ("101 years", []),
        ("0 days", []),
        ("-1", []),
        ("1.5 days", []),
        ("3 months", []),
        ("constructor", []),
    ],
)
def test_a_retention_is_a_number_of_days_or_for_ever(modules: Modules, text: str, days: list[int | str | None]) -> None:
    read = "const days = retention_days_.daysIn(text); return days === undefined ? [] : [days];"
    assert modules.run(read, text=text) == days
