"""Problem details of text that is no JSON, or no line of a batch: the mistake, and its place."""

from adapters.http.problems.details import ProblemDetails
from adapters.http.problems.quoting import quotable
from adapters.http.wire.schemas.problems import Position
from application.ports.bodies import InvalidLine, MalformedJson
from domain.hint import Hint


def malformed_json(fault: MalformedJson) -> ProblemDetails:
    """Fill the message from the place too, and add it as the position."""
    place = (("line", fault.line), ("column", fault.column), ("excerpt", fault.excerpt))
    known = tuple((name, value) for name, value in place if value is not None)
    return ProblemDetails(Hint(fault.code, (*known, *fault.parameters)), position=_position(fault))


def invalid_line(refusal: InvalidLine) -> ProblemDetails:
    """Fill the message with the number of the line too, and add it as the position."""
    parameters = (
        (name, quotable(value) if isinstance(value, str) else value) for name, value in refusal.reason.parameters
    )
    place = Position(offset=None, line=refusal.line, column=None, excerpt=None)
    return ProblemDetails(Hint(refusal.reason.code, (("line", refusal.line), *parameters)), position=place)


def _position(fault: MalformedJson) -> Position | None:
    if fault.at is None:
        return None
    return Position(
        offset=fault.at,
        line=fault.line,
        column=fault.column,
        excerpt=fault.excerpt,
        excerpt_offset=fault.excerpt_offset,
    )
