"""Verify a receipt offline: `python -m entrypoints.verify RECEIPT --keys FILE [--result FILE ...]`.

Nothing but the named files is read: no setting, no database, no network. Exit status 0 if everything that was checked
holds, 1 if something does not match, 2 if the command or a file is unusable or the report cannot be written.
"""

import os
import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from uuid import UUID

from adapters.signing.ed25519 import verify as verify_signature
from domain.verification import Expectations, verify
from domain.verification_report import Form, Part, VerificationReport
from entrypoints.configuration.command_line import CommandLine
from entrypoints.configuration.language import is_portuguese
from entrypoints.configuration.output import OutputRefused, print_output
from entrypoints.verification.files import Files, UnusableFile
from entrypoints.verification.job_files import output_of, root_of
from entrypoints.verification.rendering import document, lines
from entrypoints.verification.texts import ENGLISH, PORTUGUESE, Texts

_FILES: Final[Mapping[Part, str]] = {
    Part.RESULT: "result to compare with the receipt",
    Part.DATASET: "dataset to compare, as it was submitted",
    Part.SOURCE: "source of the script version to compare",
    Part.ERROR: "failed execution as JSON, or its member `error`, to compare",
}


def main() -> int:
    """Run the command line; return the exit status."""
    given = _command_line().parse_args()
    texts = PORTUGUESE if is_portuguese(os.environ) else ENGLISH
    try:
        report = _verified(given, Files(texts), texts)
        print_output(document(report, texts) if given.json else lines(report, texts))
    except (UnusableFile, OutputRefused) as refusal:
        print(f"verify: {refusal}", file=sys.stderr)
        return 2
    return 0 if report.holds else 1


def _command_line() -> CommandLine:
    parser = CommandLine(
        "python -m entrypoints.verify",
        description="Verify the receipt of an execution or a job, offline. Exit status: 0 if everything that was\n"
        "checked holds, 1 if something does not match, 2 if the command or a file is unusable or the report\n"
        "cannot be written.",
    )
    parser.add_argument("receipt", metavar="RECEIPT", help="file with the receipt; - reads standard input")
    keys = "public keys that are trusted, as GET /v1/receipts/keys returns them"
    parser.add_argument("--keys", metavar="FILE", required=True, type=Path, help=keys)
    for part, about in _FILES.items():
        parser.add_argument(f"--{part.value}", metavar="FILE", type=Path, help=about)
    parser.add_argument("--execution", metavar="ID", type=_id, help="id that the receipt's execution must have")
    parser.add_argument("--job", metavar="ID", type=_id, help="id that the receipt's job must have")
    partitions = "partitions of the job to compare, as GET /v1/jobs/{job}/partitions returns them, or an item a line"
    parser.add_argument("--partitions", metavar="FILE", type=Path, help=partitions)
    output = "folder with the output of the job to compare, with its _manifest.json"
    parser.add_argument("--output", metavar="FOLDER", type=Path, help=output)
    parser.add_argument("--installation", metavar="ID", type=_id, help="id that the receipt's installation must have")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not an id such as 0197c9a4-6c1e-7d42-b0ff-2f6b7d1c55aa") from None


def _verified(given: Namespace, files: Files, texts: Texts) -> VerificationReport:
    envelope, keys = files.receipt(given.receipt), files.keys(given.keys)
    digests, objects = dict(_digests(given, files)), None
    if given.output is not None:
        manifest_sha256, objects = output_of(given.output, texts)
        digests[Part.MANIFEST] = {Form.RAW: manifest_sha256}
    expected = Expectations(
        installation=given.installation,
        execution=given.execution,
        digests=digests,
        job=given.job,
        partitions_root=None if given.partitions is None else root_of(given.partitions, texts),
        objects=objects,
    )
    return verify(envelope, keys, verify_signature, expected)


def _digests(given: Namespace, files: Files) -> Mapping[Part, Mapping[Form, str]]:
    digests = {Part.ERROR: files.error_digest, Part.SOURCE: files.source_digest}
    named = {part: file for part in _FILES if (file := getattr(given, part.value)) is not None}
    return {part: digests.get(part, files.digests)(file) for part, file in named.items()}


if __name__ == "__main__":
    sys.exit(main())
