"""Streams: any pieces give the parts of the whole, compressed or not; damaged and endless ones are refused."""

import asyncio
import csv as python_csv
import gzip
import io
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.partitions.bounds import Bounds
from adapters.partitions.streams import StreamSplitter
from application.ports.job_tasks import InputObject, StreamMalformed, StreamPart
from domain.job_requests import Compression, CsvOptions, DataFormat
from domain.limits import MIB
from domain.partitions import InputFault, ObjectVersion
from tests.adapters.partitions.folder_store import pieces
from tests.adapters.partitions.test_ndjson import FLAT, VALUES

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

COMPRESS: Mapping[Compression, Callable[[bytes], bytes]] = {
    Compression.NONE: bytes,
    Compression.GZIP: gzip.compress,
    Compression.ZSTD: zstd.compress,
}
LONG_ROWS = CsvOptions(has_newlines_in_fields=True)


def split(
    data: bytes,
    data_format: DataFormat,
    part_bytes: int = 1 << 20,
    piece_bytes: int = 1 << 20,
    compression: Compression = Compression.NONE,
    csv: CsvOptions = LONG_ROWS,
    bounds: Bounds = Bounds(),  # noqa: B008 - frozen
) -> list[StreamPart]:
    """Split a stream into parts."""

    async def parts() -> list[StreamPart]:
        one = InputObject(ObjectVersion("in/a", len(data), "x"), data_format, compression)
        cut = StreamSplitter(bounds)(pieces(data, piece_bytes), 3, one, csv, part_bytes)
        return [part async for part in cut]

    return asyncio.run(parts())


def text_of(parts: list[StreamPart]) -> bytes:
    """Join parts, whose ranges must be their places in the text."""
    text = b""
    for part in parts:
        assert (part.range.start, part.range.end) == (len(text), len(text) + len(part.text))
        text += part.text
    return text


def fault_of(data: bytes, data_format: DataFormat = DataFormat.JSON, **changes: Any) -> tuple[InputFault, str]:
    """Return kind and message of the refusal of a stream."""
    with pytest.raises(StreamMalformed) as caught:
        split(data, data_format, **changes)
    assert isinstance(caught.value.error.kind, InputFault)
    return caught.value.error.kind, caught.value.error.message


@given(
    rows=st.lists(FLAT, max_size=8) | st.lists(VALUES, max_size=8),
    indent=st.sampled_from([None, 0, 1]),
    mark=st.sampled_from([b"", b"\xef\xbb\xbf", b" \n"]),
    compression=st.sampled_from(Compression),
    part_bytes=st.integers(1, 50),
    piece_bytes=st.integers(1, 40),
)
@example([{"a": "},{"}, {"a": "x"}, {"a": "y"}], None, b"", Compression.NONE, 1, 10_000)
@example([{"a": 1}, {"a": 2}, {"a": 3}, "},{"], 1, b"", Compression.NONE, 1, 10_000)
@example([1, 23, "a b", [], {}], None, b"", Compression.NONE, 1, 1)
def test_items_of_an_array_are_lines_wherever_its_text_is_cut(
    rows: list[Any], indent: int | None, mark: bytes, compression: Compression, part_bytes: int, piece_bytes: int
) -> None:
    data = mark + json.dumps(rows, indent=indent, ensure_ascii=False).encode()
    parts = split(COMPRESS[compression](data), DataFormat.JSON, part_bytes, piece_bytes, compression)
    whole = split(data, DataFormat.JSON, part_bytes)
    assert parts == whole
    assert [json.loads(line) for line in text_of(parts).split(b"\n")[:-1]] == rows
    assert all(part.text.find(b"\n", part_bytes - 1) == len(part.text) - 1 for part in parts[:-1])


TRICKY = st.text(alphabet='{}[],:"1a \n\\', max_size=20)


@given(text=TRICKY | TRICKY.map(lambda one: f"[{one}]"), piece_bytes=st.integers(1, 20))
@example("[1 2]", 3)
@example("[1 2]", 1)
@example("[1,,2]", 9)
@example("[,]", 9)
@example("[1,]", 9)
@example("[1}", 9)
@example('[{"a":1]', 9)
@example('[{"a":1}{"a":2},{"a":3}]', 99)
@example('[{"a":1},{"a":2}},{"a":3}]', 99)
@example('["a\nb"]', 99)
@example("[1]]", 9)
@example("[]1", 1)
def test_a_text_is_an_array_or_refused_or_has_a_line_that_is_no_value(text: str, piece_bytes: int) -> None:
    try:
        rows = json.loads(text)
    except ValueError:
        rows = None
    try:
        lines = text_of(split(text.encode(), DataFormat.JSON, 1, piece_bytes)).split(b"\n")
        items = [json.loads(line) for line in lines[:-1]]
        assert lines[-1] == b""
        assert b"" not in lines[:-1]
    except (StreamMalformed, ValueError):
        items = None
    assert items == (rows if isinstance(rows, list) else None)


@given(
    rows=st.lists(st.lists(st.text(alphabet='a";\n\r,', max_size=4), min_size=2, max_size=2), max_size=8),
    part_bytes=st.integers(1, 40),
    piece_bytes=st.integers(1, 30),
    compression=st.sampled_from(Compression),
)
def test_rows_of_csv_with_line_breaks_in_fields_are_never_cut(
    rows: list[list[str]], part_bytes: int, piece_bytes: int, compression: Compression
) -> None:
    out = io.StringIO(newline="")
    python_csv.writer(out).writerows(rows)
    data = out.getvalue().encode()
    parts = split(COMPRESS[compression](data), DataFormat.CSV, part_bytes, piece_bytes, compression)
    assert text_of(parts) == data
    read = [list(python_csv.reader(io.StringIO(part.text.decode(), newline=""))) for part in parts]
    assert [row for one in read for row in one] == rows


@pytest.mark.parametrize("compression", [Compression.GZIP, Compression.ZSTD])
def test_several_frames_are_one_text(compression: Compression) -> None:
    data = COMPRESS[compression](b"1\n2\n") + COMPRESS[compression](b"") + COMPRESS[compression](b"3\n")
    assert text_of(split(data, DataFormat.NDJSON, 2, 3, compression)) == b"1\n2\n3\n"


@pytest.mark.parametrize("compression", [Compression.GZIP, Compression.ZSTD])
@pytest.mark.parametrize("damage", ["truncated", "garbage", "trailing", "empty", "flipped"])
def test_a_damaged_object_is_refused(compression: Compression, damage: str) -> None:
    data = zstd.compress(b"12345\n" * 50, options={zstd.CompressionParameter.checksum_flag: 1})
    whole = data if compression is Compression.ZSTD else gzip.compress(b"12345\n" * 50)
    middle = len(whole) // 2
    damaged = {
        "truncated": whole[:-3],
        "garbage": b"12345\n" * 50,
        "trailing": whole + b"xyz1234",
        "empty": b"",
        "flipped": whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :],
    }[damage]
    kind, message = fault_of(damaged, DataFormat.NDJSON, compression=compression)
    assert kind is InputFault.INPUT_MALFORMED
    assert message.startswith("in/a: ")


@pytest.mark.parametrize("compression", [Compression.GZIP, Compression.ZSTD])
def test_a_line_that_never_ends_is_refused_before_it_is_held(compression: Compression) -> None:
    bomb = COMPRESS[compression](b"1" * (64 * MIB))
    kind, _ = fault_of(bomb, DataFormat.NDJSON, compression=compression, part_bytes=1000, bounds=Bounds(line_bytes=MIB))
    assert kind is InputFault.INPUT_TOO_LARGE
    kind, _ = fault_of(b'"' + b"a\n" * MIB, DataFormat.CSV, part_bytes=1000, bounds=Bounds(line_bytes=MIB))
    assert kind is InputFault.INPUT_TOO_LARGE
