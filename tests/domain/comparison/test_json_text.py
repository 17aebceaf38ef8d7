"""JSON text of values: read and written without a loss, at any depth."""

import json
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.comparison.deep_json import parse_deep
from domain.comparison.json_text import MOST_EXPONENT, NumberOutOfRange, json_text, parse_json, short_json_text
from domain.comparison.values import ABSENT, JsonValue, are_equal
from tests.domain.comparison.values import values

SCALARS = json.JSONDecoder(parse_float=Decimal)
PIECES = st.lists(st.sampled_from(["[", "]", "{", "}", ",", ":", '"a"', '"\\""', "1", "-2.50", "null", " ", '"', "x"]))


@given(values)
def test_a_value_is_read_as_it_was_written(value: JsonValue) -> None:
    read = parse_json(json_text(value))
    assert are_equal(read, value)
    assert json_text(read) == json_text(value)
    assert parse_deep(json_text(value), SCALARS) == read


@given(values, st.integers(0, 40))
def test_a_short_text_is_the_whole_one_or_none(value: JsonValue, most: int) -> None:
    whole = json_text(value)
    assert short_json_text(value, most) == (whole if len(whole) <= most else None)


@given(PIECES.map("".join))
@example("[1 1]")
@example("{1")
@example("[]]")
@example('{"a"1')
@example("[1,]")
@example("[x]")
@example('["')
def test_both_parsers_take_the_same_text(text: str) -> None:
    try:
        expected = SCALARS.decode(text)
    except ValueError:
        with pytest.raises(ValueError, match=r"."):
            parse_deep(text, SCALARS)
    else:
        assert parse_deep(text, SCALARS) == expected


@pytest.mark.parametrize("text", ["", "[1 1]", '["', '"', '{"a" 1}', "{1:1}", "[1", "1 1", "[1,]", "[,1]", "]", "[x]"])
def test_malformed_text_is_refused_by_both_parsers(text: str) -> None:
    for parse in (SCALARS.decode, lambda one: parse_deep(one, SCALARS)):
        with pytest.raises(ValueError, match=r"."):
            parse(text)


def test_any_depth_is_read_and_written() -> None:
    text = '[{"a":' * 20_000 + "1" + "}]" * 20_000
    assert json_text(parse_json(text)) == text


@pytest.mark.parametrize("text", ["1.50", "-0.0", "1E+400", "9007199254740993", "1" * 5_000, '"\\ud800"', '"é\\u0001"'])
def test_digits_and_half_characters_are_kept(text: str) -> None:
    assert json_text(parse_json(text)) == text
    json_text(parse_json(text)).encode()


@pytest.mark.parametrize("sign", ["", "-"])
def test_an_exponent_beyond_the_bound_is_refused(sign: str) -> None:
    assert parse_json(f"1e{sign}{MOST_EXPONENT}").adjusted() == int(f"{sign}{MOST_EXPONENT}")
    for exponent in (f"{sign}{MOST_EXPONENT + 1}", f"{sign}{10**30}"):
        with pytest.raises(NumberOutOfRange):
            parse_json(f"[1e{exponent}]")
    with pytest.raises(NumberOutOfRange):
        parse_json("1" * (MOST_EXPONENT + 2))


def test_an_absent_value_has_no_text_and_nan_is_none() -> None:
    assert json_text(ABSENT) == ""
    with pytest.raises(ValueError, match="NaN"):
        parse_json("[NaN]")
