"""NDJSON in ranges of bytes: each row once and in order, wherever the cuts are; lines that are no values refused."""

import asyncio
import hashlib
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.partitions.bounds import Bounds
from domain.partitions import InputFault, PartitionRange, RangeUnit
from tests.adapters.partitions.folder_store import FolderStore
from tests.adapters.partitions.tasks import FakeSandbox, a_performer, a_process_task, error_of, rows_of_cuts

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 10**6) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
FLAT = st.fixed_dictionaries({"id": st.integers(0, 99), "nome": st.text(max_size=5)})
LINES = st.lists(FLAT, max_size=12) | st.lists(FLAT | VALUES, max_size=12)


def written(rows: list[Any], line_break: str, is_ended: bool, blank: str, mark: bool) -> bytes:
    """Write lines, with a blank one or a byte order mark if they are not empty."""
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    text = (line_break + blank).join(lines) + (line_break if is_ended else "")
    return (b"\xef\xbb\xbf" if mark else b"") + text.encode("utf-8", "surrogatepass")


@given(
    rows=LINES,
    line_break=st.sampled_from(["\n", "\r\n"]),
    is_ended=st.booleans(),
    blank=st.sampled_from(["", "", "\n", " \r\n"]),
    mark=st.booleans(),
    part_bytes=st.integers(1, 60),
    piece_bytes=st.integers(1, 70),
)
def test_the_rows_of_all_ranges_are_those_of_the_object(
    rows: list[Any], line_break: str, is_ended: bool, blank: str, mark: bool, part_bytes: int, piece_bytes: int
) -> None:
    data = written(rows, line_break, is_ended, blank, mark)
    with TemporaryDirectory() as folder:
        store = FolderStore(Path(folder), piece_bytes)
        parts, reports = asyncio.run(rows_of_cuts(store, store.put("a.ndjson", data), part_bytes))
    assert [row for part in parts for row in part] == rows
    assert [report.result.rows for report in reports] == [len(part) for part in parts]
    taken = [one.result for one in reports if one.result.range.end > one.result.range.start]
    assert b"".join(data[one.range.start : one.range.end] for one in taken) == data
    for one in (report.result for report in reports):
        text = data[one.range.start : one.range.end]
        assert (one.input_bytes, one.input_sha256) == (len(text), hashlib.sha256(text).hexdigest())


TRICKY = st.text(alphabet='{}[],:"1a \n\r', min_size=1, max_size=24)


@given(text=TRICKY)
@example('{"a":1},{"b":2}')
@example('{"a":1\n"b":2}')
@example('{"a":[{}\n{}]}')
@example('{"a":"x}\n{y":1}')
@example('1,{"a":1}\n{"b":1},2')
@example('{"a":"}"},{\n}')
@example('"{","}"\n{}')
@example('{"a":1},2\n{"b":2}')
@example("[1\n2]")
@example('["a\nb"]')
def test_text_that_becomes_an_array_has_one_value_a_line(text: str) -> None:
    with TemporaryDirectory() as folder:
        store = FolderStore(Path(folder))
        sandbox = FakeSandbox()
        report = asyncio.run(a_performer(store, sandbox)(a_process_task(store.put("a", text.encode()))))
    try:
        lines = [json.loads(line) for line in text.split("\n") if line.strip(" \r")]
    except json.JSONDecodeError:
        assert error_of(report).kind is InputFault.INPUT_MALFORMED
    else:
        assert [json.loads(one.dataset.text or b"") for one in sandbox.trials] == ([lines] if lines else [])


@pytest.mark.parametrize(
    ("line", "place"),
    [
        (b'{"a":1},{"b":2}', "column 8"),
        (b'{"a":', "column"),
        (b'{"a":\xff}', "not UTF-8"),
        (b'{"a":"\xed\xa0\x80"}', "not UTF-8"),
        (b"id;name", ""),
        (b'{"a":{"b":1}', ""),
    ],
)
async def test_a_line_that_is_no_value_is_named(tmp_path: Path, line: bytes, place: str) -> None:
    store = FolderStore(tmp_path)
    version = store.put("in/a.ndjson", b'{"a":{"b":1}}\n\n' + line + b'\n{"a":2}\n')
    error = error_of(await a_performer(store, FakeSandbox())(a_process_task(version)))
    assert (error.kind, error.line) == (InputFault.INPUT_MALFORMED, 3)
    assert place in error.message
    assert "in/a.ndjson" in error.message


async def test_lines_of_a_later_range_are_counted_from_its_beginning(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    version = store.put("a.ndjson", b'{"a":1}\n{"a":2}\nx\n')
    span = PartitionRange(0, RangeUnit.BYTES, 3, version.size_bytes)
    error = error_of(await a_performer(store, FakeSandbox())(a_process_task(version, span)))
    assert error.line == 2
    assert "from byte 3 on" in error.message


async def test_an_object_in_another_version_or_gone_is_refused(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    perform = a_performer(store, FakeSandbox())
    version = store.put("a.ndjson", b"1\n")
    store.put("a.ndjson", b"2\n")
    assert error_of(await perform(a_process_task(version))).kind is InputFault.INPUT_CHANGED
    (tmp_path / "a.ndjson").unlink()
    assert error_of(await perform(a_process_task(version))).kind is InputFault.INPUT_MISSING


async def test_a_line_or_a_text_that_is_too_long_is_refused(tmp_path: Path) -> None:
    store = FolderStore(tmp_path, 16)
    version = store.put("a.ndjson", b'"%b"\n' % (b"x" * 100) + b"1\n" * 100)
    long_line = a_performer(store, FakeSandbox(), Bounds(line_bytes=50, text_bytes=1000))
    error = error_of(await long_line(a_process_task(version)))
    assert (error.kind, "line at byte 0" in error.message) == (InputFault.INPUT_TOO_LARGE, True)
    long_text = a_performer(store, FakeSandbox(), Bounds(line_bytes=200, text_bytes=150))
    error = error_of(await long_text(a_process_task(version)))
    assert (error.kind, "partition.bytes" in error.message) == (InputFault.INPUT_TOO_LARGE, True)


async def test_only_the_first_partition_warns_of_numbers(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    version = store.put("a.ndjson", b'{"a":9007199254740993}\n')
    perform = a_performer(store, FakeSandbox())
    first, second = [await perform(a_process_task(version, number=number)) for number in (0, 1)]
    assert len(first.result.warnings) == 1  # type: ignore[union-attr]
    assert second.result.warnings == ()  # type: ignore[union-attr]
