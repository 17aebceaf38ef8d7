"""Documents that two readers could understand differently are refused, each for its own reason."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Success

from domain.strict_json import JsonFault, Unreadable, parsed_time, read_object

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
DOCUMENTS = st.dictionaries(TEXTS, VALUES, min_size=1, max_size=3)


@given(DOCUMENTS, st.booleans(), st.sampled_from([None, 1]), st.booleans())
def test_an_object_is_read_in_any_notation(value: Any, is_ascii: bool, indent: int | None, has_mark: bool) -> None:
    text = json.dumps(value, ensure_ascii=is_ascii, indent=indent).encode()
    assert read_object(b"\xef\xbb\xbf" * has_mark + text) == Success(value)


@given(DOCUMENTS, st.booleans(), st.data())
def test_every_beginning_of_an_object_is_truncated(value: Any, is_ascii: bool, data: st.DataObject) -> None:
    text = json.dumps(value, ensure_ascii=is_ascii).encode()
    end = data.draw(st.integers(1, len(text) - 1))
    assert read_object(text[:end]) == Failure(Unreadable(JsonFault.TRUNCATED))


@pytest.mark.parametrize("number", ["-1.5e-30", "12E+3", "0.25"])
def test_a_text_that_ends_inside_a_number_is_truncated(number: str) -> None:
    for end in range(len(number) + 1):
        assert read_object(b'{"a":' + number[:end].encode()) == Failure(Unreadable(JsonFault.TRUNCATED))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (b"", JsonFault.EMPTY),
        (b" \r\n", JsonFault.EMPTY),
        (b"\xef\xbb\xbf", JsonFault.EMPTY),
        (b"\xff", JsonFault.NOT_UTF_8),
        ('{"a":1}'.encode("utf-16"), JsonFault.NOT_UTF_8),
        (b'{"a":"\xed\xa0\x80"}', JsonFault.NOT_UTF_8),
        (b"<html>", JsonFault.NOT_JSON),
        (b'{"a":1}x', JsonFault.NOT_JSON),
        (b'{"a":1,}', JsonFault.NOT_JSON),
        (b"{'a':1}", JsonFault.NOT_JSON),
        (b'{"a":"\n"}', JsonFault.NOT_JSON),
        (b'{"a":"\\u12"}', JsonFault.NOT_JSON),
        (b'{"a":NaN}', JsonFault.NOT_JSON),
        (b'{"a":-Infinity}', JsonFault.NOT_JSON),
        (b'{"a":1,"a":1}', JsonFault.REPEATED_MEMBER),
        (b'{"a":1,"\\u0061":2}', JsonFault.REPEATED_MEMBER),
        (b'{"b":[{"a":1,"a":2}]}', JsonFault.REPEATED_MEMBER),
        (b'{"a":"\\ud800"}', JsonFault.LONE_SURROGATE),
        (b'{"\\uDFFF":1}', JsonFault.LONE_SURROGATE),
        (b'{"a":["\\ude00\\ud83d"]}', JsonFault.LONE_SURROGATE),
        (b'{"a":%s}' % (b"1" * 5000), JsonFault.LONG_NUMBER),
        (b'{"a":%s1%s}' % (b"[" * 100_000, b"]" * 100_000), JsonFault.TOO_DEEP),
        (b"[{}]", JsonFault.NOT_AN_OBJECT),
        (b'"{}"', JsonFault.NOT_AN_OBJECT),
    ],
)
def test_a_text_is_refused_for_its_own_reason(text: bytes, fault: JsonFault) -> None:
    assert read_object(text).failure().fault is fault


def test_a_reason_names_the_member_or_the_place() -> None:
    assert read_object(b'{"sig":1,"sig":2}').failure().detail == "sig"
    assert read_object(b'{"a" 1}').failure().detail == "Expecting ':' delimiter: line 1 column 6 (char 5)"
    assert read_object(b'{"a":Infinity}').failure().detail == "Infinity is no JSON value"


@pytest.mark.parametrize("text", ["", "today", "2026-11-27", "2026-11-27T18:00:00", "2026-13-27T18:00:00Z", "1" * 5000])
def test_a_time_without_its_zone_is_none(text: str) -> None:
    assert parsed_time(text) is None


def test_times_have_any_zone() -> None:
    assert parsed_time("2026-11-27T18:00:00.250Z") == parsed_time("2026-11-27T15:00:00.25-03:00")
    assert parsed_time("2026-11-27T18:00:00Z") is not None
