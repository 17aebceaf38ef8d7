"""Commands for the proof of a run: its receipt, and the verification of that with files."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path

from bateia import proof
from bateia.command.arguments import ExecutionId, OutputFile
from bateia.command.exits import Exit, Unusable
from bateia.command.options import DEFAULTS, All, Options
from bateia.command.receipt_files import Given, verified_file
from bateia.command.showing import save_or_print
from bateia.datasets import LINES
from bateia.job_verification import ExpectedJob
from bateia.resources.executions import read_receipt
from bateia.resources.service import read_receipt_keys
from bateia.spool import PIECE_BYTES, sha256_of
from bateia.texts import say
from bateia.verification import Expected, Verification
from bateia.whole_files import write_whole


def receipt(
    execution: ExecutionId,
    /,
    *,
    output: OutputFile = None,
    keys_output: Path | None = None,
    common: All = DEFAULTS,
) -> int:
    """Print the signed receipt of an execution, or save it.

    Parameters
    ----------
    output
        File for the receipt.
    keys_output
        File for the service's public keys. Keys that come together with a receipt prove nothing to others.
    """
    text = common.do(read_receipt(execution))
    if keys_output is not None:
        write_whole(keys_output, [common.do(read_receipt_keys())])
    save_or_print(common, text, output)
    return Exit.OK


def verify(
    receipt: str,
    /,
    *,
    keys: Path | None = None,
    result: Path | None = None,
    dataset: Path | None = None,
    source: Path | None = None,
    partitions: Path | None = None,
    folder: Path | None = None,
    execution: str | None = None,
    job: str | None = None,
    installation: str | None = None,
    common: All = DEFAULTS,
) -> int:
    """Verify a receipt. Exit status 1 if anything does not hold.

    A file is verified offline, with --keys, and the files that are named. An execution's id is looked up: its receipt
    and its stored outcome are verified, with --keys, or else with the keys that the service itself shows. For a job's
    id there is `bateia jobs verify`.

    Parameters
    ----------
    receipt
        File with a receipt, or the id of an execution.
    keys
        File with the public keys that you trust.
    result
        File that the result has to be.
    dataset
        File that the dataset has to be: .json, .ndjson or .jsonl, either also as .gz.
    source
        File that the source has to be.
    partitions
        Of a job: file with its partitions, as `bateia jobs partitions ID --json` prints them.
    folder
        Of a job: folder with its output, with _manifest.json.
    execution
        Id that the execution has to have.
    job
        Id that the job has to have.
    installation
        Id that the installation has to have.
    """
    digests = {name: _digest(path) for name, path in (("dataset", dataset), ("source", source))}
    expected = Expected(execution, installation, _digest(result), **digests)
    expected_job = ExpectedJob(job, installation, source=digests["source"])
    file = Path(receipt)
    if file.is_file():
        if keys is None:
            raise Unusable(say("--keys must name the file with the public keys that you trust"))
        given = Given(expected, expected_job, partitions, folder)
        found = verified_file(file.read_bytes(), keys.read_bytes(), given)
    elif job or partitions or folder:
        raise Unusable(
            say("{receipt} is no file with a receipt: `bateia jobs verify ID` looks up a job", receipt=receipt)
        )
    else:
        found = common.do(proof.verify(receipt, None if keys is None else keys.read_bytes(), expected))
    common.output.value(verification_document(found), lambda: show_verification(common, found))
    return Exit.OK if found.holds else Exit.FAILED


def _digest(path: Path | None) -> str | None:
    """Compute the SHA-256 that the service states for a file: of NDJSON, it is that of the array of its lines."""
    if path is None:
        return None
    if path.suffix == ".zst":
        raise Unusable(say("{path} is compressed: decompress it first", path=path))
    inner = path.with_suffix("") if path.suffix == ".gz" else path
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        return sha256_of(_array(file) if inner.suffix in LINES else iter(lambda: file.read(PIECE_BYTES), b""))


def _array(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the array of the values on the lines, as the service stores it."""
    opening = b"["
    for line in lines:
        if value := line.strip(b" \t\r\n"):
            yield opening + value
            opening = b","
    yield b"[]" if opening == b"[" else b"]"


def verification_document(found: Verification) -> dict[str, object]:
    """Make the document of a verification, for programs."""
    parts = [{"part": one.name, "holds": one.holds, "detail": one.detail} for one in found.parts]
    return {"holds": found.holds, "parts": parts, "statement": found.statement}


def show_verification(common: Options, found: Verification) -> None:
    """Print what was verified."""
    for one in found.parts:
        verdict = say("holds" if one.holds else "DOES NOT HOLD")
        common.output.line(f"{say(one.name):13} {verdict}: {one.detail}", "" if one.holds else "red")
    common.output.line(say("everything that was checked holds" if found.holds else "this receipt must not be believed"))
