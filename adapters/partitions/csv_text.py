"""CSV text before it is parsed: its encoding, its rows and its quotes (RFC 4180), and the line of the first fault.

The checks count what is outside quotes, in bulk. Only text that fails one is read row by row, to name the line.
"""

import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from attrs import field, frozen

from adapters.partitions.faults import TaskRefused, refused
from domain.job_requests import CsvOptions
from domain.partitions import InputFault

_BLANK_LINES: Final = re.compile(rb"\n(?:\r?\n)+")
_QUOTES: Final = re.compile(rb'""+')
_QUOTED: Final = (
    'has a quote within a value; a value with quotes has to be in quotes as a whole, and each quote in it doubled ("")'
)
_LONE_RETURN: Final = re.compile(rb"\r(?!\n)")
_RETURN: Final = (
    "has a carriage return that no line feed follows; write line breaks as \\n or \\r\\n, or quote the value"
)
_OPEN: Final = (
    "has a quote that is not closed in that line; if values have line breaks in them, set csv.newlines_in_fields"
)
csv.field_size_limit(2**31 - 1)


@frozen
class CsvText:
    """Rows in UTF-8, none of them blank, with as many fields each; `original` is the same with the blank ones."""

    data: bytes = field(repr=False)
    rows: int
    original: bytes = field(repr=False)


def to_utf_8(data: bytes, encoding: str) -> bytes:
    """Convert text to UTF-8. Raises `TaskRefused` with the line of the first byte that is no text."""
    if data.isascii():
        return data
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise refused(
            InputFault.INPUT_MALFORMED,
            f"line {line} has a byte that is not {encoding}; name the encoding in csv.encoding, such as windows-1252",
            line,
        ) from None
    return data if encoding == "utf-8" else text.encode()


def first_row(data: bytes, options: CsvOptions) -> tuple[list[str], int, int]:
    """Read the first row: its fields, its length in bytes, and its number of lines. Blank lines before it count."""
    start = len(data) - len(data.lstrip(b"\r\n"))
    end = start
    while end < len(data):
        found = data.find(b"\n", end)
        end = len(data) if found < 0 else found + 1
        if not options.has_newlines_in_fields or data.count(b'"', start, end) % 2 == 0:
            break
    line = data[start:end].decode()
    row = next(csv.reader(io.StringIO(line, newline=""), delimiter=options.delimiter), [])
    return row, end, data.count(b"\n", 0, end)


def checked_rows(data: bytes, columns: int, options: CsvOptions) -> CsvText:
    """Check rows. Raises `TaskRefused` with the line of the first one that has other fields or a stray quote."""
    if plain := _plain_rows(data, columns, options.delimiter.encode()):
        return CsvText(data, plain, data)
    parts = data.split(b'"') if b'"' in data else [data]
    outside = b'"'.join(parts[::2]).replace(b"\r\n", b"\n")
    has_line_breaks = data.count(b"\n") != outside.count(b"\n")
    if len(parts) % 2 == 0 or (has_line_breaks and not options.has_newlines_in_fields):
        raise _diagnosed(data, columns, options)
    if b"\r" in outside and (lone := _LONE_RETURN.search(data)) is not None:
        raise _malformed(data.count(b"\n", 0, lone.start()) + 1, _RETURN)
    has_blanks = outside[:1] == b"\n" or b"\n\n" in outside
    if has_blanks:
        outside = _BLANK_LINES.sub(b"\n", outside.lstrip(b"\n"))
    delimiter = options.delimiter.encode()
    rows = outside.count(b"\n") + (outside[-1:] not in (b"", b"\n"))
    if outside.count(delimiter) != rows * (columns - 1) or not _are_quotes_in_place(outside, delimiter):
        raise _diagnosed(data, columns, options)
    if not has_blanks:
        return CsvText(data, rows, data)
    text = _without_blank_rows(data, options) if has_line_breaks else _BLANK_LINES.sub(b"\n", data.lstrip(b"\r\n"))
    return CsvText(text, rows, data)


def _plain_rows(data: bytes, columns: int, delimiter: bytes) -> int | None:
    """Count the rows of text without quotes, if all have as many fields and none is blank; None if in doubt."""
    others = bytes(one for one in range(256) if one not in b'"\r\n' + delimiter)
    marks = data.translate(None, others)
    row = delimiter * (columns - 1) + (b"\r\n" if data[-2:] == b"\r\n" else b"\n")
    count = -(-len(marks) // len(row))
    whole = marks if data[-1:] == b"\n" else marks + b"\n"
    # a row of one column that is blank has marks like any other, and is left out
    return count if whole == row * count and not (columns == 1 and _has_blank_lines(data)) else None


def _has_blank_lines(text: bytes) -> bool:
    return text[:1] in (b"\n", b"\r") or b"\n\n" in text or b"\n\r" in text


def row_place(data: bytes, row: int, options: CsvOptions) -> int:
    """Find the number of the line, from 1, in which a row begins that is counted from 0."""
    for number, (line, _) in enumerate(_rows(data, options)):
        if number == row:
            return line
    return 1


def misread(text: CsvText, columns: int, options: CsvOptions) -> TaskRefused:
    """Find the fault of rows that the parser refused."""
    return _diagnosed(text.original, columns, options)


def _are_quotes_in_place(outside: bytes, delimiter: bytes) -> bool:
    """Tell whether each quoted value is a whole field. `outside` has one quote for it, and others for escapes in it."""
    text = _QUOTES.sub(b'"', outside)
    quotes = text.count(b'"')
    if not quotes:
        return True
    text = b"\n%b\n" % text
    before = text.count(delimiter + b'"') + text.count(b'\n"')
    behind = text.count(b'"' + delimiter) + text.count(b'"\n')
    return before == behind == quotes


def _diagnosed(data: bytes, columns: int, options: CsvOptions) -> TaskRefused:
    """Find the first row that is none."""
    try:
        for line, row in _rows(data, options):
            if not options.has_newlines_in_fields and any("\n" in value for value in row):
                return _malformed(line, _OPEN)
            if len(row) != columns:
                return _malformed(line, f"has {len(row)} fields instead of {columns}")
    except _NoRow as fault:
        open_line = None if options.has_newlines_in_fields else _open_quote(data)
        return _malformed(fault.line, _QUOTED) if open_line is None else _malformed(open_line, _OPEN)
    return _malformed(_stray_quote(data, options), _QUOTED)


class _NoRow(Exception):
    """The quotes of the row that begins in that line are not in place."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


def _rows(data: bytes, options: CsvOptions) -> Iterator[tuple[int, list[str]]]:
    """Read rows slowly, each with the number of its first line; blank ones are left out. Raises `_NoRow`."""
    reader = csv.reader(io.StringIO(data.decode(), newline=""), delimiter=options.delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            if row:
                yield line, row
            line = reader.line_num + 1
    except csv.Error:
        raise _NoRow(line) from None


def _open_quote(data: bytes) -> int | None:
    """Find the first line with an odd number of quotes."""
    return next((number for number, line in enumerate(io.BytesIO(data), 1) if line.count(b'"') % 2), None)


def _stray_quote(data: bytes, options: CsvOptions) -> int:
    """Find the first line with a quote in a value that is not in quotes."""
    inside = re.compile(rb'(?:^|%b)[^"\r\n%b][^"\r\n%b]*"' % ((re.escape(options.delimiter.encode()),) * 3))
    return next((number for number, line in enumerate(io.BytesIO(data), 1) if inside.search(line)), 1)


def _without_blank_rows(data: bytes, options: CsvOptions) -> bytes:
    """Write rows again without the blank lines between them. Their quotes are in place."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=options.delimiter, lineterminator="\n").writerows(row for _, row in _rows(data, options))
    return out.getvalue().encode()


def _malformed(line: int, fault: str) -> TaskRefused:
    return refused(InputFault.INPUT_MALFORMED, f"line {line} {fault}", line)
