"""Commands for one execution or one batch: its parts, cancellation, reproduction, and the removal of its data."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from bateia import operations, waiting
from bateia.command.arguments import ExecutionId, File, Limit, Script, Timeout, Yes, confirm
from bateia.command.exits import Exit
from bateia.command.files import save_or_print_body
from bateia.command.options import DEFAULTS, All, Options
from bateia.command.showing import cell, show_document, show_items, show_removal
from bateia.logs import read_log
from bateia.resources import executions as api
from bateia.texts import say
from bateia.work_records import Reproduction

BatchId = Annotated[str, Parameter(help="Id of the batch.")]


def show_execution(execution: ExecutionId, /, *, common: All = DEFAULTS) -> int:
    """Show an execution: its state, its measures, and where its parts are."""
    show_document(common, common.do(waiting.read_execution(execution)).document)
    return Exit.OK


def show_input(execution: ExecutionId, /, *, output: File = None, common: All = DEFAULTS) -> int:
    """Print the dataset of an execution, or save it."""
    save_or_print_body(common, common.do(api.read_dataset(execution)), output)
    return Exit.OK


def show_log(execution: ExecutionId, /, *, common: All = DEFAULTS) -> int:
    """Print the lines of an execution's console so far, also while it runs."""
    found = common.do(read_log(execution))

    def show() -> None:
        for line in found.lines:
            common.output.line(f"{line.level}: {line.message}")

    common.output.value(found.document, show)
    return Exit.OK


def cancel_execution(execution: ExecutionId, /, *, common: All = DEFAULTS) -> int:
    """Cancel an execution that has not ended."""
    ended = common.do(api.cancel_execution(execution)).document
    common.output.value(
        ended, lambda: common.output.line(say("{id} is {status}", id=ended["id"], status=ended["status"]))
    )
    return Exit.OK


def delete_data(execution: ExecutionId, /, *, yes: Yes = False, common: All = DEFAULTS) -> int:
    """Delete the dataset, the result, the log and the messages of an execution, for good. Its record stays."""
    confirm(common, say("Delete the dataset and the result of execution {execution}?", execution=execution), yes)
    common.do(api.delete_content(execution))
    show_removal(common, execution)
    return Exit.OK


def reproduce(execution: ExecutionId, /, *, timeout: Timeout = None, common: All = DEFAULTS) -> int:
    """Run an execution again with its clock and its seed, and compare. Exit status 1 if the outcome is another one."""
    return _show_reproduction(common, common.do(api.reproduce(execution, wait=False)), timeout)


def show_reproduction(
    execution: ExecutionId,
    reproduction: Annotated[str, Parameter(help="Id of the reproduction.")],
    /,
    *,
    timeout: Timeout = None,
    common: All = DEFAULTS,
) -> int:
    """Wait for a reproduction to end, and show its outcome. Exit status 1 if it is another one."""
    return _show_reproduction(common, common.do(api.read_reproduction(execution, reproduction)), timeout)


def _show_reproduction(common: Options, one: Reproduction, timeout: float | None) -> int:
    common.output.note(say("reproduction {id}", id=one.id))
    try:
        with common.output.work(say("reproducing")):
            ended = common.do(api.wait_for_reproduction(one, timeout))
    except KeyboardInterrupt:
        common.output.note(
            say("it goes on: bateia executions reproduction {execution} {id}", execution=one.execution_id, id=one.id)
        )
        raise

    def show() -> None:
        verdict = say({True: "reproduced", False: "NOT reproduced", None: "inconclusive"}[ended.reproduced])
        common.output.line(verdict, "" if ended.reproduced else "red")
        for name, detail in (("difference", ended.difference), ("inconclusive", ended.inconclusive)):
            if detail is not None:
                common.output.line(f"{say(name)}: {cell(detail)}")

    common.output.value(ended.document, show)
    return Exit.OK if ended.reproduced else Exit.FAILED


def list_batches(
    *,
    script: Script | None = None,
    version: Annotated[int | None, Parameter(help="Only those of this version.")] = None,
    limit: Limit = 20,
    common: All = DEFAULTS,
) -> int:
    """List batches, the newest first."""
    items = common.first(api.list_batches(script, version), limit)
    show_items(common, items, "id", "status", "lines", "counts", "submitted_at")
    return Exit.OK


def show_batch(batch: BatchId, /, *, common: All = DEFAULTS) -> int:
    """Show a batch, with the numbers of its executions by status."""
    show_document(common, common.do(waiting.read_batch(batch)).document)
    return Exit.OK


def batch_results(
    batch: BatchId,
    /,
    *,
    status: Literal["succeeded", "failed"] | None = None,
    output: File = None,
    common: All = DEFAULTS,
) -> int:
    """Print the results of a batch, one JSON object per line, or save them.

    Parameters
    ----------
    status
        Only these lines.
    """
    save_or_print_body(common, common.do(operations.batch_lines(batch, status)), output)
    return Exit.OK


def cancel_batch(batch: BatchId, /, *, common: All = DEFAULTS) -> int:
    """Cancel the executions of a batch that have not ended."""
    ended = common.do(api.cancel_batch(batch)).document
    common.output.value(ended, lambda: common.output.line(say("cancelled {batch}", batch=batch)))
    return Exit.OK


def delete_batch_data(batch: BatchId, /, *, yes: Yes = False, common: All = DEFAULTS) -> int:
    """Delete the datasets and the results of a batch, for good. The records stay."""
    confirm(common, say("Delete the datasets and the results of batch {batch}?", batch=batch), yes)
    common.do(api.delete_batch_content(batch))
    show_removal(common, batch)
    return Exit.OK
