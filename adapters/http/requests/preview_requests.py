"""Reads a preview out of a request's body."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from returns.result import Failure, Result, Success

from adapters.http.operations import JSON, RequestContext
from adapters.http.problems.refusals import DocumentTooLarge, InvalidDocument, PreviewDatasetTooLarge, Refusal
from adapters.http.requests.body import read_text
from adapters.http.requests.documents import read_document
from adapters.http.requests.parameters import media_type, parse_script_ref
from adapters.http.requests.raw_members import SplitDocument, split_document
from adapters.http.requests.script_upload import document_bytes, unhosted_version
from adapters.http.results import then
from adapters.http.wire.schemas.previews import NewPreview
from adapters.http.wire.validation_errors import Fault
from application.previews.preview import MAX_DATASET_BYTES, Preview, PreviewTarget
from domain.circumstances import requested_circumstances
from domain.hint import hint

_DATASET: Final = "dataset"
_INLINE_BYTES: Final = 16 * 1024
"""Up to here reading is shorter than the way to a thread and back."""


async def read_preview(call: RequestContext[Any]) -> Result[Preview, Refusal]:
    """Read the preview to run: all of it is valid; the sandbox has not checked its source yet."""
    sent_as = media_type(call.request, (JSON,))
    most = document_bytes(call.deps.uploads.max_source_bytes) + MAX_DATASET_BYTES
    body = await then(sent_as, lambda _: read_text(call, DocumentTooLarge(most)))
    split = await then(
        body, lambda text: split_document(call.deps.bodies, text, frozenset({_DATASET}), MAX_DATASET_BYTES)
    )
    return await then(split, lambda one: _off_the_loop(call, one))


async def _off_the_loop(call: RequestContext[Any], split: SplitDocument) -> Result[Preview, Refusal]:
    return _preview(call, split) if len(split.text) < _INLINE_BYTES else await asyncio.to_thread(_preview, call, split)


def _preview(call: RequestContext[Any], split: SplitDocument) -> Result[Preview, Refusal]:
    return Result.do(
        Preview(
            wanted=wanted,
            dataset=dataset,
            target=target,
            circumstances=requested_circumstances(new.clock, new.seed).unwrap(),  # the shape's validators checked them
            actor=call.actor,
        )
        for new in read_document(split.text, NewPreview)
        for dataset in _dataset(split.values)
        for target in _target(new)
        for wanted in unhosted_version(call.deps.uploads, new.source, new.engine, new.limits)
    )


def _dataset(values: Mapping[str, bytes]) -> Result[bytes, Refusal]:
    dataset = values[_DATASET]
    if len(dataset) > MAX_DATASET_BYTES:
        return Failure(PreviewDatasetTooLarge(MAX_DATASET_BYTES, len(dataset)))
    return Success(dataset)


def _target(new: NewPreview) -> Result[PreviewTarget | None, Refusal]:
    if new.script is None:
        needs_script = InvalidDocument((Fault("/script", hint("required")),))
        return Success(None) if new.version is None else Failure(needs_script)
    return parse_script_ref(new.script).map(lambda one: PreviewTarget(one, new.version))
