"""Long text is validated part by part, with the same outcome as in one call."""

import json
from bisect import bisect_left

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.json.steps import is_valid_in_steps
from adapters.json.syntax import fault_of
from tests.adapters.json.texts import array, values, white_space

FRAGMENTS = [
    "[", "]", "{", "}", ",", '"', '{"a":', '"a":', '[{"a":1}', ',{"a":1}', '},{"a":', '},{"a":1}', '[{"a":"', '"}]',
    ":",
    "[[", "],[", "]]", "],", " ", "\n", "0", "1", "null", '"}', '\\"', "\\", '{"a":"},{', '{"a":[{"a":2},{"a":3}]}',
]  # fmt: skip
fragments = st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join)
rows = st.lists(
    st.one_of(
        values.map(lambda value: b'{"a":%b}' % value),
        values.map(lambda value: b'{ "a" :%b,"b":[{"a":1},{"a":2}]}' % value),
        values.map(lambda value: b"[%b,[1],[2]]" % value),
    ),
    min_size=3,
    max_size=5,
)
whites = st.lists(white_space, min_size=2, max_size=2)


def is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


@given(st.one_of(fragments, fragments.map(lambda text: f'[{{"a":1}},{text},{{"a":2}}]')), st.integers(1, 12))
def test_only_json_is_valid_in_steps(text: str, step_bytes: int) -> None:
    if is_valid_in_steps(text.encode(), is_json, step_bytes):
        json.loads(text)


@pytest.mark.parametrize("step_bytes", range(1, 20))
@pytest.mark.parametrize(
    "text", [b'[["],["x"],["],[1]]', b'[["],["],["],["x"],["],[1]]', b'{"a":[[1],[2]],[3],[4],"b":[5]}']
)
def test_a_cut_inside_a_string_or_an_object_proves_nothing(text: bytes, step_bytes: int) -> None:
    assert not is_valid_in_steps(text, is_json, step_bytes)


@settings(max_examples=30)
@given(rows, whites, st.sampled_from(["", '{"rows":', '[0,"[",']), st.integers(1, 60), st.data())
def test_a_fault_anywhere_is_found(
    of: list[bytes], white: list[bytes], before: str, step_bytes: int, data: st.DataObject
) -> None:
    text = before.encode() + array(of, white) + {"": b"", "{": b"}", "[": b"]"}[before[:1]]
    at = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(at, min(at + 3, len(text))))
    broken = text[:at] + data.draw(st.sampled_from(FRAGMENTS)).encode() + text[end:]
    if is_valid_in_steps(broken, is_json, step_bytes):
        json.loads(broken)


@pytest.mark.parametrize(
    "item",
    [b'{"a":1,"b":"],["}', '{ "é" : [{"b":1},{"b":2}] }'.encode(), b'{"a":"\\"},{","b":{}}', b'[1,2,"},{"]'],
)
@pytest.mark.parametrize(("before", "behind"), [(b"", b""), (b'{"meta":{"a":1},"rows":', b"}"), (b"[0,", b"]")])
@pytest.mark.parametrize("separator", [b",", b" ,\r\n\t"])
def test_no_call_gets_more_than_a_few_steps_of_a_long_array(
    item: bytes, before: bytes, behind: bytes, separator: bytes
) -> None:
    parts: list[bytes] = []

    def is_valid(part: bytes) -> bool:
        parts.append(part)
        return is_json(part)

    assert is_valid_in_steps(before + b"[" + separator.join([item] * 2_000) + b"]" + behind, is_valid, 1_000)
    assert max(map(len, parts)) < 4_000
    assert len(parts) > 20


@pytest.mark.parametrize("text", [b"", b"1", b"[" + b"1," * 40_000 + b"1]", b'{"a":1}', b'[{"a":1},{"a":1}]'])
def test_other_text_is_not_known_to_be_valid(text: bytes) -> None:
    assert not is_valid_in_steps(text, is_json)


def test_nesting_counts_from_the_beginning_of_the_text() -> None:
    """Neither what encloses the rows nor a row by itself is too deep, but a row inside it is."""
    deepest = bisect_left(
        range(20_000), True, key=lambda depth: fault_of(b"[" * depth + b"1" + b"]" * depth) is not None
    )
    outside = deepest * 6 // 10
    row = b'{"a":' + b"[" * outside + b"]" * outside + b"}"
    others = [b'{"a":"%b"}' % (b"x" * 1_000)] * 200
    text = b"[" * outside + b"[" + b",".join([*others, row, *others]) + b"]" + b"]" * outside
    fault = fault_of(text)
    assert fault is not None
    assert "nested too deeply" in fault.reason
    assert fault_of(text[outside:-outside]) is None


def test_brackets_around_the_parts_count_as_in_the_text() -> None:
    depths: list[int] = []

    def is_valid(part: bytes) -> bool:
        depths.append(len(part) - len(part.lstrip(b"[")))
        return is_json(part)

    assert is_valid_in_steps(b"[[[" + b'{"a":1},' * 40 + b'{"a":1}]]]', is_valid, 50)
    assert set(depths) == {3}
