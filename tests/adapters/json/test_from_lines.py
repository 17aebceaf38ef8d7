"""NDJSON becomes the array of its values, and each line is held to be one JSON value."""

import asyncio
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from returns.pipeline import is_successful

from adapters.json import from_lines
from adapters.json.bodies import JsonBodies
from application.ports.bodies import MalformedJson

BODIES = JsonBodies()

finite = st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | finite | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=8,
)
blank = st.text(alphabet=" \t\r", max_size=3)


def array(text: bytes) -> bytes:
    return asyncio.run(BODIES.from_lines(text)).unwrap()


def refused(text: bytes) -> MalformedJson:
    return asyncio.run(BODIES.from_lines(text)).failure()


@given(st.lists(values, min_size=1), st.data())
def test_lines_become_the_array_of_their_values(items: list[object], data: st.DataObject) -> None:
    lines = [json.dumps(one, ensure_ascii=data.draw(st.booleans())) for one in items]
    padded = [data.draw(blank) + line + data.draw(blank) + data.draw(st.just("\n" * 2) | blank) for line in lines]
    text = "\n".join(padded) + data.draw(st.sampled_from(["", "\n"]))
    assert array(text.encode()) == f"[{','.join(lines)}]".encode()


@given(st.text(alphabet='[]1," \n', max_size=30), st.integers(1, 8))
def test_the_steps_that_a_text_is_read_in_change_nothing(text: str, step_bytes: int) -> None:
    whole = from_lines.array_of(text.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(from_lines, "_STEP_BYTES", step_bytes)
        assert from_lines.array_of(text.encode()) == whole


@given(st.text(alphabet='[]{}:,"\\u0d89 1.e-\ntrue\r', max_size=14).filter(bool))
@example("1,2")
@example("1 2\n[3,\n4]")
@example("[1,\n2]")
@example('{"a"\n:1}')
@example('"a\nb"')
@example('"\\ud800"\n"\\ud83d"')
def test_it_accepts_one_value_in_each_line_and_nothing_else(text: str) -> None:
    def is_value(line: str) -> bool:
        try:
            json.loads(line)
        except ValueError:
            return False
        return True

    wrong = [number for number, line in enumerate(text.split("\n"), 1) if line.strip(" \t\r") and not is_value(line)]
    result = asyncio.run(BODIES.from_lines(text.encode()))
    assert is_successful(result) == (not wrong)
    if wrong:
        assert result.failure().line == wrong[0]


@pytest.mark.parametrize(
    ("text", "line", "at", "reason"),
    [
        (b"1\n\n[1,]\n", 3, 5, "trailing comma"),
        (b'1\r\n {"a":x}\r\n', 2, 9, "character"),
        (b"1\n2\n[1", 3, 6, "too early"),
        (b'1\n["\xff"]', 2, 4, "UTF-8"),
        (b'"\xe2\x82\n\xac"', 1, 1, "UTF-8"),
        (b"\xef\xbb\xbf1\n2", 1, 0, "byte order mark"),
        (b"1 2", 1, 2, "character"),
        (b"1\n" * 100_000 + b"x", 100_001, 200_000, "character"),
        (b"1\n" * 50_000 + b"[\n" + b"1\n" * 50_000, 50_001, 100_001, "too early"),
    ],
)
def test_a_fault_names_its_line_and_place(text: bytes, line: int, at: int, reason: str) -> None:
    fault = refused(text)
    assert (fault.line, fault.at) == (line, at)
    assert reason in fault.reason


def test_no_bytes_are_no_dataset_and_blank_lines_are_one_without_items() -> None:
    assert refused(b"").code == "json-empty"
    assert (array(b"\n"), array(b" \r\n\t\n")) == (b"[]", b"[]")


def test_lines_longer_than_a_step_and_many_short_ones_come_out_whole() -> None:
    long = json.dumps("x" * 200_000).encode()
    assert array(b"\n".join([long, b"1", long])) == b"[" + b",".join([long, b"1", long]) + b"]"
    assert array(b"7\n" * 300_000) == b"[" + b",".join([b"7"] * 300_000) + b"]"


def test_a_line_may_be_nested_as_deep_as_a_json_text() -> None:
    deep = b"[" * 20_000 + b"]" * 20_000
    assert "nested too deeply" in refused(b"1\n" + deep).reason
    assert array(b"[" * 900 + b"]" * 900) == b"[" * 901 + b"]" * 901
