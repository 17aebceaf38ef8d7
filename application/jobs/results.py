"""The partial results of a job whose partitions are all done, in their order, and the root that commits to them."""

from typing import Final

from attrs import frozen

from application.jobs.carried import CarriedJob
from application.ports.job_tasks import PartialResult
from domain.merkle import leaf, root
from domain.partitions import PartitionState

_PAGE: Final = 500


@frozen
class StoredResults:
    """The results, without partitions that have no rows; the number of partitions, and their Merkle root."""

    results: tuple[PartialResult, ...]
    partitions: int
    partitions_root: str


async def stored_results(carried: CarriedJob) -> StoredResults:
    """Read the results, of which only places and digests are held."""
    results, leaves, first = list[PartialResult](), list[bytes](), 0
    while page := await carried.ports.work.partitions(carried.job.id, PartitionState.DONE, first, _PAGE):
        leaves.extend(map(leaf, page))
        for number, result in ((one.number, one.result) for one in page):
            if result is not None and result.result_sha256 is not None:
                url = carried.places.result(number)
                results.append(PartialResult(url, result.result_sha256, result.result_bytes))
        first = page[-1].number + 1
    return StoredResults(tuple(results), len(leaves), root(leaves))
