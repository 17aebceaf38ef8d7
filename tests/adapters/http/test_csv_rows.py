"""Fields of CSV: every reader finds the texts again, and no spreadsheet a formula, whichever separator it has."""

import csv
import io
import re
import unicodedata
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.http.responses.csv_rows import csv_line, harmless

TEXTS: Final = st.text(st.sampled_from("=+-@|＝'\";,\t\r\n\u0085\u2028 \u200b\x00a1.e") | st.characters(codec="utf-8"))  # noqa: RUF001
NUMBER: Final = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
INVISIBLE: Final = {"Zs", "Zl", "Zp", "Cf", "Cc"}
CELL_BREAK: Final = re.compile("[;\t\v\f\r\n\u0085\u2028\u2029]")


@given(st.lists(st.none() | TEXTS, min_size=1, max_size=5))
def test_a_row_is_read_again_as_its_harmless_texts(fields: list[str | None]) -> None:
    line = csv_line(fields)
    assert line.endswith("\r\n")
    (row,) = csv.reader(io.StringIO(line, newline="")) if fields != [None] else [[""]]
    assert row == ["" if one is None else harmless(one) for one in fields]


@given(TEXTS)
@example("-5\t=1")
@example(";'=1")
def test_no_cell_begins_a_formula(text: str) -> None:
    """Cells begin at the start and after each break; padding is dropped as a spreadsheet may drop it."""
    safe = harmless(text)
    if NUMBER.fullmatch(text):
        assert safe == text
        return
    for cell in CELL_BREAK.split(safe):
        seen = "".join(one for one in cell if one != '"' and unicodedata.category(one) not in INVISIBLE)
        assert not seen.startswith(tuple("=+-@|＝＋－＠｜﹦﹢﹣﹫"))  # noqa: RUF001


@given(TEXTS)
def test_one_apostrophe_less_at_each_place_restores_the_text(text: str) -> None:
    safe = harmless(text)
    kept = iter(text)
    following = next(kept, None)
    for character in safe:
        if character == following:
            following = next(kept, None)
        else:
            assert character == "'"
    assert following is None
    assert len(safe) - len(text) <= 1 + len(CELL_BREAK.findall(text))


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1", "'=1"),
        ("'=1", "''=1"),
        ('"=1', "'\"=1"),
        ("a;=1", "a;'=1"),
        ("a;b=1", "a;b=1"),
        ("\u200b@x", "'\u200b@x"),
        ("\ta", "'\ta"),
        ("-5", "-5"),
        ("-5e3", "-5e3"),
        ("-a", "'-a"),
        ("", ""),
        ("a", "a"),
    ],
)
def test_apostrophes_are_where_formulas_could_begin(text: str, safe: str) -> None:
    assert harmless(text) == safe
