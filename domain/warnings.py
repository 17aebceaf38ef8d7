"""Non-fatal issues: numbers that lose precision, sources and runs that use features which differ from Node's.

A warning never changes the outcome. Pointers and details may quote the member names of a dataset, so they never
enter a repr.
"""

from enum import StrEnum
from typing import Final, TypeAlias

from attrs import field, frozen

from domain.hint import Hint
from domain.text_limits import sanitize, truncate, valid_position

MAX_POINTER_CHARACTERS: Final = 1_000
"""Maximum length of a stored pointer."""


class NumberWarningKind(StrEnum):
    """Kind of precision loss. The values are part of the wire format and the database schema.

    JavaScript's numbers are 64-bit floats. The first two kinds are about the dataset, the last is about the result.
    """

    INTEGER_PRECISION = "integer-precision"
    DECIMAL_PRECISION = "decimal-precision"
    NON_FINITE_NUMBER = "non-finite-number"


class SourceWarningKind(StrEnum):
    """Kind of source warning. The values are part of the wire format and the database schema."""

    MISSING_INTL = "missing-intl"
    INTL_DIFFERENCES = "intl-differences"
    UNSUPPORTED_LOCALE = "unsupported-locale"
    NO_MODULES = "no-modules"
    MISSING_GLOBAL = "missing-global"
    UNDEFINED_NAME = "undefined-name"
    UNSUPPORTED_REGEXP = "unsupported-regexp"
    NOT_ANALYSED = "not-analysed"


class RunWarningKind(StrEnum):
    """Kind of difference from Node that affected a run. The values are part of the wire format and the database schema.

    Each names the same feature as the `SourceWarningKind` of the same value.
    """

    UNSUPPORTED_REGEXP = "unsupported-regexp"
    INTL_DIFFERENCES = "intl-differences"
    UNSUPPORTED_LOCALE = "unsupported-locale"


@frozen
class NumberWarning:
    """Numbers of one kind in a body. Build it with `number_warning`.

    `first_pointer` (RFC 6901) leads to the first one; None if unknown or too long.
    """

    kind: NumberWarningKind
    detail: str = field(repr=False)
    first_pointer: str | None = field(default=None, repr=False)


@frozen
class RunWarning:
    """A feature that a run used and that gives other values than in Node. Build it with `run_warning`.

    `detail` is the service's own text and quotes no content.
    """

    kind: RunWarningKind
    detail: str = field(repr=False)


ExecutionWarning: TypeAlias = NumberWarning | RunWarning


@frozen
class SourceWarning:
    """A feature used by a source that is missing or behaves differently here. Build it with `source_warning`.

    `line` and `column` (in UTF-16 code units) count from 1 in the source as it was sent.
    """

    kind: SourceWarningKind
    detail: str = field(repr=False)
    line: int | None = None
    column: int | None = None
    hint: Hint | None = None


def number_warning(kind: NumberWarningKind, detail: str, first_pointer: str | None = None) -> NumberWarning:
    """Build a warning that any store accepts: a pointer over `MAX_POINTER_CHARACTERS` is dropped."""
    pointer = None if first_pointer is None or len(first_pointer) > MAX_POINTER_CHARACTERS else sanitize(first_pointer)
    return NumberWarning(kind=kind, detail=truncate(detail), first_pointer=pointer)


def run_warning(kind: RunWarningKind, detail: str) -> RunWarning:
    """Build a warning that any store accepts."""
    return RunWarning(kind=kind, detail=truncate(detail))


def source_warning(
    kind: SourceWarningKind,
    detail: str,
    line: int | None = None,
    column: int | None = None,
    hint: Hint | None = None,
) -> SourceWarning:
    """Build a warning that any store accepts: impossible positions are dropped."""
    return SourceWarning(
        kind=kind, detail=truncate(detail), line=valid_position(line), column=valid_position(column), hint=hint
    )
