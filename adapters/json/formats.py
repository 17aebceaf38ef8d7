"""Recognition of other formats by the first bytes of a refused text: compressed and binary files, CSV, HTML, forms.

Only the first kilobytes are read, and for a zip archive the last ones, which list its files.
"""

import re
from typing import Final

from adapters.json.finding import Finding, finding
from adapters.json.positions import Text

HEAD_BYTES: Final = 4 * 1024
_TAIL_BYTES: Final = 64 * 1024

_BINARY: Final = (
    (b"\x1f\x8b", "looks-like-gzip", "gzip"),
    (b"\x28\xb5\x2f\xfd", "looks-like-zstd", "zstd"),
    (b"PK\x03\x04", "looks-like-zip", "zip"),
    (b"PK\x05\x06", "looks-like-zip", "zip"),
    (b"PAR1", "looks-like-parquet", "Parquet"),
    (b"BZh", "looks-like-binary", "bzip2"),
    (b"\xfd7zXZ\0", "looks-like-binary", "xz"),
    (b"\x04\x22\x4d\x18", "looks-like-binary", "LZ4"),
    (b"7z\xbc\xaf\x27\x1c", "looks-like-binary", "7-Zip"),
    (b"ARROW1", "looks-like-binary", "Arrow (Feather)"),
    (b"ORC", "looks-like-binary", "ORC"),
    (b"Obj\x01", "looks-like-binary", "Avro"),
    (b"SQLite format 3\0", "looks-like-binary", "SQLite"),
    (b"\x93NUMPY", "looks-like-binary", "NumPy"),
    (b"\xd0\xcf\x11\xe0", "looks-like-binary", "XLS"),
    (b"%PDF", "looks-like-binary", "PDF"),
)
_SKIPPABLE_ZSTD: Final = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
_PICKLE: Final = re.compile(rb"\x80[\x02-\x05](?:\x95|[\]}\x8c(cK])")
_WORKBOOK: Final = b"xl/"

_NAME: Final = rb"[a-z_][\w.%+*\[\]-]{0,100}"
"""The name of a form's field."""
_TEXTS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), code)
    for pattern, code in (
        (rb"<(?:!doctype\s+html|html|head|body)\b", "looks-like-html"),
        (rb"<(?:\?xml|!--|[a-z_][\w:.-]*[\s/>])", "looks-like-xml"),
        (rb"```", "looks-like-markdown"),
        (rb"HTTP/[0-9.]+ [0-9]{3}", "looks-like-http-response"),
        (rb"--[^\r\n]{1,200}\r?\nContent-", "looks-like-multipart"),
        (rb"@[\w./~-]{1,200}\s*\Z", "looks-like-file-name"),
        (_NAME + rb"=[\[{\"%]", "looks-like-form"),
        (_NAME + rb"=[^\s&]*(?:&" + _NAME + rb"=[^\s&]*)*(?:&[^\s&=]*)?\s*\Z", "looks-like-form"),
    )
)

_SEPARATORS: Final = (b";", b"\t", b",", b"|")
"""A semicolon comes first: where it separates values, commas are often decimal marks."""
_SEPARATOR_LINE: Final = re.compile(rb"sep=([;,\t|])\r?\n", re.IGNORECASE)
_QUOTED: Final = re.compile(rb'"(?:[^"]|"")*+"')
_NO_TABLE: Final = re.compile(rb'[{\[]|//|/\*|"[^"]*"\s*:')


def binary_format(text: Text) -> Finding | None:
    """Recognise a compressed or another binary format by its signature."""
    head = bytes(text[:HEAD_BYTES])
    if _SKIPPABLE_ZSTD.match(head):
        return Finding("looks-like-zstd", 0, (("format", "zstd"),), None)
    if _PICKLE.match(head):
        return Finding("looks-like-binary", 0, (("format", "pickle"),), None)
    for signature, code, name in _BINARY:
        if head.startswith(signature):
            is_workbook = code == "looks-like-zip" and _WORKBOOK in head + bytes(text[-_TAIL_BYTES:])
            return Finding("looks-like-xlsx" if is_workbook else code, 0, (("format", name),), None)
    return None


def text_format(text: Text, at: int) -> Finding | None:
    """Recognise a text format by its beginning at `at`, which is not white space."""
    head = bytes(text[at : at + HEAD_BYTES])
    for pattern, code in _TEXTS:
        if pattern.match(head):
            return finding(code, at)
    separator = _separator(head, at + HEAD_BYTES >= len(text))
    return None if separator is None else finding("looks-like-csv", at, separator=separator)


def _separator(head: bytes, is_whole: bool) -> str | None:
    """Find the separator of CSV: as many in the first line as in the second, or in the only one without a space."""
    if named := _SEPARATOR_LINE.match(head):
        return _shown(named[1])
    lines = [_QUOTED.sub(b"", one).strip(b"\r") for one in head.split(b"\n", 3)[:3] if one.strip()]
    if any(_NO_TABLE.match(one) for one in head.split(b"\n", 2)[:2]) or any(b'"' in one for one in lines[:2]):
        return None
    if not is_whole and len(lines) < 3:
        lines = lines[:-1]  # the last one may be cut
    return next((_shown(one) for one in _SEPARATORS if _separates(one, lines[:2])), None)


def _separates(separator: bytes, lines: list[bytes]) -> bool:
    counts = {one.count(separator) for one in lines}
    if len(counts) != 1 or 0 in counts:
        return False
    alone = lines[0].strip()
    return len(lines) > 1 or (separator + b" " not in alone and separator not in alone[:1] + alone[-1:])


def _shown(separator: bytes) -> str:
    return r"\t" if separator == b"\t" else separator.decode("latin-1")
