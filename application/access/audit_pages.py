"""Reading of the whole audit trail, page by page, so that a reader of millions of records holds few of them."""

from collections.abc import AsyncIterator, Sequence
from typing import Final

from application.ports.access import AuditFilter, AuditTrail
from domain.audit import AuditRecord

PAGE_RECORDS: Final = 500


async def audit_pages(
    trail: AuditTrail, wanted: AuditFilter, before: int | None = None, size: int | None = None
) -> AsyncIterator[Sequence[AuditRecord]]:
    """Yield the records that match the filter, the latest first. Those that are added meanwhile are not among them."""
    count = size or PAGE_RECORDS
    while page := await trail.page(wanted, before, count):
        yield page
        if len(page) < count:
            return
        before = page[-1].number
