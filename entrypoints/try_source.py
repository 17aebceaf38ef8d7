"""Run a source over a dataset in this installation's sandbox, without a service: `python -m entrypoints.try_source`.

What is printed is the document of a preview, or that of a problem, as `POST /v1/previews` answers; only the limits are
those of an execution, not of a preview. No database is needed, and nothing is stored. The client's command `bateia run`
calls this. Exit status 0 if the source was run, whatever its outcome; 3 if it or the dataset was refused; 4 if scripts
cannot be confined here; 2 if the command or a file is unusable.
"""

import asyncio
import json
import os
import sys
from argparse import ArgumentTypeError
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from returns.pipeline import is_successful
from returns.result import Failure, Result, Success

from adapters.http.language import Language
from adapters.http.problems.audience import Audience
from adapters.http.problems.mapping import problem_of
from adapters.http.problems.refusals import Refusal
from adapters.http.problems.rendering import problem_bytes
from adapters.http.requests.documents import read_document
from adapters.http.requests.script_upload import unhosted_version
from adapters.http.responses.previews import preview
from adapters.http.wire.json import json_bytes
from adapters.http.wire.schemas.previews import NewPreview
from adapters.javascript.launch import ZygoteStartFailed
from adapters.javascript.runner import JavaScriptSandbox
from adapters.json.bodies import JsonBodies
from adapters.system import utc_now
from application.ports.bodies import EncodedDataset
from application.ports.sandbox import RunFailure, Trial
from application.previews.preview import Previewed
from domain.circumstances import Circumstances, completed, requested_circumstances
from domain.engine import EngineName
from domain.outcome import Produced
from domain.versions import VersionRequest
from entrypoints.composition.bootstrap import settings_from
from entrypoints.composition.operator_choices import upload_policy
from entrypoints.configuration.command_line import CONFINING, CommandLine
from entrypoints.configuration.language import is_portuguese
from entrypoints.configuration.output import OutputRefused, print_output
from entrypoints.configuration.settings import Settings

REFUSED: Final = 3
UNAVAILABLE: Final = 4
_BODIES: Final = JsonBodies()

Tried: TypeAlias = Result[Previewed, Refusal | RunFailure]


def main() -> int:
    """Run the command line; return the exit status."""
    given = _command_line().parse_args()
    language = Language.PORTUGUESE if is_portuguese(os.environ) else Language.ENGLISH
    settings = settings_from(os.environ)
    try:
        wanted = {**given.choices, "source": given.source.read_text("utf-8"), "dataset": None}
        tried = asyncio.run(_tried(settings, wanted, _dataset(given.dataset), given.ndjson))
        return _report(tried, language)
    except (OSError, UnicodeDecodeError, OutputRefused) as refusal:
        print(f"try_source: {refusal}", file=sys.stderr)
        return 2
    except ZygoteStartFailed as refusal:
        print(f"try_source: {refusal}", file=sys.stderr)
        return UNAVAILABLE


def _command_line() -> CommandLine:
    parser = CommandLine(
        "python -m entrypoints.try_source",
        description="Run a source over a dataset in the sandbox of this installation, without a service. Exit\n"
        "status: 0 if it was run, 3 if the source or the dataset was refused, 4 if scripts cannot be confined here.",
        settings=CONFINING,
    )
    parser.add_argument("source", metavar="SOURCE", type=Path, help="file with the JavaScript source")
    parser.add_argument("dataset", metavar="DATASET", help="file with the dataset; - reads standard input")
    parser.add_argument("--ndjson", action="store_true", help="dataset of one JSON value per line")
    choices = "members of the request of a preview as JSON: engine, limits, clock, seed"
    parser.add_argument("--choices", metavar="JSON", type=_choices, default={}, help=choices)
    return parser


def _choices(text: str) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict) or value.keys() - {"engine", "limits", "clock", "seed"}:
        raise ArgumentTypeError("must be a JSON object with no other members than engine, limits, clock and seed")
    return value


def _dataset(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


async def _tried(settings: Settings, wanted: Mapping[str, Any], dataset: bytes, has_lines: bool) -> Tried:
    read = read_document(json.dumps(wanted).encode(), NewPreview)
    if not is_successful(read):
        return Failure(read.failure())
    new = read.unwrap()
    version = unhosted_version(upload_policy(settings), new.source, new.engine, new.limits)
    if not is_successful(version):
        return Failure(version.failure())
    text = await _BODIES.from_lines(dataset) if has_lines else Success(dataset)
    encoded = await _BODIES.encode_dataset(text.unwrap()) if is_successful(text) else Failure(text.failure())
    if not is_successful(encoded):
        return Failure(encoded.failure())
    at = _circumstances(new.clock, new.seed, encoded.unwrap())
    async with JavaScriptSandbox(
        _BODIES,
        slots=1,
        allow_unconfined=settings.allow_unconfined,
        engine=EngineName(settings.engine),
        warm=False,
    ) as sandbox:
        return await _run(sandbox, version.unwrap(), encoded.unwrap(), at)


async def _run(sandbox: JavaScriptSandbox, wanted: VersionRequest, dataset: EncodedDataset, at: Circumstances) -> Tried:
    checked = await sandbox.check(wanted.source, wanted.limits, wanted.engine)
    if not is_successful(checked):
        return Failure(checked.failure())
    trial = Trial(
        source=wanted.source,
        engine=wanted.engine,
        limits=wanted.limits,
        dataset=dataset.body,
        circumstances=at,
        source_warnings=checked.unwrap(),
    )
    ran: Result[Any, RunFailure] = await sandbox.run_trial(trial)
    return ran.map(
        lambda run: Previewed(
            run=run,
            limits=wanted.limits,
            circumstances=at,
            dataset_warnings=dataset.warnings,
            source_warnings=checked.unwrap(),
        )
    )


def _circumstances(clock: datetime | None, seed: str | None, dataset: EncodedDataset) -> Circumstances:
    requested = requested_circumstances(clock, seed).unwrap()  # the shape's validators checked them
    return completed(requested, dataset.body.digest, utc_now())


def _report(tried: Tried, language: Language) -> int:
    if is_successful(tried):
        shown = tried.unwrap()
        print_output(json_bytes(preview(shown, _result(shown), language)).decode())
        return 0
    refusal = tried.failure()
    if isinstance(refusal, RunFailure):
        print(f"try_source: the run was lost, by no fault of the script ({refusal})", file=sys.stderr)
        return UNAVAILABLE
    print_output(problem_bytes(problem_of(refusal), "/v1/previews", Audience(language)).decode())
    return REFUSED


def _result(shown: Previewed) -> bytes | None:
    outcome = shown.run.outcome
    return asyncio.run(_BODIES.decode(outcome.result)) if isinstance(outcome, Produced) else None


if __name__ == "__main__":
    sys.exit(main())
