"""The resource of a replay's differences, as lines of JSON in pages.

A page holds the differences of a few executions at a time, whose stored forms and lines the memory budget accounts for.
"""

from collections.abc import Sequence
from typing import Final

from returns.result import Failure, Result, Success
from starlette.responses import Response

from adapters.http.operations import (
    LINES,
    NDJSON,
    HandlerResult,
    MediaType,
    Operation,
    RequestContext,
    Resource,
    ResponseSpec,
)
from adapters.http.problems import types
from adapters.http.problems.refusals import TooMuchInFlight
from adapters.http.requests.cursors import first_line, line_cursor
from adapters.http.resources.version_replays import found_replay
from adapters.http.resources.versions import TAG, VERSION_REFUSALS
from adapters.http.responses.documents import next_link
from adapters.http.responses.version_replays import difference_lines
from adapters.http.results import then
from adapters.http.wire.schemas.queries import PageQuery
from application.ports.version_replays import ReplayRecord
from domain.access import Scope
from domain.audit import Action, AuditEvent
from domain.limits import MIB

_AT_ONCE: Final = 4
"""Executions whose differences are read at once, each of a mebibyte at most."""
_READING_BYTES: Final = 8 * MIB
_PAGE_BYTES: Final = MIB
"""Lines after which a page ends, whatever its limit."""


async def list_differences(call: RequestContext[PageQuery]) -> HandlerResult:
    """List a page of the differences of a replay."""
    found, start = await found_replay(call), first_line(call.query.cursor)
    both = Result.do((record, at) for record in found for at in start)
    return await then(both, lambda known: _page(call, *known))


async def _page(call: RequestContext[PageQuery], record: ReplayRecord, start: tuple[int, int]) -> HandlerResult:
    if not call.response_memory.resize(_READING_BYTES):
        return Failure(TooMuchInFlight())
    lines, following = await _lines(call, record, *start)
    if lines and call.request.method != "HEAD":
        _audit(call, record)
    headers = {"Cache-Control": "no-store"}
    if following is not None:
        headers["Link"] = next_link(call.request, line_cursor(*following))
    body = b"".join(line + b"\n" for line in lines)
    call.response_memory.resize(0)
    return Success(Response(body, headers=headers, media_type=NDJSON))


async def _lines(
    call: RequestContext[PageQuery], record: ReplayRecord, execution: int, line: int
) -> tuple[Sequence[bytes], tuple[int, int] | None]:
    """Collect the lines of a page, and where the next one begins, if there is one."""
    lines: list[bytes] = []
    while some := await call.deps.replays.differences(record.replay.id, execution, _AT_ONCE):
        for one in some:
            text = await call.deps.bodies.decode(one.body)
            skipped = line if one.execution.number == execution else 0
            for at, found in enumerate(difference_lines(one.execution, text)[skipped:], skipped):
                if len(lines) == call.query.limit or sum(map(len, lines)) >= _PAGE_BYTES:
                    return lines, (one.execution.number, at)
                lines.append(found)
        execution, line = some[-1].execution.number + 1, 0
    return lines, None


def _audit(call: RequestContext[PageQuery], record: ReplayRecord) -> None:
    replay = record.replay
    event = AuditEvent(
        action=Action.READ_DIFFERENCES,
        actor=call.actor,
        script_id=replay.script_id,
        version=replay.version,
        replay_id=replay.id,
    )
    call.deps.audit.reads.record(event)


RESOURCES: Final = (
    Resource(
        "/v1/scripts/{script}/versions/{n}/replays/{replay}/differences",
        TAG,
        {
            "GET": Operation(
                handler=list_differences,
                scope=Scope.READ,
                name="listReplayDifferences",
                summary="List the differences of a replay",
                description=(
                    "One JSON object per line: a difference as in a comparison, with `number`, `original_id` and "
                    "`execution_id`; `change` is `outcome` where an execution fails now, succeeds now, or fails with "
                    "another error. At most 1000 and 1 MiB an execution are stored, until its content is removed. A "
                    "page ends after `limit` lines or 1 MiB; `Link` leads to the next one."
                ),
                query=PageQuery,
                answers=(
                    ResponseSpec(
                        200, "A page of the differences.", MediaType(NDJSON, LINES), ("Link", "Cache-Control")
                    ),
                ),
                refusals=(*VERSION_REFUSALS, types.UNKNOWN_REPLAY, types.MALFORMED_CURSOR),
            )
        },
    ),
)
