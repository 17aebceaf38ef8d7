"""Problem details of text that is no JSON: the mistake, and its place."""

from adapters.http.problems.details import ProblemDetails
from adapters.http.wire.schemas.problems import Position
from application.ports.bodies import MalformedJson
from domain.hint import Hint


def malformed_json(fault: MalformedJson) -> ProblemDetails:
    """Fill the message from the place too, and add it as the position."""
    place = (("line", fault.line), ("column", fault.column), ("excerpt", fault.excerpt))
    known = tuple((name, value) for name, value in place if value is not None)
    return ProblemDetails(Hint(fault.code, (*known, *fault.parameters)), position=_position(fault))


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
