"""The resource of the audit trail: `/v1/audit`."""

from typing import Final

from returns.result import Result, Success

from adapters.http.operations import JSON, HandlerResult, MediaType, Operation, RequestContext, Resource, ResponseSpec
from adapters.http.problems import types
from adapters.http.problems.refusals import Refusal
from adapters.http.requests.cursors import audit_before, audit_cursor
from adapters.http.resources.scripts import script_filtered
from adapters.http.responses.documents import page_of, page_response
from adapters.http.results import then
from adapters.http.wire.schemas.audit import AuditEntry, AuditList
from adapters.http.wire.schemas.queries import AuditQuery
from application.ports.access import AuditFilter
from domain.access import Scope
from domain.audit import AuditRecord

TAG: Final = "audit"


async def list_audit_records(call: RequestContext[AuditQuery]) -> HandlerResult:
    """List a page of audit records."""
    before, wanted = audit_before(call.query.cursor), await _filter(call)
    both = Result.do((one, last) for one in wanted for last in before)
    return await then(both, lambda known: _page(call, *known))


async def _filter(call: RequestContext[AuditQuery]) -> Result[AuditFilter, Refusal]:
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


async def _page(call: RequestContext[AuditQuery], wanted: AuditFilter, before: int | None) -> HandlerResult:
    limit = call.query.limit
    found = await call.deps.audit.trail.page(wanted, before, limit + 1)
    page = page_of(found, limit, lambda last: audit_cursor(last.number))
    shape = AuditList(items=tuple(_entry(one) for one in page.items), next_cursor=page.next_cursor)
    return Success(page_response(call.request, shape, page.next_cursor))


def _entry(recorded: AuditRecord) -> AuditEntry:
    deed = recorded.event
    return AuditEntry(
        at=recorded.at,
        action=deed.action,
        key_id=deed.actor.key_id,
        key_name=recorded.key_name,
        request_id=deed.actor.request_id,
        server_request_id=deed.actor.server_request_id,
        script_id=deed.script_id,
        script_name=recorded.script_name,
        version=deed.version,
        execution_id=deed.execution_id,
        api_key_id=deed.api_key_id,
        alias=deed.alias,
        test=deed.test,
        replay_id=deed.replay_id,
        batch_id=deed.batch_id,
        webhook_id=deed.webhook_id,
        job_id=deed.job_id,
        object_url=deed.object_url,
        api_key_name=recorded.api_key_name,
    )


RESOURCES: Final = (
    Resource(
        "/v1/audit",
        TAG,
        {
            "GET": Operation(
                handler=list_audit_records,
                scope=Scope.ADMIN,
                name="listDeeds",
                summary="List audit records",
                description=(
                    "Actions on scripts, versions, executions, batches, webhooks and keys, and reads of results, "
                    "datasets, logs and error messages, newest first. Anonymous actions have no key."
                ),
                query=AuditQuery,
                answers=(ResponseSpec(200, "A page of the audit trail.", MediaType(JSON, AuditList), ("Link",)),),
                refusals=(types.MALFORMED_CURSOR, types.MALFORMED_ID, types.UNKNOWN_SCRIPT),
            )
        },
    ),
)
