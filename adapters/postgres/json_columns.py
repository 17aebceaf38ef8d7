"""Columns of JSON objects, each for the members of a domain class that have no column of their own.

A new member needs no migration and changes no statement: the class has it, with a default for the rows that do not.
Members with their defaults are left out, and a column without members is null, as in rows of releases that do not know
it. Members that only a later release knows are ignored, since it may write while this code still runs.

PostgreSQL's JSON has no U+0000 and no lone surrogates: a text has to be sanitised before it is a member.
"""

from typing import Any, TypeVar

import msgspec
from attrs import NOTHING, fields

_T = TypeVar("_T")


class JsonColumn:
    """The column for the members of `shape` but those named, which have columns of their own."""

    def __init__(self, shape: type[Any], *with_columns: str) -> None:
        kept = [(one.name, one.type, one.default) for one in fields(shape) if one.name not in with_columns]
        assert all(default is not NOTHING for _, _, default in kept), "rows of earlier releases have no such member"
        self._names = [name for name, _, _ in kept]
        self._members = msgspec.defstruct(shape.__name__, kept, kw_only=True, omit_defaults=True)

    def dump(self, value: Any) -> str | None:
        """Encode the members as JSON, or None if all of them have their defaults."""
        members = self._members(**{name: getattr(value, name) for name in self._names})
        text = msgspec.json.encode(members).decode()
        return None if text == "{}" else text

    def load(self, kept: object) -> dict[str, Any]:
        """Read the members from the column's parsed JSON, for the constructor of their class."""
        return {} if kept is None else msgspec.structs.asdict(msgspec.convert(kept, self._members))


def dump_value(value: object | None) -> str | None:
    """Encode a frozen value, which has a column for itself, as a JSON object."""
    return None if value is None else msgspec.json.encode(value).decode()


def load_value(kept: object, shape: type[_T]) -> _T | None:
    """Read a value of that class from its column's parsed JSON."""
    return None if kept is None else msgspec.convert(kept, shape)
