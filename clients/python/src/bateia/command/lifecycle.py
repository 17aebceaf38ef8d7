"""Commands for the life of a script and the proof of its runs: replay, promote, rollback, receipt, verify."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from bateia import hosting, operations, proof, requesting, waiting
from bateia.command.exits import Exit, Unusable
from bateia.command.options import DEFAULTS, All, Options
from bateia.documents import Replay
from bateia.operations import Selection
from bateia.requesting import segment
from bateia.results import write_whole
from bateia.spool import pieces_of
from bateia.verification import Expected, Verification, verified

_OUTCOMES = ("equal", "changed", "now_failing", "now_succeeding", "skipped", "incomplete")


def replay(
    script: str,
    version: str,
    /,
    *,
    last: int = 50,
    executions: str = "",
    key: str = "",
    absolute: float = 0,
    relative: float = 0,
    no_wait: Annotated[bool, Parameter(negative="")] = False,
    common: All = DEFAULTS,
) -> int:
    """Run past executions of a script on a version, and compare the outcomes. Exit status 1 if some differ.

    Parameters
    ----------
    script
        Name of the script.
    version
        Number of the version, or an alias.
    last
        Number of executions, the newest first.
    executions
        Ids of executions instead, separated by commas.
    key
        Columns that identify a row, separated by commas; the service proposes some.
    absolute
        Largest difference of numbers that count as equal.
    relative
        The same, as a fraction of the larger number.
    no_wait
        Print the replay's id, and do not wait for its end.
    """
    named = [one for one in executions.split(",") if one]
    columns = [one for one in key.split(",") if one]
    selection = Selection(named, None if named else last, key=columns, absolute=absolute, relative=relative)
    started = common.do(operations.start_replay(script, version, selection))
    if no_wait:
        common.output.value(started.document, lambda: common.output.line(started.id))
        return Exit.OK
    ended = _wait(common, started)
    counts = ", ".join(f"{ended.executions[name]} {name.replace('_', ' ')}" for name in _OUTCOMES)
    common.output.value(ended.document, lambda: common.output.line(f"{ended.executions['total']} executions: {counts}"))
    return Exit.FAILED if ended.has_differences else Exit.OK


def _wait(common: Options, started: Replay) -> Replay:
    try:
        common.output.note(f"replay {started.id}")
        with common.output.work("replaying") as report:

            def watch(one: Replay) -> None:
                report(one.executions["done"], one.executions["total"])

            return common.do(waiting.wait_for_replay(started, watch=watch))
    except KeyboardInterrupt:
        common.output.note(f"the replay goes on: its id is {started.id}")
        raise


def promote(
    script: str,
    version: int,
    /,
    *,
    alias: str = "live",
    note: str = "",
    force: Annotated[bool, Parameter(negative="")] = False,
    common: All = DEFAULTS,
) -> int:
    """Point an alias to a version. The gate's reasons are listed if it refuses.

    Parameters
    ----------
    script
        Name of the script.
    version
        Number of the version.
    alias
        Name of the alias.
    note
        Reason for the promotion.
    force
        Promote in spite of the gate; needs the scope admin, and a note.
    """
    moved = common.do(hosting.promote(script, alias, version, note, force))
    common.output.value(moved, lambda: common.output.line(f"{alias} of {script} is version {moved['version']}"))
    return Exit.OK


def rollback(script: str, /, *, alias: str = "live", note: str = "", common: All = DEFAULTS) -> int:
    """Undo the latest promotion of an alias.

    Parameters
    ----------
    script
        Name of the script.
    alias
        Name of the alias.
    note
        Reason for the rollback.
    """
    moved = common.do(hosting.roll_back(script, alias, note))
    common.output.value(moved, lambda: common.output.line(f"{alias} of {script} is version {moved['version']}"))
    return Exit.OK


def receipt(
    execution: str,
    /,
    *,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    keys_output: Path | None = None,
    common: All = DEFAULTS,
) -> int:
    """Print the signed receipt of an execution, or save it.

    Parameters
    ----------
    execution
        Id of the execution.
    output
        File for the receipt.
    keys_output
        File for the service's public keys. Keys that come together with a receipt prove nothing to others.
    """
    text = common.do(requesting.read_text(f"/v1/executions/{segment(execution)}/receipt"))
    if keys_output is not None:
        write_whole(keys_output, [common.do(requesting.read_text("/v1/receipts/keys"))])
    if output is not None:
        write_whole(output, [text])
        common.output.note(f"saved {output}")
    else:
        print(text.decode())
    return Exit.OK


def verify(
    receipt: str,
    /,
    *,
    keys: Path | None = None,
    result: Path | None = None,
    dataset: Path | None = None,
    source: Path | None = None,
    execution: str | None = None,
    installation: str | None = None,
    common: All = DEFAULTS,
) -> int:
    """Verify a receipt. Exit status 1 if anything does not hold.

    A file is verified offline, with --keys, and the files that are named. An execution's id is looked up: its receipt
    and its stored outcome are verified, with --keys, or else with the keys that the service itself shows.

    Parameters
    ----------
    receipt
        File with a receipt, or the id of an execution.
    keys
        File with the public keys that you trust.
    result
        File that the result has to be.
    dataset
        File that the dataset has to be, as JSON.
    source
        File that the source has to be.
    execution
        Id that the execution has to have.
    installation
        Id that the installation has to have.
    """
    digests = {name: _digest(path) for name, path in (("dataset", dataset), ("source", source))}
    expected = Expected(execution, installation, _digest(result), **digests)
    file = Path(receipt)
    if file.is_file():
        if keys is None:
            raise Unusable("--keys must name the file with the public keys that you trust")
        found = verified(file.read_bytes(), keys.read_bytes(), expected)
    else:
        found = common.do(proof.verify(receipt, None if keys is None else keys.read_bytes(), expected))
    common.output.value(_document(found), lambda: _show(common, found))
    return Exit.OK if found.holds else Exit.FAILED


def _digest(path: Path | None) -> str | None:
    if path is None:
        return None
    digest = hashlib.sha256()
    for piece in pieces_of(path):
        digest.update(piece)
    return digest.hexdigest()


def _document(found: Verification) -> dict[str, object]:
    parts = [{"part": one.name, "holds": one.holds, "detail": one.detail} for one in found.parts]
    return {"holds": found.holds, "parts": parts, "statement": found.statement}


def _show(common: Options, found: Verification) -> None:
    for one in found.parts:
        verdict = "holds" if one.holds else "DOES NOT HOLD"
        common.output.line(f"{one.name:13} {verdict}: {one.detail}", "" if one.holds else "red")
    common.output.line("everything that was checked holds" if found.holds else "this receipt must not be believed")
