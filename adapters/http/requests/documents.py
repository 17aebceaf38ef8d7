"""JSON text to and from shapes, for the documents that the service itself reads and writes.

Datasets and results are not documents here: they stay bytes, and a result is put into its execution as it is. A
document may be long, since it may carry a source, but it has few values: text with more of them is refused before it
is parsed, for parsing `[[],[],...]` takes some thirty times the text's bytes and holds the interpreter meanwhile.
"""

import json
from typing import Any, Final, NoReturn, TypeVar

from returns.result import Failure, Result, Success

from adapters.http.problems.refusals import InvalidDocument
from adapters.http.wire.converter import structure
from adapters.http.wire.validation_errors import Fault
from application.ports.bodies import Bodies, MalformedJson
from domain.hint import hint

_T = TypeVar("_T")

MOST_VALUES: Final = 1_000
"""The shapes have a dozen values; further ones fit so that unknown fields can be named in the answer."""


async def few_values(bodies: Bodies, text: bytes) -> Result[bytes, MalformedJson | InvalidDocument]:
    """Return the text, unless parsing it would make more values than a document may have."""
    if await bodies.count_values(text, MOST_VALUES) <= MOST_VALUES:
        return Success(text)
    valid: Result[Any, MalformedJson | InvalidDocument] = await bodies.encode(text)
    return valid.bind(lambda _: Failure(invalid_document((Fault("", hint("too-many-values", maximum=MOST_VALUES)),))))


def read_document(text: bytes, shape: type[_T]) -> Result[_T, MalformedJson | InvalidDocument]:
    """Parse a text as a document of that shape."""
    parsed: Result[Any, MalformedJson | InvalidDocument] = _parse(text)
    return parsed.bind(lambda value: structure(value, shape).alt(invalid_document))


def invalid_document(faults: tuple[Fault, ...]) -> InvalidDocument:
    """Build the refusal that lists the faults."""
    return InvalidDocument(faults)


def _parse(text: bytes) -> Result[Any, MalformedJson]:
    """Parse JSON with the standard library, since it reports where an error is and accepts lone surrogates."""
    try:
        decoded = text.decode("utf-8")
        return Success(json.loads(decoded, parse_constant=_no_constant))
    except UnicodeDecodeError as error:
        return Failure(MalformedJson("it is not UTF-8", error.start))
    except json.JSONDecodeError as error:
        return Failure(MalformedJson(error.msg, len(decoded[: error.pos].encode("utf-8"))))
    except RecursionError:
        return Failure(MalformedJson("it is nested too deeply", None))
    except ValueError as error:  # NaN and Infinity, and integers of thousands of digits
        return Failure(MalformedJson(str(error), None))


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")
