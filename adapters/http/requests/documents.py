"""JSON text to and from shapes, for the documents that the service itself reads and writes.

Datasets and results are not documents here: they stay bytes, and a result is put into its execution as it is. A
document may be long, since it may carry a source, but it has few values: text with more of them is refused before it
is parsed, for parsing `[[],[],...]` takes some thirty times the text's bytes and holds the interpreter meanwhile.
"""

import json
from typing import Any, Final, TypeVar

from returns.result import Failure, Result, Success

from adapters.http.problems.refusals import InvalidDocument
from adapters.http.wire.converter import structure
from adapters.http.wire.validation_errors import Fault
from application.ports.bodies import Bodies, MalformedJson
from domain.hint import hint

_T = TypeVar("_T")

MOST_VALUES: Final = 1_000
"""The shapes have a dozen values; further ones fit so that unknown fields can be named in the answer."""


async def check_document(
    bodies: Bodies, text: bytes, most_values: int = MOST_VALUES
) -> Result[bytes, MalformedJson | InvalidDocument]:
    """Return the text if it is JSON, unless parsing it would make more values than a document may have."""
    valid: Result[Any, MalformedJson | InvalidDocument] = await bodies.check(text)
    if await bodies.count_values(text, most_values) <= most_values:
        return valid.map(lambda _: text)
    return valid.bind(lambda _: Failure(InvalidDocument((Fault("", hint("too-many-values", maximum=most_values)),))))


def read_document(text: bytes, shape: type[_T]) -> Result[_T, MalformedJson | InvalidDocument]:
    """Parse a text that has been checked as a document of that shape."""
    parsed: Result[Any, MalformedJson | InvalidDocument] = _parse(text)
    return parsed.bind(lambda value: structure(value, shape).alt(InvalidDocument))


def _parse(text: bytes) -> Result[Any, MalformedJson]:
    """Parse JSON with the standard library, since it accepts lone surrogates. It has limits that the check has not."""
    try:
        return Success(json.loads(text))
    except RecursionError:
        return Failure(MalformedJson("it is nested too deeply", None, code="json-too-deep"))
    except ValueError:  # as the text is JSON, it has an integer of thousands of digits
        return Failure(MalformedJson("it has an integer with too many digits", None, code="json-long-integer"))
