"""Columns of JSON objects, each for the members of a domain class that have no column of their own.

A new member needs no migration and changes no statement: the class has it, with a default for the rows that do not.
Members with their defaults are left out, and a column without members is null, as in rows of releases that do not know
it. Members that only a later release knows are ignored, since it may write while this code still runs.

PostgreSQL's JSON has no U+0000 and no lone surrogates: a text has to be sanitised before it is a member.
"""

import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from attrs import fields
from cattrs import Converter
from cattrs.gen import make_dict_unstructure_fn, override

_CONVERTER: Final = Converter()
_CONVERTER.register_unstructure_hook(UUID, str)
_CONVERTER.register_structure_hook(UUID, lambda text, _: UUID(text))


class JsonColumn:
    """The column for the members of `shape` but those named, which have columns of their own."""

    def __init__(self, shape: type[Any], *with_columns: str) -> None:
        self._types = {one.name: one.type for one in fields(shape) if one.name not in with_columns}
        elsewhere: Any = {name: override(omit=True) for name in with_columns}
        self._members = make_dict_unstructure_fn(shape, _CONVERTER, _cattrs_omit_if_default=True, **elsewhere)

    def dump(self, value: Any) -> str | None:
        """Encode the members as JSON, or None if all of them have their defaults."""
        members = self._members(value)
        return json.dumps(members) if members else None

    def load(self, kept: Mapping[str, Any] | None) -> dict[str, Any]:
        """Read the members from the column's parsed JSON, for the constructor of their class."""
        return {
            name: _CONVERTER.structure(value, self._types[name])
            for name, value in (kept or {}).items()
            if name in self._types
        }
