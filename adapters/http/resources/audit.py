"""The resource of the audit trail: `/v1/audit`."""

from typing import Final

from returns.result import Result, Success

from adapters.http.operations import JSON, Answer, Answered, Call, Content, Operation, Resource
from adapters.http.problems import types
from adapters.http.problems.refusals import Refusal
from adapters.http.requests.cursors import deed_before, deed_cursor
from adapters.http.resources.scripts import script_filtered
from adapters.http.responses.documents import listed, page_of
from adapters.http.results import then
from adapters.http.wire.schemas.audit import AuditEntry, AuditList
from adapters.http.wire.schemas.queries import AuditQuery
from application.ports.access import AuditFilter
from domain.access import Scope
from domain.audit import Recorded

TAG: Final = "audit"


async def list_deeds(call: Call[AuditQuery]) -> Answered:
    """A page of audit records."""
    before, wanted = deed_before(call.query.cursor), await _filter(call)
    both = Result.do((one, last) for one in wanted for last in before)
    return await then(both, lambda known: _page(call, *known))


async def _filter(call: Call[AuditQuery]) -> Result[AuditFilter, Refusal]:
    query = call.query
    script = await script_filtered(call, query.script)
    return script.map(
        lambda one: AuditFilter(
            action=query.action,
            key=query.key,
            script=one,
            execution=query.execution,
            at_from=query.at_from,
            at_to=query.at_to,
        )
    )


async def _page(call: Call[AuditQuery], wanted: AuditFilter, before: int | None) -> Answered:
    limit = call.query.limit
    found = await call.deps.audit.page(wanted, before, limit + 1)
    page = page_of(found, limit, lambda last: deed_cursor(last.number))
    shape = AuditList(items=tuple(_entry(one) for one in page.items), next_cursor=page.next_cursor)
    return Success(listed(call.request, shape, page.next_cursor))


def _entry(recorded: Recorded) -> AuditEntry:
    deed = recorded.deed
    return AuditEntry(
        at=recorded.at,
        action=deed.action,
        key_id=deed.actor.key_id,
        request_id=deed.actor.request_id,
        server_request_id=deed.actor.server_request_id,
        script_id=deed.script_id,
        version=deed.version,
        execution_id=deed.execution_id,
        api_key_id=deed.api_key_id,
    )


RESOURCES: Final = (
    Resource(
        "/v1/audit",
        TAG,
        {
            "GET": Operation(
                handler=list_deeds,
                scope=Scope.ADMIN,
                name="listDeeds",
                summary="List audit records",
                description=(
                    "Actions on scripts, versions, executions and keys, and reads of results, datasets, logs and error "
                    "messages, newest first. Anonymous actions have no key."
                ),
                query=AuditQuery,
                answers=(Answer(200, "A page of the audit trail.", Content(JSON, AuditList), ("Link",)),),
                refusals=(types.MALFORMED_CURSOR, types.MALFORMED_ID, types.UNKNOWN_SCRIPT),
            )
        },
    ),
)
