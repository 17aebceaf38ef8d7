"""The whole trail is read in pages, each record once, without those that are added meanwhile."""

from datetime import timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from adapters.memory.audit import MemoryAudit
from application.access.audit_pages import audit_pages
from application.ports.access import AuditFilter
from domain.audit import ANONYMOUS, Action, AuditEvent, AuditRecord
from tests.support.values import NOON, an_id

EVENT = AuditEvent(action=Action.ARCHIVED, actor=ANONYMOUS, script_id=an_id())
OTHER = AuditEvent(action=Action.UNARCHIVED, actor=ANONYMOUS, script_id=EVENT.script_id)


@given(
    events=st.lists(st.sampled_from([EVENT, OTHER]), max_size=12),
    added=st.integers(0, 3),
    size=st.integers(1, 5),
    before=st.none() | st.integers(1, 13),
)
@example(events=[EVENT, OTHER, EVENT], added=1, size=1, before=None)
@example(events=[EVENT, OTHER, EVENT], added=0, size=3, before=None)
async def test_every_record_is_read_once_and_none_that_comes_later(
    events: list[AuditEvent], added: int, size: int, before: int | None
) -> None:
    trail = MemoryAudit(lambda: NOON)
    await trail.add([(NOON + timedelta(seconds=at), event) for at, event in enumerate(events)])
    wanted = AuditFilter(action=Action.ARCHIVED)
    expected = await trail.page(wanted, before, 100)
    found: list[AuditRecord] = []
    async for page in audit_pages(trail, wanted, before, size):
        assert 0 < len(page) <= size
        found += page
        await trail.add([(NOON, EVENT)] * added)
    assert found == expected
