"""Reads the body of a request that starts a replay on a version, or accepts its differences."""

from decimal import Decimal
from typing import Any, Final

from returns.result import Failure, Result, Success

from adapters.http.operations import RequestContext
from adapters.http.problems.refusals import InvalidDocument, Refusal
from adapters.http.requests.documents import MOST_VALUES
from adapters.http.requests.short_documents import read_short_document
from adapters.http.wire.schemas.version_replays import NewAcceptance, NewReplay
from adapters.http.wire.validation_errors import Fault
from domain.comparison.values import Tolerance
from domain.hint import hint
from domain.version_replays import (
    MOST_EXECUTIONS,
    AcceptanceNote,
    BlankNote,
    ChosenExecutions,
    LatestExecutions,
    ReplayRequest,
    Selection,
    acceptance_note,
)

_MOST_BYTES: Final = 128 * 1024
"""A thousand ids, and a key."""


async def read_replay(call: RequestContext[Any]) -> Result[ReplayRequest, Refusal]:
    """Read the replay that is requested."""
    new = await read_short_document(call, NewReplay, _MOST_BYTES, MOST_EXECUTIONS + MOST_VALUES)
    return new.bind(_replay_request)


async def read_acceptance(call: RequestContext[Any]) -> Result[AcceptanceNote, Refusal]:
    """Read the reason for accepting the differences of a replay."""
    new = await read_short_document(call, NewAcceptance, _MOST_BYTES)
    return new.bind(lambda one: acceptance_note(one.note).alt(_blank))


def _blank(_: BlankNote) -> InvalidDocument:
    return InvalidDocument((Fault("/note", hint("blank")),))


def _replay_request(new: NewReplay) -> Result[ReplayRequest, InvalidDocument]:
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
