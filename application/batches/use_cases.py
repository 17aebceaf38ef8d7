"""The use cases of batches with their ports bound, once for each process."""

from collections.abc import Sequence
from uuid import UUID

from attrs import frozen
from returns.result import Result

from application.batches.cancel import BatchCancellationRefused, cancel_batch
from application.batches.read import UnknownBatch, read_batch
from application.batches.remove_content import BatchRemovalRefused, remove_batch_content
from application.batches.results import BatchResults, BatchResultsUnavailable, ReadResults, read_results
from application.batches.submission import SubmitBatch
from application.batches.submit_batch import AcceptedBatch, BatchPorts, BatchRefused, submit_batch
from application.ports.batches import BatchFilter, BatchRecord
from domain.audit import Actor


@frozen
class BatchUseCases:
    """Submit, read, cancel and clear batches."""

    ports: BatchPorts

    async def submit(self, command: SubmitBatch) -> Result[AcceptedBatch, BatchRefused]:
        """Run a script over the dataset of each line."""
        return await submit_batch(self.ports, command)

    async def read(self, batch_id: UUID, wait_seconds: float = 0) -> Result[BatchRecord, UnknownBatch]:
        """Read a batch, now or once it has finished."""
        return await read_batch(self.ports.batches, self.ports.completions, batch_id, wait_seconds)

    async def page(self, wanted: BatchFilter, before: UUID | None, limit: int) -> Sequence[BatchRecord]:
        """Read a page of the batches that match the filter."""
        return await self.ports.batches.page(wanted, before, limit)

    async def results(self, query: ReadResults) -> Result[BatchResults, BatchResultsUnavailable]:
        """Read the results of a batch, in groups of lines."""
        return await read_results(self.ports, query)

    async def cancel(self, batch_id: UUID, actor: Actor) -> Result[BatchRecord, BatchCancellationRefused]:
        """End the executions of a batch that have not ended."""
        return await cancel_batch(self.ports.batches, self.ports.clock, batch_id, actor)

    async def remove_content(self, batch_id: UUID, actor: Actor) -> Result[None, BatchRemovalRefused]:
        """Remove the datasets, results and logs of all executions of a batch."""
        return await remove_batch_content(self.ports.batches, self.ports.clock, batch_id, actor)
