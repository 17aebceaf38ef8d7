"""Texts that are hard to read: repeated, nested and mixed, made of the elements of the formats in use here."""

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import Final

from tests.support.zstd import zstd

Make = Callable[[int], bytes]
"""Makes a text of about that many bytes."""

_UNITS: Final[Mapping[str, tuple[bytes, ...]]] = {
    "characters": (
        b"a",
        b" ",
        b"\n",
        b"\t ",
        b"\0",
        b"\xff",
        "é".encode(),
        "💳".encode(),
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
    ),
    "json": (
        b"[",
        b"{",
        b"]",
        b"[],",
        b"{},",
        b'"',
        b'"",',
        b"0",
        b"1,",
        b"-",
        b"1.5,",
        b"1e999,",
        b"9007199254740993,",
    ),
    "more json": (b"0.1000000000000000055,", b'{"a":', b'{"a":[', b'"a":1,', b"[[],", b"nul", b"true,", b"\r\n[1]"),
    "escapes": (
        b"\\",
        b'\\"',
        b'\\\\"',
        b"\\u0041",
        b"\\ud83d",
        b"\\ud83d\\ude00",
        b"%",
        b"%25",
        b"%2",
        b"~1",
        b"&amp;",
    ),
    "headers": (
        b",",
        b";",
        b"=",
        b", ",
        b"a;q=0.1,",
        b"*/*,",
        b";q=1",
        b'W/"a",',
        b'"a",',
        b'"a',
        b"wait=",
        b"wait=1;",
        b":",
    ),
    "query": (b"&", b"a=b&", b"limit=1&", b"%5B=&", b"+", b"a&"),
    "javascript": (
        b"`",
        b"${",
        b"`${",
        b"\\${\\`",
        b"}",
        b"(",
        b"/*",
        b"//",
        b"'",
        b"import ",
        b"toLocaleString",
        b"Intl.",
    ),
    "traces": (b" at (", b"    at f (script.js:1:1)\n", b"script.js:", b" at a (", b"ReferenceError: ", b"1:"),
    "numbers": (b"00-", b"-00-", b"1234567890", b"f", b"0000000000000000e", b"e", b".", b"+1e-5 "),
}
_NESTS: Final = ((b"[", b"]"), (b'{"a":', b"}"), (b"(", b")"), (b"`${", b"}`"), (b'[{"a":', b"}]"), (b'"', b"\\"))
_WRAPS: Final[Mapping[str, tuple[bytes, bytes]]] = {
    "string": (b'"', b'"'),
    "array": (b"[", b"0]"),
    "key": (b'{"', b'":1}'),
}
_WRAPPED: Final = (
    b"a",
    b" ",
    b"\\\\",
    b'\\"',
    b"\\u0041",
    b"\\ud83d",
    b"[],",
    b"{},",
    b"1,",
    b"1e400,",
    b"0",
    b'"",',
    b"9007199254740993,",
)


OF_HEADERS: Final = ("characters", "escapes", "headers", "query", "numbers")
OF_JSON: Final = ("characters", "json", "more json", "escapes", "numbers")
OF_SCRIPTS: Final = ("characters", "escapes", "javascript", "traces")


def texts(families: Sequence[str] = tuple(_UNITS)) -> Iterator[tuple[str, Make]]:
    """Yield each text's name and maker, of units that belong to a format."""
    units = [one for name in families for one in _UNITS[name]]
    for unit in units:
        yield f"{_named(unit)} repeated", _repeated(b"", unit, b"")
    for opening, closing in _NESTS:
        yield f"{_named(opening)} nested", _nested(opening, closing)
    for name, (before, behind) in _WRAPS.items():
        for unit in _WRAPPED if name == "string" or "more json" in families else ():
            yield f"{_named(unit)} in a {name}", _repeated(before, unit, behind)
    yield "all of them, mixed", _repeated(b"", b"".join(units), b"")


def plain() -> Iterator[tuple[str, Make]]:
    """Yield a few texts, for readers that take texts of any content alike."""
    for unit in (b"a", b"\0", "é".encode()):
        yield f"{_named(unit)} repeated", _repeated(b"", unit, b"")


def items() -> Iterator[tuple[str, Make]]:
    """Yield the items of an array: many short ones, one long one, and one that is deep."""
    for unit in (b"{},", b'"",', b'{"keyid":"a","public_key":"b"},'):
        yield f"{_named(unit)} repeated", _repeated(b"", unit, b"0")
    yield "a long string", _repeated(b'"', b"\\u0041", b'"')
    yield "arrays nested", _nested(b"[", b"]")


def encodings() -> Iterator[tuple[str, Make]]:
    """Yield the same of frames and members: bombs, empty ones, small ones, and unusual blocks."""
    empty_gzip, empty_zstd = _gzip(b""), zstd.compress(b"")
    yield "gzip bomb", lambda size: _gzip(bytes(size * 900))[:size]
    yield "zstd bomb", lambda size: _zstd_bomb(size)
    yield "empty gzip members", _repeated(b"", empty_gzip, b"")
    yield "small gzip members", _repeated(b"", _gzip(b"a"), b"")
    yield "empty zstd frames", _repeated(b"", empty_zstd, b"")
    yield "small zstd frames", _repeated(b"", zstd.compress(b"a"), b"")
    yield "skippable frames", _repeated(b"", b"\x50\x2a\x4d\x18\0\0\0\0", b"")
    yield "a skippable frame", _repeated(b"\x50\x2a\x4d\x18\xff\xff\xff\xff", b"a", b"")
    yield "empty blocks", _repeated(b"\x28\xb5\x2f\xfd\x00\x58", b"\0\0\0", b"")
    yield "raw blocks of a byte", _repeated(b"\x28\xb5\x2f\xfd\x00\x58", b"\x08\0\0a", b"")
    yield "gzip with a long name", _repeated(b"\x1f\x8b\x08\x08\0\0\0\0\0\x03", b"a", b"")
    yield "gzip stored blocks", _repeated(b"\x1f\x8b\x08\0\0\0\0\0\0\x03", b"\0\0\0\xff\xff", b"")


def lines_to_compare() -> Iterator[tuple[str, Make]]:
    """Yield texts whose lines are compared with those of the reversed text: few of them are equal, or most."""
    yield "empty lines", _repeated(b"a", b"\n", b"b")
    yield "lines of two letters", lambda size: b"".join(_letters(size // 2))
    yield "numbered lines", lambda size: b"".join(b"%d\n" % number for number in range(size // 6))
    yield "every other line empty", lambda size: b"".join(b"%d\n\n" % number for number in range(size // 7))


def _letters(count: int) -> list[bytes]:
    return Random(count).choices((b"a\n", b"b\n"), k=count)


def _named(unit: bytes) -> str:
    return repr(unit)[1:][:30]


def _repeated(before: bytes, unit: bytes, behind: bytes) -> Make:
    return lambda size: before + unit * max(1, (size - len(before) - len(behind)) // len(unit)) + behind


def _nested(opening: bytes, closing: bytes) -> Make:
    def make(size: int) -> bytes:
        depth = size // (len(opening) + len(closing))
        return opening * depth + b"1" + closing * depth

    return make


def _gzip(text: bytes) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return packer.compress(text) + packer.flush()


def _zstd_bomb(size: int) -> bytes:
    block = (128 * 1024 << 3 | 1 << 1).to_bytes(3, "little") + b"a"
    return b"\x28\xb5\x2f\xfd\x00\x58" + block * (size // len(block))
