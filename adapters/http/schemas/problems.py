"""A refusal on the wire: problem details (RFC 9457) and their extension member `errors`."""

from attrs import field, frozen
from attrs.validators import ge, le

from adapters.http.schemas.describing import about


@frozen(kw_only=True)
class FieldError:
    """What is wrong with one member of the body."""

    pointer: str = field(metadata=about("JSON Pointer (RFC 6901) to the member.", "/limits/wall_ms"))
    detail: str = field(metadata=about("What it has to be.", "must be an integer"))


@frozen(kw_only=True)
class ParameterError:
    """What is wrong with one parameter of the query."""

    parameter: str = field(metadata=about("The parameter's name.", "limit"))
    detail: str = field(metadata=about("What it has to be.", "must be <= 200: 1000"))


@frozen(kw_only=True)
class SourceError:
    """What is wrong with a source, and where in it."""

    detail: str = field(metadata=about("In words.", "SyntaxError: unexpected token"))
    line: int | None = field(metadata=about("From 1, if known.", 3))
    column: int | None = field(metadata=about("From 1, if known.", 14))


@frozen(kw_only=True)
class Problem:
    """Why a request was refused (RFC 9457)."""

    type: str = field(metadata=about("The kind of problem: the path of a page about it.", "/problems/name-taken"))
    title: str = field(metadata=about("The kind of problem in words.", "The name is taken"))
    status: int = field(validator=[ge(400), le(599)], metadata=about("The HTTP status.", 409))
    detail: str | None = field(metadata=about("What is the matter with this request.", absent=True))
    instance: str = field(metadata=about("The path that was asked for.", "/v1/scripts"))
    errors: tuple[FieldError | ParameterError | SourceError, ...] | None = field(
        metadata=about("Each fault by itself, where they have places.", absent=True)
    )
