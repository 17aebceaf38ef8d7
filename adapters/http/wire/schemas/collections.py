"""Validators of arrays, whose faults have codes of their own."""

import re
from typing import Any, Final

from attrs import frozen

from adapters.http.wire.schemas.comparisons import MAX_KEY_CHARACTERS, MAX_KEY_COLUMNS
from adapters.http.wire.validation_errors import Mismatch
from domain.hint import hint

_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


@frozen
class DistinctItems:
    """The validator of an array whose items differ."""

    def __call__(self, _: object, __: object, items: Any) -> None:
        if len(set(items)) < len(items):
            raise Mismatch(hint("repeated-items"))


@frozen
class KeyColumns:
    """The validator of the columns that identify a row."""

    def __call__(self, _: object, __: object, columns: Any) -> None:
        are_few = 1 <= len(columns) <= MAX_KEY_COLUMNS and sum(map(len, columns)) <= MAX_KEY_CHARACTERS
        are_named = all(column and not _UNSTORABLE.search(column) for column in columns)
        if not (are_few and are_named and len(set(columns)) == len(columns)):
            raise Mismatch(hint("invalid-key-list", maximum=MAX_KEY_COLUMNS))
