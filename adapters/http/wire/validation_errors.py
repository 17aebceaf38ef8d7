"""Validation errors with JSON Pointers, for 422 responses. They are codes; `problems` has their texts."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import Final

from attrs import field, fields, frozen
from cattrs import ClassValidationError, ForbiddenExtraKeysError, IterableValidationError
from cattrs.errors import AttributeValidationNote, IterableValidationNote

from domain.hint import Hint, hint
from domain.script import MAX_NAME_CHARACTERS
from domain.text_limits import sanitize

MAX_FAULTS: Final = 50
_MAX_NAME_CHARACTERS: Final = 200
_MAX_COMPARED_CHARACTERS: Final = 64

_BOUND: Final = re.compile(r"(?P<length>Length of )?'\w+' must be (?P<than>>=|<=) (?P<bound>-?\d+): ")
_CODES: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("value", ">="): ("below-minimum", "minimum"),
    ("value", "<="): ("above-maximum", "maximum"),
    ("text", ">="): ("too-short", "minimum"),
    ("text", "<="): ("too-long", "maximum"),
    ("array", ">="): ("too-few-items", "minimum"),
    ("array", "<="): ("too-many-items", "maximum"),
}


@frozen
class Fault:
    """A validation error: the violated requirement, and advice that goes beyond the requirement's own.

    `pointer` is a JSON Pointer (RFC 6901) into the document; for a query, `/` and the parameter's name.
    """

    pointer: str
    requirement: Hint
    advice: Hint | None = field(default=None)


class Mismatch(ValueError):
    """A violated requirement, with advice, if there is any."""

    def __init__(self, requirement: Hint, advice: Hint | None = None) -> None:
        super().__init__(requirement.code)
        self.requirement, self.advice = requirement, advice


def faults_of(error: Exception) -> tuple[Fault, ...]:
    """Collect the validation errors in a converter's exception, at most `MAX_FAULTS`."""
    return tuple(islice(_faults(error, ""), MAX_FAULTS))


def pointer_to(name: str) -> str:
    """Build the pointer to a member by its name, which is cut off if it is long."""
    return "/" + sanitize(name[:_MAX_NAME_CHARACTERS]).replace("~", "~0").replace("/", "~1")


def name_of(pointer: str) -> str:
    """Decode the member name in a pointer of one segment."""
    return pointer[1:].replace("~1", "/").replace("~0", "~")


def nearest(text: str, known: Iterable[str]) -> str | None:
    """Find the known word that a text is likely to mean; None if none is similar. A long text resembles none."""
    if len(text) > _MAX_COMPARED_CHARACTERS:
        return None
    return next(iter(get_close_matches(text.lower().replace("-", "_"), list(known), n=1, cutoff=0.6)), None)


def suggested_name(text: str) -> str:
    """Make a valid script name of a text, "" if it has no letter or digit."""
    plain = unicodedata.normalize("NFKD", text[:_MAX_NAME_CHARACTERS]).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_NAME_CHARACTERS].rstrip("-")


def _faults(error: Exception, pointer: str) -> Iterator[Fault]:
    match error:
        case ClassValidationError(exceptions=causes) | IterableValidationError(exceptions=causes):
            for cause in causes:
                yield from _faults(cause, pointer + _step(cause))
        case ForbiddenExtraKeysError(cl=shape, extra_fields=names):
            known = tuple(sorted(one.name for one in fields(shape)))
            for name in sorted(names):
                yield _unknown(pointer, name, known)
        case KeyError():
            yield Fault(pointer, hint("required"))
        case Mismatch(requirement=requirement, advice=advice):
            yield Fault(pointer, requirement, advice)
        case _:
            yield _invalid(pointer, error)


def _unknown(pointer: str, name: str, known: tuple[str, ...]) -> Fault:
    listed, similar = ", ".join(known), nearest(name, known)
    advice = None if known else hint("none-known")
    if similar is not None:
        advice = hint("did-you-mean-known", suggestion=similar, known=listed)
    return Fault(pointer + pointer_to(name), hint("unknown", known=listed), advice)


def _step(cause: BaseException) -> str:
    """Return the part of the pointer that a note adds: the name of a member, or the place of an item."""
    for note in getattr(cause, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return pointer_to(note.name)
        if isinstance(note, IterableValidationNote):
            return pointer_to(str(note.index))  # a number, or a name of a mapping
    return ""


def _invalid(pointer: str, error: Exception) -> Fault:
    """Read an attrs validator's exception. Its message has the value, which may be long or unprintable, so it is not
    shown."""
    if any(isinstance(one, re.Pattern) for one in error.args):
        suggestion = suggested_name(str(error.args[-1]))
        return Fault(
            pointer, hint("invalid-name"), hint("name-suggestion", suggestion=suggestion) if suggestion else None
        )
    found = _BOUND.match(str(error.args[0]))
    if found is None:
        raise error
    measured = "value" if found["length"] is None else "array" if _is_of_an_array(error) else "text"
    code, parameter = _CODES[measured, found["than"]]
    return Fault(pointer, hint(code, **{parameter: found["bound"]}))


def _is_of_an_array(error: Exception) -> bool:
    """Tell whether the member that the exception is about is an array, by its declared type."""
    notes = getattr(error, "__notes__", ())
    return any("tuple[" in str(note.type) for note in notes if isinstance(note, AttributeValidationNote))
