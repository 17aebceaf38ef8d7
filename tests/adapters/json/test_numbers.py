"""The numbers that JavaScript rounds are those that a slow and obvious search finds, and the first is where it says."""

import asyncio
import json
import re
from decimal import Decimal
from typing import Any, TypeAlias

import pytest
from attrs import frozen
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.json import STEP_BYTES
from adapters.json.bodies import JsonBodies
from adapters.json.floats import is_kept
from adapters.json.numbers import number_warnings
from domain.text_limits import sanitize
from domain.warnings import MAX_POINTER_CHARACTERS, NumberWarning
from domain.warnings import NumberWarningKind as Kind

Found: TypeAlias = dict[Kind, tuple[int, str | None]]


@frozen
class Number:
    text: str

    def lost(self) -> Kind | None:
        if re.fullmatch("-?[0-9]+", self.text):
            return Kind.INTEGER_PRECISION if abs(int(self.text)) > 2**53 else None
        return None if Decimal(repr(float(self.text))) == Decimal(self.text) else Kind.DECIMAL_PRECISION


@frozen
class Members:
    pairs: list[tuple[str, Any]]


def expected(text: bytes) -> Found:
    found: dict[Kind, tuple[int, str]] = {}

    def visit(value: Any, pointer: str) -> None:
        match value:
            case Number() if kind := value.lost():
                count, first = found.get(kind, (0, pointer))
                found[kind] = (count + 1, first)
            case list():
                for index, item in enumerate(value):
                    visit(item, f"{pointer}/{index}")
            case Members(pairs=pairs):
                for key, member in pairs:
                    visit(member, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
            case _:
                pass

    visit(json.loads(text, parse_int=Number, parse_float=Number, object_pairs_hook=Members), "")
    return {
        kind: (count, sanitize(first) if len(first) <= MAX_POINTER_CHARACTERS else None)
        for kind, (count, first) in found.items()
    }


def told(warnings: tuple[NumberWarning, ...]) -> Found:
    return {one.kind: (int(one.detail.split()[0]), one.first_pointer) for one in warnings}


digits = st.text("0123456789", min_size=1, max_size=24)
whole = st.one_of(
    st.just("0"),
    st.builds(lambda first, rest: first + rest, st.sampled_from("123456789"), st.text("0123456789", max_size=24)),
    st.integers(2**53 - 3, 2**53 + 3).map(str),
)
exponents = st.builds(
    "{}{}{}".format,
    st.sampled_from("eE"),
    st.sampled_from(["", "+", "-"]),
    st.integers(0, 420).map(str) | st.sampled_from(["000", "0000", "007", "0309", "308", "309", "323", "324"]),
)
numbers = st.one_of(
    st.builds("{}{}".format, st.sampled_from(["", "-"]), whole),
    st.builds("{}{}.{}{}".format, st.sampled_from(["", "-"]), whole, digits, st.just("") | exponents),
    st.builds("{}{}{}".format, st.sampled_from(["", "-"]), whole, exponents),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.floats(allow_nan=False, allow_infinity=False).map("{:.17e}".format),
    st.floats(0, 1).map("{:.16f}".format),
)
tricky = [
    "~",
    "/",
    "\\",
    '"',
    ",",
    ":",
    "[",
    "]",
    "{",
    "}",
    " 12345678901234567,",
    "1e400",
    "é",
    "💳",
    "\ud83d",
    "\n",
    "-",
    "e",
]
words = st.lists(st.sampled_from(tricky) | st.text(max_size=2), max_size=5).map("".join)
strings = st.builds(lambda text, ascii_only: json.dumps(text, ensure_ascii=ascii_only), words, st.booleans())
space = st.sampled_from(["", "", "", " ", "\n", "\t\r\n "])


def arrays(items: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(lambda inner, gap: f"[{','.join(inner) or gap}]", st.lists(items, max_size=5), space)


def objects(items: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    members = st.builds("{}{}{}:{}".format, space, strings, space, items)
    return st.builds(lambda inner, gap: f"{{{','.join(inner) or gap}}}", st.lists(members, max_size=4), space)


def spaced(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds("{}{}{}".format, space, values, space)


texts = st.recursive(
    spaced(numbers | strings | st.sampled_from(["true", "false", "null"])),
    lambda inner: spaced(arrays(inner) | objects(inner)),
    max_leaves=25,
).map(lambda text: text.encode("utf-8", "surrogatepass"))


@given(texts, st.integers(1, 40))
@example(b'{"a":1,"a":9007199254740993}', 3)
@example(b"9007199254740993", 2)
@example(b'["\\\\", "\\"", ", 9007199254740993, ", 9007199254740993]', 2)
@example(b"[" + b"[" * 12 + b"]" * 12 + b", {}, 1E400]", 1)
def test_the_same_numbers_are_found_with_every_step_size(text: bytes, step_bytes: int) -> None:
    there = expected(text)
    assert told(number_warnings(text)) == there
    assert told(number_warnings(text, step_bytes)) == there


@pytest.mark.parametrize("step_bytes", range(1, 24))
@pytest.mark.parametrize("shift", range(4))
def test_an_escape_on_a_border_is_one_escape(shift: int, step_bytes: int) -> None:
    words = ["\\", '"', '\\"', ', 9007199254740993, "', '\\\\"\\', "e", "0" * 40]
    text = b" " * shift + json.dumps([*words, 2**53 + 1, dict.fromkeys(words, 2**53 + 1), *words]).encode()
    assert told(number_warnings(text, step_bytes)) == expected(text)


@given(st.lists(numbers, max_size=8), st.integers(0, 60), st.integers(16, 64))
def test_a_number_on_a_border_is_one_number(many: list[str], shift: int, step_bytes: int) -> None:
    text = b" " * shift + b"[" + ",".join(many).encode() + b"]"
    assert told(number_warnings(text, step_bytes)) == expected(text)


@given(numbers.filter(lambda text: not re.fullmatch("-?[0-9]+", text)), st.integers(0, 50))
def test_exactness_is_independent_of_the_decimal_s_length(text: str, zeros: int) -> None:
    mantissa, _, exponent = text.lower().partition("e")
    longer = mantissa + ("" if "." in mantissa else ".") + "0" * zeros + (f"e{exponent}" if exponent else "")
    assert is_kept(longer.encode()) == (Number(text).lost() is None)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (b"0e99999999999999999999", True),
        (b"-0.000e-99999999999999999999", True),
        (b"1e99999999999999999999", False),
        (b"1e-99999999999999999999", False),
        (b"0." + b"0" * 6_000 + b"25e6001", True),
        (b"25" + b"0" * 6_000 + b"e-6000", True),
        (b"1e" + b"0" * 6_000 + b"5", True),
        (b"1e-" + b"0" * 6_000 + b"324", False),
        (b"5e-324", True),
        (b"4.9e-324", False),
        (b"1." + b"0" * 100_000 + b"1", False),
    ],
)
def test_numbers_of_unusual_length_are_judged_by_their_value(text: bytes, kept: bool) -> None:
    assert is_kept(text) == kept
    assert (number_warnings(b"[" + text + b"]") == ()) == kept


def test_each_kind_is_reported_once_with_its_count_and_its_first_place() -> None:
    warnings = number_warnings(b'[{"id":12345678901234567},{"id":-9007199254740993,"x":0.12345678901234567890}]')
    assert [(one.kind, one.detail, one.first_pointer) for one in warnings] == [
        (Kind.INTEGER_PRECISION, "2 integers are beyond 2^53 and were rounded", "/0/id"),
        (Kind.DECIMAL_PRECISION, "1 decimal is more than a 64-bit float can hold and was rounded", "/1/x"),
    ]


@pytest.mark.parametrize("number", ["1e400", "1.50000000000000001"])
def test_the_scan_ends_where_too_many_decimals_want_a_judgement(number: str) -> None:
    text = ("[" + ",".join([number] * 1_000) + "]").encode()
    every, some = number_warnings(text, 1_024), number_warnings(text, 1_024, most_judged=100)
    assert [one.first_pointer for one in some] == [one.first_pointer for one in every]
    for one, of_all in zip(some, every, strict=True):
        assert one.detail.startswith("at least ")
        assert of_all.detail.startswith("1000 ")
        assert 100 < int(one.detail.split()[2]) < 300


def test_digits_in_a_string_are_no_number() -> None:
    key = "3" * 44
    rows = [{"chave": key, "texto": f", {key}, 1e400 ", "x": 0.1 + 0.2, "escaped": f'\\", {key}'}] * 5_000
    assert number_warnings(json.dumps(rows).encode()) == ()


@pytest.mark.parametrize("key", ["k" * 1_100, '"' * 1_100, "\\" * 13_000, "💳" * 1_100, '\\"' * 7_000])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_pointer_that_is_too_long_is_left_out(key: str, ascii_only: bool) -> None:
    text = json.dumps({key: {"id": 2**53 + 1}}, ensure_ascii=ascii_only).encode()
    assert told(number_warnings(text)) == {Kind.INTEGER_PRECISION: (1, None)}


@pytest.mark.parametrize("key", ["k" * 900, '"' * 900, "\\" * 900, "💳" * 900, '\\"' * 450])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_long_key_is_reported_whole(key: str, ascii_only: bool) -> None:
    text = json.dumps([{"": 1, key: {"id": 2**53 + 1}}], ensure_ascii=ascii_only).encode()
    assert told(number_warnings(text)) == {Kind.INTEGER_PRECISION: (1, f"/0/{key}/id")}


def test_the_first_is_found_behind_much_and_inside_much() -> None:
    row = b'{"nome":"\\"Jo\xc3\xa3o, [\\\\","valores":[1,[2,[3]],{"a":{"b":[]}}]},'
    before = row * (5 * STEP_BYTES // len(row))
    deep = b"[" * 400 + b"1," + b'{"b":' * 300 + b"12345678901234567" + b"}" * 300 + b"]" * 400
    text = b"[" + before + b'{"a":' + deep + b"}]"
    rows = before.count(b"nome")
    pointer = f"/{rows}/a" + "/0" * 399 + "/1" + "/b" * 300
    assert told(number_warnings(b" " * 7 + text)) == {
        Kind.INTEGER_PRECISION: (1, pointer if len(pointer) <= MAX_POINTER_CHARACTERS else None)
    }
    shallow = b"[" + before + b'{"a":[0,' + before + b"12345678901234567]}]"
    assert told(number_warnings(shallow)) == {Kind.INTEGER_PRECISION: (1, f"/{rows}/a/{rows + 1}")}


@pytest.mark.parametrize("size", [1, 5_000, 100_000])
def test_the_port_warns_of_numbers_in_short_and_long_texts(size: int) -> None:
    text = json.dumps([2**53 + 1] * size).encode()
    encoded = asyncio.run(JsonBodies().encode_dataset(text)).unwrap()
    assert told(encoded.warnings) == {Kind.INTEGER_PRECISION: (size, "/0")}
