"""Users' reads of executions."""

from collections.abc import Sequence
from typing import TypeAlias, TypeVar
from uuid import UUID

from attrs import define, field, frozen
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from application.executions.read import (
    ContentRemoved,
    DatasetUnavailable,
    HasFailed,
    ResultUnavailable,
    StoredContent,
    read_dataset,
    read_execution,
    read_result,
)
from application.ports.executions import ExecutionDetails, ExecutionFilter
from domain.body import Digest
from domain.execution import Execution, NotFinished, Pending, Succeeded, state_of
from tests.model.environments import World
from tests.model.ledger import Ledger
from tests.model.using import BODIES
from tests.support.stored_bodies import whole


async def all_executions(world: World, api: int, page: int) -> list[Execution]:
    """Read the whole list, so many a page."""
    shown: list[Execution] = []
    executions = world.apis[api].executions
    while some := await executions.page(
        ExecutionFilter(replays=True), shown[-1].submission.id if shown else None, page
    ):
        shown += some
        assert len(some) <= page
        assert len(shown) == len({one.submission.id for one in shown})
    return shown


_Refused = TypeVar("_Refused")
Looked: TypeAlias = tuple[
    ExecutionDetails, Result[tuple[Digest, bytes], DatasetUnavailable], Result[tuple[Digest, bytes], ResultUnavailable]
]


@frozen
class Look:
    """A user reads one execution, its dataset and its result."""

    api: int
    execution_id: UUID = field(repr=False)

    async def act(self, world: World) -> Looked:
        api, key = world.apis[self.api], self.execution_id
        report = await read_execution(api.executions, api.endings, execution_id=key, result_up_to=1_000)
        dataset = await _fetched(await read_dataset(api.executions, key))
        return report.unwrap(), dataset, await _fetched(await read_result(api.executions, key))

    def tell(self, ledger: Ledger, answer: Looked) -> None:
        report, dataset, result = answer
        entry = ledger.entries[self.execution_id]
        ledger.reports(report)
        assert (report.queue is None) is not isinstance(report.execution, Pending)
        removed = Failure(ContentRemoved(self.execution_id))
        assert dataset == (removed if entry.removed else Success((entry.submission.dataset, entry.dataset)))
        if not isinstance(entry.ended, Succeeded):
            assert isinstance(result.failure(), NotFinished if entry.ended is None else HasFailed)
        elif entry.removed:
            assert result == removed
        else:
            assert entry.result is not None
            assert result.unwrap() == (entry.ended.output, entry.result.data)


async def _fetched(found: Result[StoredContent, _Refused]) -> Result[tuple[Digest, bytes], _Refused | ContentRemoved]:
    """Fetch the digest and the text of found content."""
    if not is_successful(found):
        return Failure(found.failure())
    content = found.unwrap()
    body = await content.fetch()
    if not is_successful(body):
        return Failure(body.failure())
    return Success((content.digest, await BODIES.decode(await whole(body.unwrap()))))


@frozen
class Filter:
    """A user lists what fits a filter."""

    api: int
    wanted: ExecutionFilter

    async def act(self, world: World) -> Sequence[Execution]:
        return await world.apis[self.api].executions.page(self.wanted, None, 1_000)

    def tell(self, ledger: Ledger, answer: Sequence[Execution]) -> None:
        expected = [one for _, one in sorted(ledger.seen.items(), reverse=True) if _fits(self.wanted, one)]
        assert list(answer) == expected


def _fits(wanted: ExecutionFilter, one: Execution) -> bool:
    script, at = one.submission.script, one.submission.submitted_at
    return (
        (wanted.script is None or script.id == wanted.script)
        and (wanted.version is None or script.version == wanted.version)
        and (wanted.state is None or state_of(one) is wanted.state)
        and (wanted.replays or one.submission.replay_of is None)
        and (wanted.submitted_from is None or at >= wanted.submitted_from)
        and (wanted.submitted_to is None or at < wanted.submitted_to)
    )


@define
class Auditor:
    """Reads the whole list, newest first, a page now and then; it misses and repeats none, whatever happens between."""

    expected: list[UUID] = field(factory=list)
    shown: list[UUID] = field(factory=list)

    async def reads_on(self, world: World, ledger: Ledger, api: int, page: int) -> None:
        if not self.shown:
            self.expected = sorted(ledger.entries, reverse=True)
        before = self.shown[-1] if self.shown else None
        some = await world.apis[api].executions.page(ExecutionFilter(replays=True), before, page)
        self.shown += [one.submission.id for one in some]
        assert self.shown == self.expected[: len(self.shown)]
        assert len(some) == page or self.shown == self.expected
        if len(some) < page:
            self.shown = []
