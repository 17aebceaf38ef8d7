"""Reads the body of a request that submits a job."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, TypeVar

from returns.pipeline import is_successful
from returns.result import Failure, Result

from adapters.http.operations import RequestContext
from adapters.http.problems.refusals import InvalidDocument, Refusal
from adapters.http.requests.short_documents import read_short_document
from adapters.http.wire.schemas.jobs import CsvDialect, NewJob, NewJobInput, NewVerification, Skip
from adapters.http.wire.schemas.version_replays import NewReplayTolerance
from adapters.http.wire.validation_errors import MAX_FAULTS, Fault, pointer_to
from domain.comparison.values import Tolerance
from domain.hint import hint
from domain.job_requests import (
    DEFAULT_TOLERANCE,
    ENCODINGS,
    CsvOptions,
    DataFormat,
    InvalidJobRequest,
    JobInput,
    JobOutput,
    JobRequest,
    RequestFault,
    Verification,
    checked,
)
from domain.stores import Folder, InvalidStoreUrl, ObjectPattern, folder, object_pattern

_T = TypeVar("_T")

_MOST_BYTES: Final = 256 * 1024
_HALF_CHARACTER: Final = re.compile("[\ud800-\udfff]")
_MOST_VALUES: Final = 5_000
"""The most columns, with a type for each."""


async def read_job(call: RequestContext[Any]) -> Result[JobRequest, Refusal]:
    """Read the job that is requested."""
    new = await read_short_document(call, NewJob, _MOST_BYTES, _MOST_VALUES)
    return new.bind(job_request)


def job_request(new: NewJob) -> Result[JobRequest, InvalidDocument]:
    """Build the request that a document describes."""
    pattern, target = object_pattern(new.input.url), folder(new.output.url)
    urls = (*_url_fault("/input/url", pattern), *_url_fault("/output/url", target))
    faults = (*urls, *_name_faults(new.input))
    if faults:
        return Failure(InvalidDocument(faults[:MAX_FAULTS]))
    return checked(_built(new, pattern.unwrap(), target.unwrap())).alt(_invalid)


def _url_fault(pointer: str, parsed: Result[Any, InvalidStoreUrl]) -> list[Fault]:
    return [] if is_successful(parsed) else [Fault(pointer, hint(parsed.failure().fault.value))]


def _name_faults(new: NewJobInput) -> Iterator[Fault]:
    """Find the names of columns that no object in UTF-8 can have, and no response either."""
    selected = ((f"/input/columns/{number}", name) for number, name in enumerate(new.columns or ()))
    typed = ((f"/input/csv/types{pointer_to(name)}", name) for name in new.csv.types)
    for pointer, name in (*selected, *typed):
        if (half := _HALF_CHARACTER.search(name)) is not None:
            yield Fault(pointer, hint("invalid-character", at=half.start()))


def _built(new: NewJob, pattern: ObjectPattern, target: Folder) -> JobRequest:
    return JobRequest(
        input=JobInput(
            pattern=pattern,
            format=new.input.format,
            csv=_csv(new.input.csv),
            columns=new.input.columns,
            integers=new.input.integers,
        ),
        output=JobOutput(target, DataFormat(new.output.format.value)),
        merge=new.merge,
        partition_bytes=new.partition.bytes,
        verification=_verification(new.verify),
    )


def _csv(new: CsvDialect) -> CsvOptions:
    return CsvOptions(
        delimiter=new.delimiter,
        encoding=new.encoding.lower(),
        decimal=new.decimal,
        has_header=new.header,
        has_newlines_in_fields=new.newlines_in_fields,
        types=new.types,
    )


def _verification(new: NewVerification | Skip) -> Verification | None:
    return None if isinstance(new, Skip) else Verification(new.rows, _tolerance(new.tolerance))


def _tolerance(new: NewReplayTolerance | None) -> Tolerance:
    if new is None:
        return DEFAULT_TOLERANCE
    return Tolerance(new.absolute or Decimal(0), new.relative or Decimal(0))


def _invalid(refusal: InvalidJobRequest) -> InvalidDocument:
    named = {"choices": ", ".join(ENCODINGS)} if refusal.fault is RequestFault.ENCODING else {}
    return InvalidDocument((Fault(refusal.pointer, hint(refusal.fault.value, **named)),))
