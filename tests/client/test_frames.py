"""Frames of pandas and polars: what is sent has each cell, missing ones as null, and comes back as a frame."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from bateia import InvalidDataset, NotRecords, Result
from bateia.datasets import dataset_payload
from bateia.documents import execution
from hypothesis import given
from hypothesis import strategies as st

from tests.client.scripted import an_execution

pandas = pytest.importorskip("pandas")
polars = pytest.importorskip("polars")
numpy = pytest.importorskip("numpy")

NAN = float("nan")
TIMES = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1))  # noqa: DTZ001 - frames have such times
CELLS: dict[str, st.SearchStrategy[Any]] = {
    "int": st.none() | st.integers(-(2**53), 2**53),
    "float": st.none() | st.floats(allow_infinity=False),
    "text": st.none() | st.text(),
    "bool": st.none() | st.booleans(),
    "time": st.none() | TIMES,
}
ROWS = st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=8)
TYPES = {"int": polars.Int64, "float": polars.Float64, "text": polars.String, "bool": polars.Boolean}


def sent(frame: Any) -> list[dict[str, Any]]:
    """Return the rows that are sent."""
    payload = dataset_payload(frame)
    text = b"".join(payload.body.chunks())
    assert payload.coding is None
    assert payload.body.length == len(text) > 0
    return json.loads(text) if text == b"[]" else [json.loads(line) for line in text.splitlines()]


def result(value: Any) -> Result:
    """Make a result."""
    received = Result(execution(an_execution()))
    received.begin()
    received.write(json.dumps(value).encode())
    return received


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """Convert a row to what JSON has: no NaN, and dates in ISO 8601."""
    number, at = row["float"], row["time"]
    return {**row, "float": None if number != number else number, "time": at and at.isoformat()}


@given(ROWS)
def test_a_frame_of_polars_is_sent_and_returns(rows: list[dict[str, Any]]) -> None:
    frame = polars.DataFrame(rows, schema={**TYPES, "time": polars.Datetime("us")})
    expected = [shown(row) for row in rows]
    assert sent(frame) == expected
    back = result(expected).to_polars(dates=["time"])
    assert back["time"].to_list() == [row["time"] for row in rows]
    assert [row["float"] for row in back.to_dicts()] == [row["float"] for row in expected]


@given(ROWS)
def test_a_frame_of_pandas_is_sent_and_returns(rows: list[dict[str, Any]]) -> None:
    types = {"int": "Int64", "float": "float64", "text": "object", "bool": "boolean", "time": "datetime64[us]"}
    frame = pandas.DataFrame(rows).astype(types)
    expected = [shown(row) for row in rows]
    assert sent(frame) == expected
    back = result(expected).to_pandas(dates=["time"])
    assert [None if pandas.isna(at) else at.to_pydatetime() for at in back["time"]] == [row["time"] for row in rows]
    assert [None if pandas.isna(text) else text for text in back["text"]] == [row["text"] for row in rows]


def test_the_kinds_of_missing_values_of_pandas_are_null() -> None:
    frame = pandas.DataFrame({"a": [NAN], "b": [pandas.NaT], "c": [pandas.NA], "d": [None], "e": [[NAN, 1.5]]})
    assert sent(frame) == [{"a": None, "b": None, "c": None, "d": None, "e": [None, 1.5]}]


def test_types_of_numpy_and_pandas_are_sent_as_their_values() -> None:
    frame = pandas.DataFrame(
        {
            "at": pandas.to_datetime(["2026-01-31 10:00:00-03:00"]),
            "kind": pandas.Categorical(["x"]),
            "took": [pandas.Timedelta(seconds=90)],
            "array": [numpy.array([1, 2])],
            "object": [{"deep": numpy.int64(7)}],
            "day": [numpy.datetime64("2026-01-31")],
            7: numpy.array([1.5], dtype="float32"),
        }
    )
    (row,) = sent(frame)
    assert row.pop("day").startswith("2026-01-31")
    assert row == {
        "at": "2026-01-31T10:00:00-03:00",
        "kind": "x",
        "took": "P0DT90S",
        "array": [1, 2],
        "object": {"deep": 7},
        "7": 1.5,
    }


def test_types_of_polars_are_sent_as_their_values() -> None:
    at = datetime(2026, 1, 31, 10, tzinfo=UTC)
    frame = polars.DataFrame({"day": [date(2026, 1, 31)], "at": [at], "took": [timedelta(days=1)], "n": [[1, None]]})
    frame = frame.with_columns(price=polars.lit(Decimal("10.50")), inner=polars.struct(a=polars.lit(NAN)))
    assert sent(frame) == [
        {
            "day": "2026-01-31",
            "at": "2026-01-31T10:00:00+00:00",
            "took": "P1DT0S",
            "n": [1, None],
            "price": 10.5,
            "inner": {"a": None},
        }
    ]


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (pandas.DataFrame({"a": [1.0, float("inf")]}), "row 2, column 'a' is inf"),
        (pandas.DataFrame([[1, 2]], columns=["a", "a"]), "several columns named 'a'"),
        (polars.DataFrame({"a": [b"x"]}), "row 1, column 'a' is of type bytes"),
        (polars.LazyFrame({"a": [1]}), "call collect"),
    ],
)
def test_a_frame_that_json_cannot_express_is_refused_with_its_place(frame: Any, words: str) -> None:
    with pytest.raises(InvalidDataset, match=words):
        dataset_payload(frame)


def test_an_empty_frame_is_an_empty_list() -> None:
    assert sent(pandas.DataFrame({"a": []})) == sent(polars.DataFrame({"a": []})) == []
    assert result([]).to_polars().is_empty()
    assert result([]).to_pandas().empty


@pytest.mark.parametrize("value", [1, {"a": 1}, [1], [{"a": 1}, None]])
def test_other_results_have_no_records(value: Any) -> None:
    with pytest.raises(NotRecords):
        result(value).to_polars()
    assert result(value).json() == value
