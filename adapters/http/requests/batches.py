"""Reads the lines of a batch: a body of NDJSON, as that of a dataset, within the same limit."""

from typing import Any, Final

from returns.result import Failure, Result, Success

from adapters.http.operations import NDJSON, RequestContext
from adapters.http.problems import types
from adapters.http.problems.refusals import BatchTooLarge, Refusal, TooMuchInFlight
from adapters.http.requests.body import BODY_REFUSALS, read_text
from adapters.http.requests.parameters import media_type
from adapters.http.results import then
from domain.batch_lines import MAX_BATCH_LINES

BATCH_BODY_REFUSALS: Final = (
    types.UNSUPPORTED_MEDIA_TYPE,
    *BODY_REFUSALS,
    types.DATASET_TOO_LARGE,
    types.MALFORMED_JSON,
    types.INVALID_BATCH_LINE,
    types.EMPTY_BATCH,
    types.TOO_MANY_LINES,
)
"""The problems that the body of a batch can have."""
_LINE_BYTES: Final = 4 * 1024
"""The memory of an execution and its dataset beside the dataset's text, until it has been stored."""


async def read_batch(call: RequestContext[Any]) -> Result[bytes, Refusal]:
    """Read the text of a batch. Nothing is stored before all of it is here."""
    return await then(media_type(call.request, (NDJSON,)), lambda _: _read(call))


async def _read(call: RequestContext[Any]) -> Result[bytes, Refusal]:
    text = await read_text(call, BatchTooLarge(call.deps.limits.max_dataset_bytes))
    return text.bind(lambda whole: _with_room(call, whole))


def _with_room(call: RequestContext[Any], text: bytes) -> Result[bytes, TooMuchInFlight]:
    """Reserve memory for the text, for the datasets in their stored form, and for the executions."""
    lines = min(text.count(b"\n") + 1, MAX_BATCH_LINES)
    has_room = call.request_memory.resize(2 * len(text) + lines * _LINE_BYTES)
    return Success(text) if has_room else Failure(TooMuchInFlight())
