"""Dumpers of the arrays that statements take: a column of a batch each, of few types.

For every array of every statement, psycopg's own search its elements for their type and build a dumper of that, which
took half of the time that it spends on a statement. Here each type of element has one dumper, made once, and the first
element that is not null tells the type. Arrays of other types are left to psycopg's.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import Any, Final, TypeAlias
from uuid import UUID

from psycopg import AsyncConnection, DataError
from psycopg.abc import DumperKey
from psycopg.adapt import PyFormat
from psycopg.types.array import BaseListDumper, ListBinaryDumper, ListDumper

_Dumped: TypeAlias = Callable[[Any], bytes]
_Spelt: TypeAlias = Callable[[Any], str]

_HEAD: Final = Struct("!IIIII")
"""Dimensions, whether there are nulls, the type of the elements, their number, and the index of the first."""
_LENGTH: Final = Struct("!i")
_INT8: Final = Struct("!q")
_FLOAT8: Final = Struct("!d")
_NULL: Final = _LENGTH.pack(-1)
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class BinaryArray(ListBinaryDumper):
    """The dumper of `%b`."""

    def get_key(self, obj: list[Any], format: PyFormat) -> DumperKey:  # noqa: A002 - the base class names it so
        kind = _element_type(obj)
        return (list, kind) if kind in _BINARY else super().get_key(obj, format)

    def upgrade(self, obj: list[Any], format: PyFormat) -> BaseListDumper:  # noqa: A002
        return _BINARY.get(_element_type(obj)) or super().upgrade(obj, format)


class TextArray(ListDumper):
    """The dumper of `%s`."""

    def get_key(self, obj: list[Any], format: PyFormat) -> DumperKey:  # noqa: A002
        kind = _element_type(obj)
        return (list, kind) if kind in _TEXT else super().get_key(obj, format)

    def upgrade(self, obj: list[Any], format: PyFormat) -> BaseListDumper:  # noqa: A002
        return _TEXT.get(_element_type(obj)) or super().upgrade(obj, format)


def register_arrays(conn: AsyncConnection[Any]) -> None:
    """Use these dumpers on a connection. As psycopg registers its own, text comes last and is the preferred form."""
    conn.adapters.register_dumper(list, BinaryArray)
    conn.adapters.register_dumper(list, TextArray)


class _Binary(ListBinaryDumper):
    """An array in the binary form of `array_recv`, of one type."""

    def __init__(self, oid: int, element_oid: int, dump: _Dumped) -> None:
        super().__init__(list)
        self.oid, self._of_elements, self._dump = oid, element_oid, dump

    def dump(self, obj: list[Any]) -> bytes:
        parts = [_HEAD.pack(1, None in obj, self._of_elements, len(obj), 1)]
        for one in obj:
            if one is None:
                parts.append(_NULL)
            else:
                data = self._dump(one)
                parts += (_LENGTH.pack(len(data)), data)
        return b"".join(parts)


class _Text(ListDumper):
    """An array as a literal, of one type; with 0, of the type that the statement casts it to."""

    def __init__(self, oid: int, spell: _Spelt) -> None:
        super().__init__(list)
        self.oid, self._spell = oid, spell

    def dump(self, obj: list[Any]) -> bytes:
        text = ",".join(["NULL" if one is None else self._spell(one) for one in obj])
        if "\0" in text:
            raise DataError("a text must not contain NUL")  # at which the driver would cut it off
        return f"{{{text}}}".encode()


def _element_type(values: list[Any]) -> type:
    for one in values:
        if one is not None:
            return type(one)
    return type(None)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _microseconds(at: datetime) -> bytes:
    return _INT8.pack((at - _EPOCH) // _MICROSECOND)


def _in_utc(at: datetime) -> str:
    return f'"{_EPOCH + (at - _EPOCH)}"'  # which a time without a zone cannot be subtracted from


_NULLS: Final = _Text(0, str)
_BINARY: Final[Mapping[type, BaseListDumper]] = {
    type(None): _NULLS,
    UUID: _Binary(2951, 2950, lambda one: one.bytes),
    bytes: _Binary(1001, 17, bytes),
    bool: _Binary(1000, 16, lambda one: b"\1" if one else b"\0"),
    int: _Binary(1016, 20, _INT8.pack),
    float: _Binary(1022, 701, _FLOAT8.pack),
    datetime: _Binary(1185, 1184, _microseconds),
}
"""By type, the object identifiers of the array and of its elements (`pg_type.dat`), which are the same everywhere."""
_TEXT: Final[Mapping[type, BaseListDumper]] = {
    type(None): _NULLS,
    str: _Text(0, _quoted),
    UUID: _Text(2951, str),
    int: _Text(1016, str),
    float: _Text(1022, repr),
    datetime: _Text(1185, _in_utc),
}
