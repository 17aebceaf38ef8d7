"""Validation errors with JSON Pointers, for 422 responses."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from attrs import frozen
from cattrs import ClassValidationError, ForbiddenExtraKeysError
from cattrs.errors import AttributeValidationNote

from domain.text_limits import sanitize

MAX_FAULTS: Final = 50
_MAX_NAME_CHARACTERS: Final = 200


@frozen
class Fault:
    """A validation error; `pointer` is a JSON Pointer (RFC 6901) into the document."""

    pointer: str
    detail: str


class Mismatch(ValueError):
    """A violated requirement; the message is shown to the client."""


def faults_of(error: Exception) -> tuple[Fault, ...]:
    """Collect the validation errors in a converter's exception, at most `MAX_FAULTS`."""
    return tuple(islice(_faults(error, ""), MAX_FAULTS))


def name_of(pointer: str) -> str:
    """Decode the member name in a pointer of one segment."""
    return pointer[1:].replace("~1", "/").replace("~0", "~")


def _faults(error: Exception, pointer: str) -> Iterator[Fault]:
    match error:
        case ClassValidationError(exceptions=causes):
            for cause in causes:
                yield from _faults(cause, pointer + _step(cause))
        case ForbiddenExtraKeysError(extra_fields=names):
            for name in sorted(names):
                yield Fault(pointer + _escaped(name), "is unknown")
        case KeyError():
            yield Fault(pointer, "is required")
        case Mismatch():
            yield Fault(pointer, str(error))
        case _:
            yield Fault(pointer, _requirement(error))


def _step(cause: BaseException) -> str:
    names = [note.name for note in getattr(cause, "__notes__", ()) if isinstance(note, AttributeValidationNote)]
    return _escaped(names[0]) if names else ""


def _escaped(name: str) -> str:
    return "/" + sanitize(name[:_MAX_NAME_CHARACTERS]).replace("~", "~0").replace("/", "~1")


def _requirement(error: Exception) -> str:
    """Return an attrs validator's message without the value, which may be long or unprintable."""
    for pattern in (one for one in error.args if isinstance(one, re.Pattern)):
        return f"must match ^{pattern.pattern}$"
    return re.sub(r"^'\w+' |(?<=^Length) of '\w+'", "", str(error.args[0]))
