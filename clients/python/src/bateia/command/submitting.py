"""Commands that submit datasets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

from bateia import operations, waiting
from bateia.command.arguments import Clock, Flag, OutputFile, Script, Seed, Version
from bateia.command.exits import Exit, Unusable
from bateia.command.files import format_of, pieces
from bateia.command.options import DEFAULTS, All, DatasetFile, Options
from bateia.command.reading import finish
from bateia.command.standard_input import (
    check_input,
    check_length,
    input_lines,
    input_pieces,
    is_standard_input,
    shown_name,
)
from bateia.datasets import JSON, NDJSON, Payload, dataset_payload
from bateia.documents import Batch
from bateia.operations import LIVE, Submission
from bateia.spool import pieces_of, spooled
from bateia.texts import say
from bateia.whole_files import write_whole


def _dataset_payload(dataset: Path, lines: bool) -> Payload:
    if not is_standard_input(dataset):
        return dataset_payload(dataset)
    body = spooled(input_pieces())  # so that it can be sent again after a failure
    check_length(dataset, body.length)
    return Payload(body, NDJSON if lines else JSON, body.coding)


def submit(
    script: Script,
    dataset: DatasetFile,
    /,
    *,
    version: Version = LIVE,
    lines: Flag = False,
    wait: Flag = False,
    timeout: float | None = None,
    output: OutputFile = None,
    clock: Clock = None,
    seed: Seed = None,
    common: All = DEFAULTS,
) -> int:
    """Submit a dataset to a script, and print the execution's id. Exit status 1 if it is waited for and fails.

    Parameters
    ----------
    dataset
        File with JSON, or named .ndjson with one value per line; either as .gz or .zst; - is standard input.
    lines
        Standard input has one value per line.
    wait
        Wait for the outcome, and print the result.
    timeout
        Seconds to wait at most.
    output
        File for the result: .json, .ndjson or .csv. It implies --wait.
    """
    if output is not None:
        format_of(output)
    if lines and not is_standard_input(dataset):
        raise Unusable(say("--lines is for standard input: a file with one value per line is named .ndjson or .jsonl"))
    check_input(dataset)
    with common.output.work(say("reading {name}", name=shown_name(dataset))):
        payload = _dataset_payload(dataset, lines)
    with common.output.upload(say("uploading {name}", name=shown_name(dataset))) as progress:
        choices = Submission(version, clock, seed, progress=progress)
        execution = common.do(operations.submit_payload(script, payload, choices))
    if not wait and output is None:
        common.output.value(execution.document, lambda: common.output.line(execution.id))
        return Exit.OK
    return finish(common, execution, timeout, output)


def batch(
    script: Script,
    datasets: DatasetFile,
    /,
    *,
    version: Version = LIVE,
    plain: Flag = False,
    wait: Flag = False,
    output: OutputFile = None,
    common: All = DEFAULTS,
) -> int:
    """Submit many datasets, one per line of a file. Exit status 1 if they are waited for and one fails.

    Parameters
    ----------
    datasets
        File with lines such as {"ref": "mine", "data": …}; - is standard input.
    plain
        The lines are the datasets themselves.
    wait
        Wait until all have ended.
    output
        File for the results, one JSON object per line. It implies --wait.
    """
    check_input(datasets)
    with common.output.work(say("reading {name}", name=shown_name(datasets))):
        body = spooled(_wrapped(datasets) if plain else _pieces(datasets))
    check_length(datasets, body.length)
    with common.output.upload(say("uploading {name}", name=shown_name(datasets))) as progress:
        choices = Submission(version, progress=progress)
        one = common.do(operations.submit_lines(script, Payload(body, NDJSON, body.coding), choices))
    if not wait and output is None:
        common.output.value(one.document, lambda: common.output.line(one.id))
        return Exit.OK
    return _finish_batch(common, one, output)


def _pieces(datasets: Path) -> Iterator[bytes]:
    return input_pieces() if is_standard_input(datasets) else pieces_of(datasets)


def _wrapped(datasets: Path) -> Iterator[bytes]:
    with nullcontext(input_lines()) if is_standard_input(datasets) else datasets.open("rb") as lines:
        for line in lines:
            if line.strip():
                yield b'{"data":' + line.strip() + b"}\n"


def _finish_batch(common: Options, one: Batch, output: Path | None) -> int:
    try:
        common.output.note(say("batch {id} of {lines} lines", id=one.id, lines=one.lines))
        with common.output.work(say("waiting for the batch")) as report:

            def watch(now: Batch) -> None:
                report(now.succeeded + now.failed, now.lines)

            one = common.do(waiting.wait_for_batch(one, watch=watch))
    except KeyboardInterrupt:
        common.output.note(say("the batch goes on: its id is {id}", id=one.id))
        raise
    if output is not None:
        write_whole(output, pieces(common.do(operations.batch_lines(one.id))))
    common.output.value(one.document, lambda: _show_batch(common, one))
    return Exit.OK if one.failed == 0 else Exit.FAILED


def _show_batch(common: Options, one: Batch) -> None:
    common.output.line(
        say("batch {id}: {succeeded} succeeded, {failed} failed", id=one.id, succeeded=one.succeeded, failed=one.failed)
    )
    if one.failed:
        for line in common.do(operations.batch_results(one, "failed")):
            common.output.line(
                f"{say('line {number}', number=line.line)}{f' ({line.ref})' if line.ref else ''}: {line.error}", "red"
            )
