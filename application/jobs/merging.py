"""Merging: the script's `merge` over partial results, in a tree whose shape depends on their number alone.

A merge that was interrupted begins again: its partial results are still there, and it makes the same of them.
"""

from collections.abc import Sequence

from application.jobs.carried import CarriedJob, expect
from application.ports.job_tasks import FinishedTask, Merged, MergeTask, PartialResult
from domain.jobs import JobErrorKind, JobPhase
from domain.merge_tree import groups


async def merge(carried: CarriedJob, results: Sequence[PartialResult]) -> PartialResult:
    """Merge partial results, also a single one, or none, to one."""
    await carried.enter(JobPhase.MERGING)
    level, merged = 0, await _merge_level(carried, 0, groups(results) or [()])
    while len(merged) > 1:
        level += 1
        merged = await _merge_level(carried, level, groups(merged))
    return merged[0]


async def _merge_level(
    carried: CarriedJob, level: int, grouped: Sequence[Sequence[PartialResult]]
) -> Sequence[PartialResult]:
    merged: dict[int, PartialResult] = {}

    async def collect(finished: FinishedTask) -> None:
        report = expect(finished.report, Merged, JobErrorKind.MERGE_FAILED)
        assert isinstance(finished.task, MergeTask), "only merges are under way"
        merged[finished.task.number] = report.result

    tasks = (_task(carried, level, number, tuple(group)) for number, group in enumerate(grouped))
    await carried.tasks.run_all(tasks, collect)
    return [merged[number] for number in range(len(grouped))]


def _task(carried: CarriedJob, level: int, number: int, results: tuple[PartialResult, ...]) -> MergeTask:
    return MergeTask(
        job=carried.job.id,
        script=carried.script,
        number=number,
        results=results,
        result=carried.places.merged(level, number),
    )
