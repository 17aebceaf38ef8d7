"""Reads the body of a request that starts a replay on a version, or accepts its differences."""

from decimal import Decimal
from typing import Any, Final, TypeVar

from returns.result import Failure, Result, Success

from adapters.http.operations import JSON, RequestContext
from adapters.http.problems.refusals import InvalidDocument, Refusal, ShortDocumentTooLarge
from adapters.http.requests.body import read_text
from adapters.http.requests.documents import MOST_VALUES, check_document, read_document
from adapters.http.requests.parameters import media_type
from adapters.http.results import then
from adapters.http.wire.schemas.version_replays import NewReplay
from adapters.http.wire.validation_errors import Fault
from domain.comparison.values import Tolerance
from domain.hint import hint
from domain.version_replays import MOST_EXECUTIONS, ChosenExecutions, LatestExecutions, ReplayRequest, Selection

_T = TypeVar("_T")

MOST_BYTES: Final = 128 * 1024
"""A thousand ids, and a key."""


async def read_short_document(call: RequestContext[Any], shape: type[_T]) -> Result[_T, Refusal]:
    """Read a document that has ids of executions at most."""
    accepted = media_type(call.request, (JSON,))
    body = await then(accepted, lambda _: read_text(call, ShortDocumentTooLarge(MOST_BYTES)))
    checked = await then(body, lambda text: check_document(call.deps.bodies, text, MOST_EXECUTIONS + MOST_VALUES))
    return Result.do(document for text in checked for document in read_document(text, shape))


def replay_request(new: NewReplay) -> Result[ReplayRequest, InvalidDocument]:
    """Convert the document: it names executions, or asks for the latest ones."""
    absolute, relative = new.tolerance.absolute, new.tolerance.relative
    within = Tolerance(absolute or Decimal(0), relative or Decimal(0))
    return _selection(new).map(lambda one: ReplayRequest(selection=one, key=new.key, tolerance=within))


def _selection(new: NewReplay) -> Result[Selection, InvalidDocument]:
    if (new.executions is None) == (new.last is None):
        return Failure(InvalidDocument((Fault("", hint("executions-or-last")),)))
    if new.last is not None:
        return Success(LatestExecutions(new.last, new.since, new.of_version))
    filters = (("since", new.since), ("of_version", new.of_version))
    faults = tuple(Fault(f"/{name}", hint("only-with-last")) for name, value in filters if value is not None)
    return Failure(InvalidDocument(faults)) if faults else Success(ChosenExecutions(new.executions or ()))
