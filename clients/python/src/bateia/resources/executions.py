"""Executions and batches: their lists and parts, cancellation, reproduction, and the removal of their data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from bateia import documents, proof, waiting
from bateia.documents import Batch, Document, Execution
from bateia.exchange import Flow, Request, exchange
from bateia.listing import Listing, query_of
from bateia.operations import receive
from bateia.requesting import awaited, change, path_to, read_text
from bateia.resources.groups import C, Group, ItemsOf, Operation
from bateia.results import Result
from bateia.work_records import Comparison, Reproduction

ExecutionStatus: TypeAlias = Literal["pending", "running", "succeeded", "failed"]


def list_executions(
    script: str | None = None,
    version: int | None = None,
    *,
    status: ExecutionStatus | None = None,
    batch: str | None = None,
    submitted_from: str | None = None,
    submitted_to: str | None = None,
) -> Listing[Execution]:
    """List executions, the newest first, `submitted_to` exclusive; a version needs its script."""
    chosen = query_of(script=script, version=version, status=status, batch=batch)
    times = query_of(submitted_from=submitted_from, submitted_to=submitted_to)
    return Listing("/v1/executions", documents.execution, {**chosen, **times})


def read_execution(execution: str) -> Flow[Execution]:
    """Read an execution."""
    return waiting.read_execution(execution)


def read_dataset(execution: str) -> Flow[Result]:
    """Read the dataset of an execution. It has the methods of a result."""
    return receive(path_to("executions", execution, "input"))


def cancel_execution(execution: str) -> Flow[Execution]:
    """Cancel an execution that has not ended."""
    return documents.execution((yield from change("POST", path_to("executions", execution, "cancel"), repeatable=True)))


def delete_content(execution: str) -> Flow[None]:
    """Delete the dataset, the result, the log and the messages of an execution, for good. Its record stays."""
    yield from change("DELETE", path_to("executions", execution, "content"))


def read_receipt(execution: str) -> Flow[bytes]:
    """Read the signed receipt of an execution, as a file has it."""
    return read_text(path_to("executions", execution, "receipt"))


def compare(
    before: str, after: str, key: Sequence[str] = (), *, absolute: float = 0, relative: float = 0
) -> Flow[Comparison]:
    """Compare the results of two executions. Rows match by the columns of `key`; numbers may differ a little."""
    return Comparison.from_flow(proof.compare(before, after, key, absolute=absolute, relative=relative))


def reproduce(execution: str, *, wait: bool = True, timeout: float | None = None) -> Flow[Reproduction]:
    """Run an execution again with its clock and seed, and compare the outcomes. It is not sent twice."""
    response = yield from exchange(Request("POST", path_to("executions", execution, "reproduction")))
    started = Reproduction.of(response.json())
    return (yield from wait_for_reproduction(started, timeout)) if wait else started


def read_reproduction(execution: str, reproduction: str, wait_seconds: int = 0) -> Flow[Reproduction]:
    """Read a reproduction, perhaps once it has ended."""
    return Reproduction.from_flow(
        awaited(path_to("executions", execution, "reproductions", reproduction), wait_seconds)
    )


def wait_for_reproduction(one: Reproduction, timeout: float | None = None) -> Flow[Reproduction]:
    """Wait for a reproduction to end."""

    def again(seconds: int) -> Flow[Reproduction]:
        return read_reproduction(one.execution_id, one.id, seconds)

    return waiting.until_finished(one, again, timeout, None)


class Executions(Group[C]):
    """Executions. `Client.result` reads a result, and `Client.verify` verifies a receipt."""

    list = ItemsOf(list_executions)
    get = Operation(read_execution)
    dataset = Operation(read_dataset)
    cancel = Operation(cancel_execution)
    delete_content = Operation(delete_content)
    receipt = Operation(read_receipt)
    compare = Operation(compare)
    reproduce = Operation(reproduce)
    reproduction = Operation(read_reproduction)


def list_batches(script: str | None = None, version: int | None = None) -> Listing[Batch]:
    """List batches, the newest first; a version needs its script."""
    return Listing("/v1/batches", documents.batch, query_of(script=script, version=version))


def read_batch(batch: str) -> Flow[Batch]:
    """Read a batch."""
    return waiting.read_batch(batch)


def cancel_batch(batch: str) -> Flow[Batch]:
    """Cancel the executions of a batch that have not ended."""
    cancelled: Document = yield from change("POST", path_to("batches", batch, "cancel"), repeatable=True)
    return documents.batch(cancelled)


def delete_batch_content(batch: str) -> Flow[None]:
    """Delete the datasets and the results of a batch, for good. The records stay."""
    yield from change("DELETE", path_to("batches", batch, "content"))


class Batches(Group[C]):
    """Batches. `Client.batch_results` reads the results."""

    list = ItemsOf(list_batches)
    get = Operation(read_batch)
    cancel = Operation(cancel_batch)
    delete_content = Operation(delete_batch_content)
