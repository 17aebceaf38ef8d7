"""The lines of a batch: each dataset is encoded as one by itself, and whatever is no entry is refused by its line."""

import asyncio
import json
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from adapters.json import STEP_BYTES, batch_lines
from adapters.json.bodies import JsonBodies
from adapters.json.members import members
from application.ports.bodies import (
    BatchEntry,
    EncodedDataset,
    InvalidLine,
    LinesRefused,
    MalformedJson,
    NoLines,
    TooManyLines,
)
from domain.batch_lines import MAX_BATCH_LINES, line_reference
from domain.body import digest
from domain.hint import Hint, hint
from tests.adapters.json.texts import strings, values, white_space

BODIES: Final = JsonBodies()
LONG: Final = 2 * STEP_BYTES
NO_DATA: Final = hint("batch-line-no-data")
NO_OBJECT: Final = hint("batch-line-no-object")
REFERENCE: Final = hint("batch-line-reference", limit=255)
references = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), min_size=1, max_size=9)
blanks = st.text(" \t\r", max_size=2).map(str.encode)


def read(text: bytes, most: int = MAX_BATCH_LINES) -> Result[list[BatchEntry], LinesRefused]:
    return asyncio.run(BODIES.batch_lines(text, most)).map(list)


def encoded(dataset: bytes) -> EncodedDataset:
    return asyncio.run(BODIES.encode_dataset(dataset)).unwrap()


def on_one_line(value: bytes) -> bytes:
    return value.replace(b"\n", b" ")


@st.composite
def lines(draw: st.DrawFn, datasets: st.SearchStrategy[bytes] = values) -> tuple[bytes, str | None, bytes]:
    """Draw a line with what it says: its members in any order, repeated or not."""
    said: dict[str, bytes] = {}
    members = []
    for name in draw(st.lists(st.sampled_from(["data", "ref"]), max_size=3)) + draw(st.permutations(["data", "ref"])):
        value = draw(datasets.map(on_one_line)) if name == "data" else json.dumps(draw(references)).encode()
        said[name] = value
        members.append(
            b'%b"%b"%b:%b%b%b' % (draw(blanks), name.encode(), draw(blanks), draw(blanks), value, draw(blanks))
        )
    if draw(st.booleans()):
        members = [one for one in members if not one.lstrip(b" \t\r").startswith(b'"ref"')]
        said.pop("ref")
    reference = json.loads(said["ref"]) if "ref" in said else None
    return b"%b{%b}%b" % (draw(blanks), b",".join(members), draw(blanks)), reference, said["data"]


lines_of_any_kind = st.text('{}[]:,"data ref\\u0d8e1x-\r\n', max_size=40).map(str.encode) | st.lists(
    lines().map(lambda one: one[0]) | st.sampled_from([b"", b"[1]", b'{"data":"\\ud800"}', b'{"data":1,}']), max_size=4
).map(b"\n".join)


@given(st.lists(lines(), min_size=1, max_size=6), st.data())
def test_datasets_are_encoded_as_each_by_itself(
    said: list[tuple[bytes, str | None, bytes]], data: st.DataObject
) -> None:
    separated = [line + b"\n" + data.draw(st.sampled_from([b"", b"\n", b" \r\n\t\n"])) for line, _, _ in said]
    text = b"".join(separated)
    expected = [BatchEntry(reference, encoded(dataset)) for _, reference, dataset in said]
    assert read(text) == Success(expected)
    assert read(text.rstrip(b"\n")) == Success(expected)
    for entry, (_, _, dataset) in zip(read(text).unwrap(), said, strict=True):
        assert asyncio.run(BODIES.decode(entry.dataset.body)) == dataset


@given(lines_of_any_kind, st.integers(1, 8))
def test_the_length_from_which_a_line_is_read_by_its_ends_changes_nothing(text: bytes, step_bytes: int) -> None:
    whole = batch_lines.batch_lines(text, MAX_BATCH_LINES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch_lines, "STEP_BYTES", step_bytes)
        assert batch_lines.batch_lines(text, MAX_BATCH_LINES) == whole


@pytest.mark.parametrize(
    "around",
    [
        b'{"data":%b}',
        b' { "data" : %b } \r',
        b'{"ref":"a","data":%b}',
        b'{"data":%b , "ref" : "a" }',
        b'{"ref":"b","data":%b,"ref":"a"}',
        b'{"data":1,"data":%b}',
        b'{"ref":"\\u0061","data":%b}',
        b'{"data":%b' + b" " * 5_000 + b"}",
    ],
)
@pytest.mark.parametrize("item", [b'{"a":1,"ref":"x"}', b"12345678901234567890", b'"\\ud800"', b'"\xc3\xa9"', b'"}"'])
def test_long_lines_of_any_shape_are_read(around: bytes, item: bytes) -> None:
    dataset = b"[" + b",".join([item] * (LONG // len(item))) + b"]"
    reference = "a" if b"ref" in around else None
    assert read(around % dataset) == Success([BatchEntry(reference, encoded(dataset))])


@pytest.mark.parametrize("data", [b"[1,]", b"1 2", b'"\xff"', b"", b"[", b"1}"])
def test_a_fault_in_a_long_line_has_its_place(data: bytes) -> None:
    line = b'{"data":[%b,%b]}' % (b" " * LONG, data)
    fault = read(b'{"data":1}\n' + line).failure()
    assert isinstance(fault, MalformedJson)
    assert fault.line == 2
    assert fault.at is not None
    assert abs(fault.at - len(b'{"data":1}\n') - line.index(data + b"]}") - len(data)) <= len(data) + 2


@given(lines_of_any_kind)
@example(b'{"data":1}\n{"data":1}x')
@example(b'{"data":t}')
@example(b'{"data":1,"ref":"\\ud800"}')
@example(b'{"data":"\\ud800","ref":"\\ud83d\\ude00"}')
@example(b'{"data":"\\ud800","ref":null}')
@example(b'{"data":"\\ud800","ref":"a\\u0000"}')
@example(b'{"dat\\u0061":1,"data":"\\udfff"}')
def test_it_accepts_what_a_parser_does_and_nothing_else(text: bytes) -> None:
    numbered = [(number, line) for number, line in enumerate(text.split(b"\n"), 1) if line.strip(b" \t\r")]
    judged = [(number, judged_by_python(line)) for number, line in numbered]
    refused = next(((number, one) for number, one in judged if one is None or isinstance(one, str)), None)
    found = read(text)
    if refused is not None:
        number, reason = refused
        fault = found.failure()
        assert isinstance(fault, MalformedJson if reason is None else InvalidLine)
        assert fault.line == number
    elif not judged:
        assert found == Failure(NoLines())
    else:
        read_back = [(one.reference, json.loads(one.dataset.body.data)) for one in found.unwrap()]
        assert read_back == [one for _, one in judged]


def judged_by_python(line: bytes) -> tuple[str | None, object] | str | None:
    """Read a line: None if it is no JSON, a text if it is no entry."""
    try:
        said = json.loads(line, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return "no object"
    if set(said) - {"data", "ref"} or "data" not in said:
        return "members"
    if "ref" in said and not (isinstance(said["ref"], str) and is_successful(line_reference(said["ref"]))):
        return "reference"
    return said.get("ref"), said["data"]


def _refuse(name: str) -> object:
    raise ValueError(name)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"[1]", NO_OBJECT),
        (b'"data"', NO_OBJECT),
        (b"null", NO_OBJECT),
        (b"{}", NO_DATA),
        (b'{"ref":"a"}', NO_DATA),
        (b'{"data":1,"ref":""}', REFERENCE),
        (b'{"data":1,"ref":null}', REFERENCE),
        (b'{"data":1,"ref":7}', REFERENCE),
        (b'{"data":1,"ref":["a"]}', REFERENCE),
        (b'{"data":1,"ref":"%b"}' % (b"x" * 256), REFERENCE),
        (b'{"data":1,"ref":"a\\n"}', REFERENCE),
        (b'{"data":1,"ref":"\\ud800"}', REFERENCE),
        (b'{"data":1,"rows":2}', hint("batch-line-unknown-member", member="rows")),
        (b'{"data":1,"Data":2}', hint("batch-line-unknown-member", member="Data")),
        (b'{"\\u001b[31m":1,"data":1}', hint("batch-line-unknown-member", member="\u241b[31m")),
        (b'{"%b":1,"data":1}' % (b"x" * 99), hint("batch-line-unknown-member", member="x" * 40)),
        (b'{"":{"data":1}}', hint("batch-line-unknown-member", member="")),
    ],
)
def test_a_line_that_is_no_entry_is_refused_by_its_number_in_the_text(line: bytes, reason: Hint) -> None:
    assert read(b'\n \r\n{"data":1}\n' + line + b"\n[") == Failure(InvalidLine(4, reason))


@pytest.mark.parametrize(
    ("text", "line", "column", "at"),
    [
        (b'{"data":1}\n\n {"data":[1,]}\n', 3, 12, 23),
        (b'{"data":1}\n{"data":"\xff"}', 2, 10, 20),
        (b"\xef\xbb\xbf" + b'{"data":1}', 1, 1, 0),
        (b'{"data":1}\n{"data":[1,\n2]}', 2, 12, 22),
        (b'{"data":1} {"data":2}', 1, 12, 11),
    ],
)
def test_malformed_json_has_its_place_in_the_whole_text(text: bytes, line: int, column: int, at: int) -> None:
    fault = read(text).failure()
    assert isinstance(fault, MalformedJson)
    assert (fault.line, fault.column, fault.at) == (line, column, at)


def test_of_several_faults_the_first_is_named() -> None:
    lines = [b'{"data":1}', b"[]", b"[", b'{"data":"\xff"}']
    for first, kind in ((1, InvalidLine), (2, MalformedJson), (3, MalformedJson)):
        fault = read(b"\n".join([lines[0], *lines[first:]])).failure()
        assert (type(fault), fault.line if isinstance(fault, InvalidLine | MalformedJson) else 0) == (kind, 2)


def test_lines_are_counted_before_any_is_read() -> None:
    assert read(b"x\n" * 11, most=10) == Failure(TooManyLines(10))
    assert read(b" \n" * 99_999 + b'{"data":1}\n \n' * 10, most=10).map(len) == Success(10)
    assert read(b'{"data":1}\n' * 11, most=11).map(len) == Success(11)


@pytest.mark.parametrize("text", [b"", b"\n", b" \r\n\t\n", b" " * LONG, b"\n" * LONG])
def test_a_text_without_lines_is_refused(text: bytes) -> None:
    assert read(text) == Failure(NoLines())


def test_a_dataset_may_be_nested_deeply() -> None:
    deep = b"[" * 900 + b"]" * 900
    assert read(b'{"data":%b}' % deep) == Success([BatchEntry(None, encoded(deep))])
    too_deep = b'{"data":1}\n{"data":%b1%b}' % (b"[" * 50_000, b"]" * 50_000)
    fault = read(too_deep).failure()
    assert isinstance(fault, MalformedJson)
    assert (fault.code, fault.line) == ("json-too-deep", 2)


def test_numbers_that_javascript_rounds_are_warned_of_line_by_line() -> None:
    exact, rounded = b'{"a":[1,2.5]}', b'{"a":[1,12345678901234567890]}'
    found = read(b'{"data":%b}\n{"data":%b}\n{"data":%b}' % (exact, rounded, exact)).unwrap()
    assert [len(one.dataset.warnings) for one in found] == [0, 1, 0]
    assert found[1].dataset.warnings[0].first_pointer == "/a/1"


def test_no_entry_holds_the_text_of_its_dataset_twice() -> None:
    (entry,) = read(b'{"data":"%b"}' % (b"x" * 4_096)).unwrap()
    assert entry.dataset.body.text is None
    assert len(entry.dataset.body.data) < 4_096


@given(st.lists(st.tuples(strings, values), max_size=5), white_space)
def test_members_are_found_by_their_places(pairs: list[tuple[bytes, bytes]], space: bytes) -> None:
    joined = (space + b"," + space).join(name + space + b":" + space + value for name, value in pairs)
    text = space + b"{" + space + joined + space + b"}"
    assert [(name, text[start:end]) for name, start, end in members(text)] == pairs


@given(st.binary(max_size=99) | st.just(b"x" * 50_000))
def test_a_digest_is_that_of_the_bytes(text: bytes) -> None:
    assert asyncio.run(BODIES.digest(text)) == digest(text)


def test_many_lines_are_read_on_a_thread_and_few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    threads = []

    async def to_thread(work: object, *arguments: object) -> object:
        threads.append(work)
        return work(*arguments)  # type: ignore[operator]

    monkeypatch.setattr(asyncio, "to_thread", to_thread)
    for count, expected in ((1, 0), (63, 0), (65, 1)):
        threads.clear()
        assert read(b'{"data":1}\n' * count).map(len) == Success(count)
        assert len(threads) == expected
    assert batch_lines.NO_DATA == "batch-line-no-data"
