"""Wire schemas of refusals: problem details (RFC 9457) and their extension members.

Codes are stable; texts are not, and depend on the language of the request.
"""

from typing import Final

from attrs import field, frozen
from attrs.validators import ge, le

from adapters.http.wire.schemas.checks import CheckReport
from adapters.http.wire.schemas.gates import Reason
from adapters.http.wire.schemas.metadata import describe

_CODE: Final = "Stable code of the error; docs/errors.md lists all of them."
_HINT: Final = "Advice on how to correct it."


@frozen(kw_only=True)
class FieldError:
    """An invalid member of the body."""

    pointer: str = field(metadata=describe("JSON Pointer (RFC 6901) to the member.", "/limits/wall_ms"))
    code: str = field(metadata=describe(_CODE, "not-an-integer"))
    detail: str = field(metadata=describe("Violated requirement.", "must be an integer"))
    hint: str | None = field(default=None, metadata=describe(_HINT, absent=True))


@frozen(kw_only=True)
class ParameterError:
    """An invalid query parameter."""

    parameter: str = field(metadata=describe("Parameter name.", "limit"))
    code: str = field(metadata=describe(_CODE, "above-maximum"))
    detail: str = field(metadata=describe("Violated requirement.", "must be at most 200"))
    hint: str | None = field(default=None, metadata=describe(_HINT, absent=True))


@frozen(kw_only=True)
class SourceError:
    """An error in a source, with its position."""

    code: str = field(metadata=describe(_CODE, "script-error"))
    detail: str = field(metadata=describe("Error message.", "SyntaxError: unexpected token"))
    hint: str | None = field(default=None, metadata=describe(_HINT, absent=True))
    line: int | None = field(metadata=describe("Line, from 1; null if unknown.", 3))
    column: int | None = field(metadata=describe("Column, from 1; null if unknown.", 14))
    position_is_exact: bool | None = field(
        metadata=describe(
            "True if line and column are those of the error; false if they are the nearest position that the engine "
            "knows; null if there is no position.",
            True,
        )
    )


@frozen(kw_only=True)
class Position:
    """A place in a body."""

    offset: int | None = field(
        metadata=describe("Byte offset from 0, in the decoded body, or in the line of NDJSON; null if unknown.", 9)
    )
    line: int | None = field(metadata=describe("Line, from 1; null if unknown.", 1))
    column: int | None = field(metadata=describe("Column in characters, from 1; null if unknown.", 10))
    excerpt: str | None = field(metadata=describe("Text around the place; null if unknown.", '[{"a": 1},]'))
    excerpt_offset: int | None = field(
        default=None, metadata=describe("Characters of the excerpt before the place; null if unknown.", 9, absent=True)
    )


@frozen(kw_only=True)
class Problem:
    """Problem details of a refused request (RFC 9457)."""

    type: str = field(
        metadata=describe(
            "Problem type: the URL of the page that explains it. It is relative, without scheme and host, unless the "
            "request names a host that the service knows to be its own. The last segment is stable.",
            "http://127.0.0.1:8000/problems/name-taken",
        )
    )
    code: str = field(
        metadata=describe("Stable code of the cause, finer than `type`; docs/errors.md lists all codes.", "name-taken")
    )
    title: str = field(metadata=describe("Summary of the problem type.", "The name is already in use"))
    status: int = field(validator=[ge(400), le(599)], metadata=describe("HTTP status.", 409))
    detail: str | None = field(metadata=describe("Explanation specific to this request.", absent=True))
    hint: str | None = field(metadata=describe("Advice on how to correct the request.", absent=True))
    instance: str = field(metadata=describe("Path of the request.", "/v1/scripts"))
    errors: tuple[FieldError | ParameterError | SourceError, ...] | None = field(
        metadata=describe("Individual errors with their positions.", absent=True)
    )
    position: Position | None = field(metadata=describe("Place in the body that is not valid.", absent=True))
    checks: CheckReport | None = field(
        metadata=describe("Outcome of the tests that a version has not passed, so it was not stored.", absent=True)
    )
    upload_offset: int | None = field(
        default=None, metadata=describe("Offset where the upload continues.", absent=True)
    )
    reasons: tuple[Reason, ...] | None = field(
        default=None, metadata=describe("Requirements of the script's gate that are not met.", absent=True)
    )
