"""The comparison of an execution's result with that of another one."""

import asyncio
from decimal import Decimal
from typing import Final
from uuid import UUID

from returns.result import Failure, Result, Success

from adapters.http.operations import JSON, HandlerResult, MediaType, Operation, RequestContext, Resource, ResponseSpec
from adapters.http.problems import types
from adapters.http.problems.refusals import InvalidQuery, Refusal, TooMuchInFlight
from adapters.http.requests.parameters import execution_id
from adapters.http.responses.comparisons import comparison
from adapters.http.responses.documents import document
from adapters.http.results import then
from adapters.http.wire.schemas.comparisons import MAX_KEY_CHARACTERS, MAX_KEY_COLUMNS, Comparison, ComparisonQuery
from adapters.http.wire.validation_errors import Fault
from application.executions.compare import Compare, Compared
from application.ports.comparison import ComparisonChoices
from domain.access import Scope
from domain.audit import Action, execution_event
from domain.comparison.rows import Key
from domain.comparison.values import Tolerance
from domain.hint import hint
from domain.limits import MIB

TAG: Final = "executions"
_COMPARING_BYTES: Final = 8 * MIB
"""Two results that are decoded part by part, one after the other; then the report, as values and as JSON."""


async def compare(call: RequestContext[ComparisonQuery]) -> HandlerResult:
    """Compare the results of two executions."""
    both = Result.do((one, key) for one in execution_id(call.request) for key in key_columns(call.query.key))
    return await then(both, lambda known: _compare(call, *known))


def key_columns(text: str | None) -> Result[Key | None, InvalidQuery]:
    """Read the columns of a key, separated by commas."""
    if text is None:
        return Success(None)
    columns = text.split(",", MAX_KEY_COLUMNS)
    is_valid = all(columns) and len(columns) <= MAX_KEY_COLUMNS and len(set(columns)) == len(columns)
    if is_valid and len(text) <= MAX_KEY_CHARACTERS:
        return Success(tuple(columns))
    return Failure(InvalidQuery((Fault("/key", hint("invalid-key-columns", maximum=MAX_KEY_COLUMNS)),)))


async def _compare(call: RequestContext[ComparisonQuery], before: UUID, key: Key | None) -> HandlerResult:
    if not call.response_memory.resize(_COMPARING_BYTES):
        return Failure(TooMuchInFlight())
    query = call.query
    within = Tolerance(query.absolute or Decimal(0), query.relative or Decimal(0))
    command = Compare(before, query.against, ComparisonChoices(key, within))
    compared: Result[Compared, Refusal] = await call.deps.comparisons.compare(command)
    return await then(compared, lambda one: _answer(call, one))


async def _answer(call: RequestContext[ComparisonQuery], compared: Compared) -> HandlerResult:
    """Respond with a comparison, which is long, and record it as reads of both results."""
    shape = await asyncio.to_thread(comparison, compared.comparison)
    response = await asyncio.to_thread(document, shape, 200, {"Cache-Control": "no-store"})
    if call.request.method == "GET":
        for submission in (compared.before, compared.after):
            call.deps.audit.reads.record(execution_event(Action.READ_RESULT, submission, call.actor))
    return Success(response)


RESOURCES: Final = (
    Resource(
        "/v1/executions/{id}/comparison",
        TAG,
        {
            "GET": Operation(
                handler=compare,
                scope=Scope.READ,
                name="compareResults",
                summary="Compare two results",
                description=(
                    "Compares the stored result of this execution with that of another one. Arrays of objects are "
                    "compared row by row, matched by `key`; all other results path by path. Numbers are compared "
                    "exactly, unless a tolerance is named: two that differ by at most `absolute`, or by at most "
                    "`relative` times the larger magnitude, are equal. Results with the same digest are equal, and "
                    "are not read. Of members with the same name in one object, the last one counts."
                ),
                query=ComparisonQuery,
                answers=(ResponseSpec(200, "The comparison.", MediaType(JSON, Comparison), ("Cache-Control",)),),
                refusals=(
                    types.MALFORMED_ID,
                    types.UNKNOWN_EXECUTION,
                    types.NOT_FINISHED,
                    types.EXECUTION_FAILED,
                    types.CONTENT_REMOVED,
                    types.NOT_COMPARABLE,
                ),
            )
        },
    ),
)
