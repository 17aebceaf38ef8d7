"""A page of scripts with their activity, and the sums of hours that are over."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from attrs import define, field

from adapters.memory.store import MemoryStore
from application.maintenance.sum_up_activity import sum_up_activity
from application.scripts.activity import ActivityUseCases
from domain.activity import Activity, Period, Window, window
from tests.support.values import NOON, a_script


async def test_a_page_has_the_activity_of_its_scripts_in_the_period_that_ends_now() -> None:
    store = MemoryStore(lambda: NOON, timedelta(minutes=1))
    added = [a_script(name) for name in ("one", "two", "three")]
    for script, version in added:
        (await store.scripts.add(script, version)).unwrap()
    use = ActivityUseCases(scripts=store.scripts, activity=store.activity, clock=lambda: NOON)
    found = await use.page(Period.DAY, added[2][0].id, 2)
    assert found.window == window(Period.DAY, NOON)
    assert [script for script, _ in found.items] == [added[1][0], added[0][0]]
    assert {activity.total.executions for _, activity in found.items} == {0}


@define
class Spans:
    """Activity with so many spans of hours to add up."""

    left: int
    calls: list[int] = field(factory=list)

    async def read(self, script_ids: Sequence[UUID], window: Window) -> Mapping[UUID, Activity]:
        raise NotImplementedError

    async def sum_up(self) -> bool:
        self.calls.append(self.left)
        self.left -= 1
        return self.left > 0


async def test_hours_are_added_up_until_none_is_left() -> None:
    spans = Spans(3)
    await sum_up_activity(spans)
    assert spans.calls == [3, 2, 1]
