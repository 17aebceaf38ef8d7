"""A page of scripts with their activity, and the sums of hours that are over."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from attrs import define, evolve, field

from adapters.memory.store import MemoryStore
from application.maintenance.sum_up_activity import sum_up_activity
from application.scripts.activity import ActivityUseCases
from domain.activity import Activity, Period, Window, window
from domain.version_usage import VersionUsage
from tests.support.values import NOON, a_script


def use_cases(store: MemoryStore) -> ActivityUseCases:
    return ActivityUseCases(
        scripts=store.scripts, activity=store.activity, version_usage=store.version_usage, clock=lambda: NOON
    )


async def test_a_page_has_the_activity_of_its_scripts_in_the_period_that_ends_now() -> None:
    store = MemoryStore(lambda: NOON, timedelta(minutes=1))
    added = [a_script(name) for name in ("one", "two", "three")]
    for script, version in added:
        (await store.scripts.add(script, version)).unwrap()
    found = await use_cases(store).page(Period.DAY, added[2][0].id, 2)
    assert found.window == window(Period.DAY, NOON)
    assert [script for script, _ in found.items] == [added[1][0], added[0][0]]
    assert {activity.total.executions for _, activity in found.items} == {0}


async def test_a_page_of_versions_has_the_use_of_each() -> None:
    store = MemoryStore(lambda: NOON, timedelta(minutes=1))
    script, first = a_script("one")
    (await store.scripts.add(script, first)).unwrap()
    for number in (2, 3, 4):
        (await store.scripts.add_version(evolve(first, number=number))).unwrap()
    found = await use_cases(store).versions(script.id, 4, 2)
    assert [version.number for version, _ in found] == [3, 2]
    unused = VersionUsage(
        executions=0, failed=0, cancelled=0, is_complete=True, tests_passed=0, tests_failed=0, tests_not_run=0
    )
    assert [usage for _, usage in found] == [unused, unused]


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
