"""Reads the dataset of a submission: the body itself, or a document that names the stored dataset of an execution."""

from typing import Any, Final

from returns.result import Failure, Result, Success

from adapters.http.operations import JSON, NDJSON, REFERENCE, RequestContext
from adapters.http.problems.refusals import DatasetTooLarge, Refusal, TooMuchInFlight
from adapters.http.requests.authorization import authorised
from adapters.http.requests.body import read_text
from adapters.http.requests.parameters import media_type
from adapters.http.requests.short_documents import read_short_document
from adapters.http.results import then
from adapters.http.wire.schemas.datasets import DatasetReference
from application.executions.read import StoredContent
from application.ports.bodies import MalformedJson
from domain.access import Scope

_MOST_BYTES: Final = 4 * 1024
"""A reference has some 60 bytes."""


async def read_dataset(call: RequestContext[Any]) -> Result[bytes | StoredContent, Refusal]:
    """Read the dataset, or find the one that the body names."""
    return await then(media_type(call.request, (JSON, NDJSON, REFERENCE)), lambda of: _read(call, of))


async def _read(call: RequestContext[Any], of: str) -> Result[Any, Refusal]:
    if of == REFERENCE:
        return await _referenced(call)
    body = await read_text(call, DatasetTooLarge(call.deps.limits.max_dataset_bytes))
    return await then(body, lambda text: _array(call, text)) if of == NDJSON else body


async def _array(call: RequestContext[Any], lines: bytes) -> Result[bytes, TooMuchInFlight | MalformedJson]:
    """Join NDJSON's values to an array, which is at most two bytes longer than the lines; both are held for a while."""
    if not call.request_memory.resize(2 * len(lines) + 2):
        return Failure(TooMuchInFlight())
    array = await call.deps.bodies.from_lines(lines)
    call.request_memory.resize(len(lines) + 2)
    return array


async def _referenced(call: RequestContext[Any]) -> Result[StoredContent, Refusal]:
    """Find the dataset that the body names, for a caller who may read it: a script can return its dataset."""
    allowed = await authorised(call.deps.access, call.request, Scope.READ)
    reference = await then(
        allowed, lambda _: read_short_document(call, DatasetReference, _MOST_BYTES, accepted=(REFERENCE,))
    )
    found = await then(reference, lambda one: call.deps.executions.find_dataset(one.input_of))
    return found.bind(lambda content: _with_room(call, content))


def _with_room(call: RequestContext[Any], content: StoredContent) -> Result[StoredContent, TooMuchInFlight]:
    """Reserve memory for the dataset in its stored form, and once more while it is sent to the store."""
    has_room = call.request_memory.resize(2 * content.digest.size_bytes)
    return Success(content) if has_room else Failure(TooMuchInFlight())
