"""Exact JSON: what is written is read back, numbers keep their digits, and nothing recurses."""

import json
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.comparison.values import JsonValue, are_equal
from domain.exact_json import json_text, parse_json
from tests.domain.comparison.values import values

DEPTH = 4_000


def deep(value: JsonValue, name: str = "") -> JsonValue:
    """Wrap a value in very many arrays, or in objects with a member of that name."""
    for _ in range(DEPTH):
        value = {name: value} if name else [value]
    return value


@given(values)
def test_a_written_value_is_read_back(value: JsonValue) -> None:
    text = json_text(value, 1_000_000)
    assert text is not None
    assert are_equal(parse_json(text.encode("utf-8", "surrogatepass")), value)
    json.loads(text)


@settings(max_examples=15)  # each parses thousands of levels
@given(values, values, st.sampled_from(["", " ", "\n\t "]))
def test_deep_text_is_parsed_as_shallow_text_is(one: JsonValue, other: JsonValue, space: str) -> None:
    shallow = {"a": one, "b": [other, {}, [], {"": one}]}
    text = json_text(shallow, 1_000_000) or ""
    within = f"{'[' * DEPTH}{space}{text}{space},{space}1{']' * DEPTH}"
    value = parse_json(within.encode("utf-8", "surrogatepass"))
    for _ in range(DEPTH - 1):
        assert isinstance(value, list)
        (value,) = value
    assert are_equal(value, [shallow, 1])


def test_deep_values_are_written() -> None:
    assert json_text(deep(1), 3 * DEPTH) == "[" * DEPTH + "1" + "]" * DEPTH
    assert json_text(deep(1, "a"), 10 * DEPTH) == '{"a":' * DEPTH + "1" + "}" * DEPTH
    assert json_text(deep(1), DEPTH) is None


@given(st.text("0123456789", min_size=1, max_size=30).map(lambda digits: "1" + digits))
def test_numbers_keep_their_digits(digits: str) -> None:
    assert parse_json(digits.encode()) == int(digits)
    assert parse_json(f"-0.{digits}".encode()) == Decimal(f"-0.{digits}")


def test_numbers_beyond_all_floats_are_bounded() -> None:
    huge, tiny = Decimal("1E+1000"), Decimal(0)
    for text, number in (
        ("1e999999999999999999999999", huge),
        ("-1e999999999999999999999999", -huge),
        ("1E-999999999999999999999999", tiny),
        ("0e999999999999999999999999", tiny),
        ("-1e5000", -huge),
        ("1e-5000", tiny),
        ("9" * 5_000, huge),
        ("-" + "9" * 5_000, -huge),
        ("9" * 350, int("9" * 350)),
        ("0." + "0" * 500 + "1", Decimal("1e-501")),
    ):
        assert parse_json(text.encode()) == number, text[:20]
        assert parse_json(f"{'[' * DEPTH}{text}{']' * DEPTH}".encode()) is not None


def test_the_last_of_equal_names_counts() -> None:
    assert parse_json(b'{"a": 1, "a": 2}') == {"a": 2}


def test_half_a_surrogate_pair_is_written_as_an_escape() -> None:
    assert json_text(parse_json(b'"\\ud800 \\u00e9"'), 100) == '"\\ud800 \\u00e9"'
