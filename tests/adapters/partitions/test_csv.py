"""CSV: the values of Python's reader by the types of the columns, in any ranges, and the line of every fault."""

import asyncio
import csv as python_csv
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.ports.job_tasks import InputObject, Inspected, InspectTask, Processed
from domain.job_requests import ColumnType, Compression, CsvOptions, DataFormat
from domain.jobs import Column
from domain.partitions import InputFault, ObjectVersion, PartitionRange, RangeUnit
from domain.warnings import NumberWarningKind
from tests.adapters.partitions.folder_store import FolderStore, a_url
from tests.adapters.partitions.tasks import (
    COMMAS,
    JOB,
    FakeSandbox,
    a_performer,
    a_process_task,
    an_input,
    error_of,
    rows_of_cuts,
)

TEXT = st.text(alphabet='aé",;. 0', max_size=4)
ROWS = st.lists(st.tuples(TEXT, st.integers(-(2**60), 2**60) | st.none(), st.booleans() | st.none()), max_size=8)
KINDS = (ColumnType.STRING, ColumnType.NUMBER, ColumnType.BOOLEAN)
COLUMNS = tuple(map(Column, ("texto", "n", "ok"), KINDS))


def written(rows: list[tuple[Any, ...]], options: CsvOptions, line_break: str, is_ended: bool, blank: str) -> bytes:
    """Write CSV as Python does, with the header and perhaps blank lines."""
    out = io.StringIO(newline="")
    writer = python_csv.writer(out, delimiter=options.delimiter, lineterminator=line_break + blank)
    if options.has_header:
        writer.writerow([one.name for one in COLUMNS])
    for text, number, flag in rows:
        writer.writerow([text, number, None if flag is None else str(flag).lower()])
    text = out.getvalue()
    return (text if is_ended else text.removesuffix(line_break + blank)).encode(options.encoding)


@given(
    rows=ROWS,
    options=st.builds(
        CsvOptions,
        delimiter=st.sampled_from([",", ";", "\t"]),
        encoding=st.sampled_from(["utf-8", "iso-8859-1", "windows-1252"]),
        has_header=st.booleans(),
    ),
    line_break=st.sampled_from(["\n", "\r\n"]),
    is_ended=st.booleans(),
    blank=st.sampled_from(["", "\n"]),
    part_bytes=st.integers(1, 60),
)
def test_the_rows_of_all_ranges_are_those_of_pythons_reader(
    rows: list[tuple[Any, ...]], options: CsvOptions, line_break: str, is_ended: bool, blank: str, part_bytes: int
) -> None:
    data = written(rows, options, line_break, is_ended, blank)
    with TemporaryDirectory() as folder:
        store = FolderStore(Path(folder), 16)
        given_input = an_input(options, columns=COLUMNS)
        parts, reports = asyncio.run(
            rows_of_cuts(store, store.put("a.csv", data), part_bytes, format=DataFormat.CSV, input=given_input)
        )
    names = [one.name for one in COLUMNS]
    found = [dict(zip(names, row, strict=True)) for row in rows]
    assert [evolve_text(row) for part in parts for row in part] == [evolve_text(row) for row in found]
    assert sum(report.result.rows for report in reports) == len(rows)


def evolve_text(row: dict[str, Any]) -> dict[str, Any]:
    """Take an empty text for null: Python writes it without quotes if its row has other fields."""
    return {**row, "texto": row["texto"] or None}


def inspect(store: FolderStore, *versions: ObjectVersion, csv: CsvOptions = COMMAS, **changes: Any) -> Any:
    """Inspect CSV objects."""
    objects = tuple(InputObject(one, DataFormat.CSV, changes.get("compression", Compression.NONE)) for one in versions)
    selected = changes.get("selected")
    task = InspectTask(job=JOB, input=an_input(csv, selected=selected), objects=objects)
    return asyncio.run(a_performer(store, FakeSandbox())(task))


def rows_of(
    store: FolderStore,
    data: bytes,
    kinds: str,
    csv: CsvOptions = COMMAS,
    **changes: Any,
) -> Any:
    """Process an object with columns a, b, … of these types (n, s, b); return its rows or its report."""
    types = {"n": ColumnType.NUMBER, "s": ColumnType.STRING, "b": ColumnType.BOOLEAN}
    columns = tuple(Column(name, types[kind]) for name, kind in zip("abcdef", kinds, strict=False))
    version, sandbox = store.put("in/a.csv", data), FakeSandbox()
    given_input = an_input(csv, columns=columns, selected=changes.pop("selected", None))
    task = a_process_task(version, format=DataFormat.CSV, input=given_input, **changes)
    report = asyncio.run(a_performer(store, sandbox)(task))
    return json.loads(sandbox.trials[0].dataset.text or b"") if sandbox.trials else report


def test_types_are_inferred_from_the_first_rows(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    data = b"id,valor,cep,ativo,obs,vazio,data\n1,1.5e3,01310,true,x,,2024-01-31\n-2,,22,false,,,\n"
    report = inspect(store, store.put("a.csv", data), csv=CsvOptions(types={"id": ColumnType.STRING}))
    assert isinstance(report, Inspected)
    assert {one.name: one.type.value for one in report.columns or ()} == {
        "id": "string",
        "valor": "number",
        "cep": "string",
        "ativo": "boolean",
        "obs": "string",
        "vazio": "string",
        "data": "string",
    }


def test_the_first_object_with_rows_tells_the_types(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    versions = [store.put("0.csv", b""), store.put("1.csv", b"a,b\n"), store.put("2.csv", b"a,b\n1,x\n")]
    assert inspect(store, *versions).columns == (Column("a", ColumnType.NUMBER), Column("b", ColumnType.STRING))
    assert inspect(store, *versions[:2]).columns == (Column("a", ColumnType.STRING), Column("b", ColumnType.STRING))


def test_without_a_header_columns_have_numbers(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    report = inspect(store, store.put("a.csv", b"1;x\n"), csv=CsvOptions(has_header=False, delimiter=";"))
    assert [one.name for one in report.columns] == ["column_1", "column_2"]


def test_numbers_keep_their_form_and_empty_fields_are_null(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    assert rows_of(store, b'a,b,c\n1,2.50,\n-0,"",x\n', "nns") == [
        {"a": 1, "b": 2.5, "c": None},
        {"a": 0, "b": None, "c": "x"},
    ]
    text = rows_of(store, b"a;b\n1,5;x\n10;\n", "ns", CsvOptions(delimiter=";", decimal=","))
    assert text == [{"a": 1.5, "b": "x"}, {"a": 10, "b": None}]


def test_columns_are_selected_in_the_order_of_the_request(tmp_path: Path) -> None:
    rows = rows_of(FolderStore(tmp_path), b"a,b,c\n1,2,3\n", "nnn", selected=("c", "a"))
    assert [list(row.items()) for row in rows] == [[("c", 3), ("a", 1)]]


FAULTS = {
    "few fields": (b"a,b\n1,2\n\n3\n", "nn", {}, 4, "1 fields instead of 2"),
    "many fields": (b"a,b\n1,2\n3,4,5\n6\n", "nn", {}, 3, "3 fields instead of 2"),
    "few and many": (b"a,b\n1\n3,4,5\n", "nn", {}, 2, "1 fields"),
    "unclosed": (b'a,b\n1,2\n3,"4\n5,6\n', "ns", {}, 3, "newlines_in_fields"),
    "unclosed twice": (b'a,b\n1,2\n3,"4\n5",6\n', "ns", {}, 3, "newlines_in_fields"),
    "unclosed long": (b'a,b\n1,2\n3,"4\n5,6\n', "ns", {"has_newlines_in_fields": True}, 3, "quote"),
    "quote inside": (b'a,b\n1,2\n3,4"5"\n', "ns", {}, 3, "quote within"),
    "quote then more": (b'a,b\n1,2\n3,"4"5\n', "ns", {}, 3, "quote within"),
    "encoding": (b"a,b\n1,x\n2,\xe9\n", "ns", {}, 3, "windows-1252"),
    "undefined byte": (b"a,b\n1,x\n2,\x81\n", "ns", {"encoding": "windows-1252"}, 3, "windows-1252"),
    "leading zero": (b"a,b\n1,x\n\n007,y\n", "ns", {}, 4, "'007'"),
    "plus": (b"a,b\n+1,x\n", "ns", {}, 2, "'+1'"),
    "infinite": (b"a,b\n1,x\ninf,x\n", "ns", {}, 3, "'inf'"),
    "no boolean": (b"a,b\n1,TRUE\n", "nb", {}, 2, "'TRUE'"),
    "point": (b"a;b\n1,5;x\n1.5;x\n", "ns", {"delimiter": ";", "decimal": ","}, 3, "'1.5'"),
    "thousands": (b"a;b\n1.234,5;x\n", "ns", {"delimiter": ";", "decimal": ","}, 2, "'1.234,5'"),
    "header": (b"a,c\n1,2\n", "nn", {}, 1, "other columns"),
    "delimiter": (b"a;b\n1;2\n", "n", {}, 1, "csv.delimiter"),
    "twice": (b"a,a\n1,2\n", "nn", {}, 1, "alike"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_line_of_a_fault_is_named(tmp_path: Path, fault: str) -> None:
    data, kinds, options, line, words = FAULTS[fault]
    error = error_of(rows_of(FolderStore(tmp_path), data, kinds, CsvOptions(**options)))  # type: ignore[arg-type]
    assert (error.kind, error.line) == (InputFault.INPUT_MALFORMED, line), error.message
    assert words in error.message
    assert error.message.startswith(f"line {line} ")
    assert "in/a.csv" in error.message


def test_a_value_that_does_not_fit_names_its_column(tmp_path: Path) -> None:
    assert error_of(rows_of(FolderStore(tmp_path), b"a,b\n1,2\n3,x\n", "nn")).column == "b"


def test_lines_of_a_later_range_are_counted_from_its_beginning(tmp_path: Path) -> None:
    span = PartitionRange(0, RangeUnit.BYTES, 5, 16)
    error = error_of(rows_of(FolderStore(tmp_path), b"a,b\n1,2\n3,4\nx,6\n", "nn", span=span))
    assert error.line == 2
    assert "from byte 8 on" in error.message


@pytest.mark.parametrize("member", ["selected", "types"])
def test_an_unknown_column_is_refused(tmp_path: Path, member: str) -> None:
    store = FolderStore(tmp_path)
    csv = CsvOptions(types={"z": ColumnType.STRING} if member == "types" else {})
    selected = ("z",) if member == "selected" else None
    error = error_of(inspect(store, store.put("a.csv", b"a,b\n1,2\n"), csv=csv, selected=selected))
    assert (error.kind, error.column) == (InputFault.INPUT_MALFORMED, "z")


def test_line_breaks_in_fields_are_read_where_the_request_says_so(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    data = b'a,b\r\n1,"x\r\n\r\ny"\r\n\r\n2,"z"\r\n'
    text = a_url("text/0.ndjson")
    store.put("text/0.ndjson", data)
    rows = rows_of(
        store,
        b"",
        "ns",
        CsvOptions(has_newlines_in_fields=True),
        text=text,
        span=PartitionRange(0, RangeUnit.TEXT, 0, len(data)),
    )
    assert rows == [{"a": 1, "b": "x\r\n\r\ny"}, {"a": 2, "b": "z"}]


def test_compressed_csv_is_inspected_by_its_first_part(tmp_path: Path) -> None:
    import gzip

    store = FolderStore(tmp_path)
    version = store.put("a.csv.gz", gzip.compress(b"a,b\n1,x\n"))
    assert inspect(store, version, compression=Compression.GZIP).columns[0].type is ColumnType.NUMBER


@pytest.mark.parametrize("compression", [Compression.NONE, Compression.GZIP])
def test_the_text_of_an_object_is_estimated_by_its_first_rows(tmp_path: Path, compression: Compression) -> None:
    import gzip

    store, rows = FolderStore(tmp_path), [{"quite_a_long_name": number % 10} for number in range(1000)]
    data = b"quite_a_long_name\n" + b"".join(b"%d\n" % one["quite_a_long_name"] for one in rows)
    version = store.put("a.csv", data if compression is Compression.NONE else gzip.compress(data))
    (inspected,) = inspect(store, version, compression=compression).objects
    assert inspected.text_bytes is not None
    expansion = len(json.dumps(rows, separators=(",", ":"))) / len(data)
    assert inspected.text_bytes / version.size_bytes == pytest.approx(expansion, rel=0.1)


def test_a_large_part_has_all_of_its_rows(tmp_path: Path) -> None:
    store, count = FolderStore(tmp_path), 40_000
    rows = rows_of(store, b"".join(b"%d\n" % number for number in range(count)), "n", CsvOptions(has_header=False))
    assert [row["a"] for row in rows] == [*range(count)]


def test_integers_that_javascript_rounds_are_warned_of(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    version = store.put("a.csv", b"a\n9007199254740993\n")
    given_input = an_input(columns=(Column("a", ColumnType.NUMBER),))
    report = asyncio.run(
        a_performer(store, FakeSandbox())(a_process_task(version, format=DataFormat.CSV, input=given_input))
    )
    assert isinstance(report, Processed)
    assert [one.kind for one in report.result.warnings] == [NumberWarningKind.INTEGER_PRECISION]


@given(
    data=st.text(alphabet='a"1,\n\r é', max_size=24),
    has_long_rows=st.booleans(),
    encoding=st.sampled_from(["utf-8", "windows-1252"]),
    kinds=st.sampled_from(["s", "ss"]),
)
def test_any_text_is_refused_or_read_as_python_reads_it(
    data: str, has_long_rows: bool, encoding: str, kinds: str
) -> None:
    options = CsvOptions(has_header=False, has_newlines_in_fields=has_long_rows, encoding=encoding)
    with TemporaryDirectory() as folder:
        report = rows_of(FolderStore(Path(folder)), data.encode(encoding), kinds, options)
    if isinstance(report, list):
        rows = [row for row in python_csv.reader(io.StringIO(data, newline=""), strict=True) if row]
        assert [list(row.values()) for row in report] == [[value or None for value in row] for row in rows]
    elif isinstance(report, Processed):
        assert not data.strip("\r\n")
    else:
        error = error_of(report)
        assert (error.kind, error.line is not None) == (InputFault.INPUT_MALFORMED, True)
