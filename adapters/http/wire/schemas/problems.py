"""Wire schemas of refusals: problem details (RFC 9457) and their extension member `errors`."""

from attrs import field, frozen
from attrs.validators import ge, le

from adapters.http.wire.schemas.metadata import describe


@frozen(kw_only=True)
class FieldError:
    """An invalid member of the body."""

    pointer: str = field(metadata=describe("JSON Pointer (RFC 6901) to the member.", "/limits/wall_ms"))
    detail: str = field(metadata=describe("Violated requirement.", "must be an integer"))


@frozen(kw_only=True)
class ParameterError:
    """An invalid query parameter."""

    parameter: str = field(metadata=describe("Parameter name.", "limit"))
    detail: str = field(metadata=describe("Violated requirement.", "must be <= 200: 1000"))


@frozen(kw_only=True)
class SourceError:
    """An error in a source, with its position."""

    detail: str = field(metadata=describe("Error message.", "SyntaxError: unexpected token"))
    line: int | None = field(metadata=describe("Line, from 1; null if unknown.", 3))
    column: int | None = field(metadata=describe("Column, from 1; null if unknown.", 14))
    position_is_exact: bool | None = field(
        metadata=describe(
            "True if line and column are those of the error; false if they are the nearest position that the engine "
            "knows; null if there is no position.",
            True,
        )
    )
    code: str | None = field(metadata=describe("Stable code of the hint; null if there is none.", "script-typescript"))
    hint: str | None = field(
        metadata=describe("Advice on how to mend the source; null if there is none.", "Remove the types.")
    )


@frozen(kw_only=True)
class Problem:
    """Problem details of a refused request (RFC 9457)."""

    type: str = field(metadata=describe("Problem type: the path of the page that explains it.", "/problems/name-taken"))
    title: str = field(metadata=describe("Summary of the problem type.", "The name is already in use"))
    status: int = field(validator=[ge(400), le(599)], metadata=describe("HTTP status.", 409))
    detail: str | None = field(metadata=describe("Explanation specific to this request.", absent=True))
    instance: str = field(metadata=describe("Path of the request.", "/v1/scripts"))
    errors: tuple[FieldError | ParameterError | SourceError, ...] | None = field(
        metadata=describe("Individual errors with their positions.", absent=True)
    )
