"""Reads a script or a version out of a request's body: a JSON document, or the source itself as a file."""

import asyncio
from collections.abc import Callable
from typing import Any, Final, TypeVar

from attrs import asdict, frozen
from returns.result import Failure, Result, Success

from adapters.http.dependencies import UploadPolicy
from adapters.http.operations import JAVASCRIPT, JAVASCRIPT_OLD, JSON, RequestContext
from adapters.http.problems.refusals import DocumentTooLarge, InvalidDocument, InvalidQuery, Refusal
from adapters.http.requests.body import read_body, read_text
from adapters.http.requests.documents import check_document, read_document
from adapters.http.requests.parameters import media_type
from adapters.http.requests.short_texts import parse_description, parse_note
from adapters.http.results import then
from adapters.http.wire.schemas.queries import RevisionUploadQuery, UploadQuery
from adapters.http.wire.schemas.scripts import NewLimits, NewScript, NewVersion
from adapters.http.wire.validation_errors import Fault
from application.scripts.register import Register
from domain.engine import EngineName
from domain.hint import Hint, hint
from domain.limits import LimitOutOfRange, Limits, resolve_limits
from domain.script import Description, script_name
from domain.versions import VersionRequest, source

ACCEPTED: Final = (JSON, JAVASCRIPT, JAVASCRIPT_OLD)

_UUID_SHAPED: Final = hint("uuid-shaped-name")
_MAX_ESCAPE_CHARACTERS: Final = 6
"""A byte of source is at most a six-character escape in a JSON string."""
_ROOM_FOR_OTHER_MEMBERS: Final = 64 * 1024
_INLINE_BYTES: Final = 16 * 1024
"""Up to here reading is shorter than the way to a thread and back."""

_T = TypeVar("_T")


async def read_script_upload(call: RequestContext[UploadQuery]) -> Result[Register, Refusal]:
    """Read the script to be hosted: all of it is valid; the sandbox has not checked it yet."""
    return await then(await _sent(call), lambda one: _off_the_loop(one, lambda: _script(call, one)))


async def read_version_upload(call: RequestContext[RevisionUploadQuery]) -> Result[VersionRequest, Refusal]:
    """Read the version to add from the request."""
    return await then(
        await _sent(call), lambda one: _off_the_loop(one, lambda: _version(call.deps.uploads, call.query, one))
    )


@frozen
class _Sent:
    media_type: str
    data: bytes


async def _sent(call: RequestContext[Any]) -> Result[_Sent, Refusal]:
    return await then(media_type(call.request, ACCEPTED), lambda of: _read(call, of))


async def _read(call: RequestContext[Any], of: str) -> Result[_Sent, Refusal]:
    most = call.deps.uploads.max_source_bytes
    if of != JSON:
        return (await read_body(call, DocumentTooLarge(most))).map(lambda data: _Sent(of, data))
    body = await read_text(call, DocumentTooLarge(document_bytes(most)))
    checked = await then(body, lambda text: check_document(call.deps.bodies, text))
    return checked.map(lambda text: _Sent(of, text))


def document_bytes(source_bytes: int) -> int:
    """Bound the size of a document with a source of so many bytes."""
    return source_bytes * _MAX_ESCAPE_CHARACTERS + _ROOM_FOR_OTHER_MEMBERS


async def _off_the_loop(sent: _Sent, read: Callable[[], Result[_T, Refusal]]) -> Result[_T, Refusal]:
    return read() if len(sent.data) < _INLINE_BYTES else await asyncio.to_thread(read)


def _script(call: RequestContext[UploadQuery], sent: _Sent) -> Result[Register, Refusal]:
    query = call.query
    if sent.media_type == JSON:
        if faults := _only_for_files(name=query.name, engine=query.engine, note=query.note):
            return Failure(InvalidQuery(faults))
        return Result.do(
            wanted for new in read_document(sent.data, NewScript) for wanted in _script_of_document(call, new)
        )
    if query.name is None:
        return Failure(InvalidQuery((Fault("/name", hint("required-for-files", name="name")),)))
    return Result.do(
        Register(name=name, description=Description(""), first=first, actor=call.actor)
        for name in script_name(query.name).alt(lambda _: InvalidQuery((Fault("/name", _UUID_SHAPED),)))
        for first in _version(call.deps.uploads, query, sent)
    )


def _only_for_files(**parameters: str | None) -> tuple[Fault, ...]:
    return tuple(
        Fault(f"/{name}", hint("only-for-files", name=name)) for name, value in parameters.items() if value is not None
    )


def _script_of_document(call: RequestContext[UploadQuery], new: NewScript) -> Result[Register, Refusal]:
    return Result.do(
        Register(name=name, description=about, first=first, actor=call.actor)
        for name in script_name(new.name).alt(lambda _: InvalidDocument((Fault("/name", _UUID_SHAPED),)))
        for about in parse_description(new.description)
        for first in _version_of_document(call.deps.uploads, new)
    )


def _version(policy: UploadPolicy, query: RevisionUploadQuery, sent: _Sent) -> Result[VersionRequest, Refusal]:
    if sent.media_type == JSON:
        if faults := _only_for_files(engine=query.engine, note=query.note):
            return Failure(InvalidQuery(faults))
        return Result.do(
            wanted for new in read_document(sent.data, NewVersion) for wanted in _version_of_document(policy, new)
        )
    return Result.do(
        VersionRequest(text, policy.default_limits, named, policy.default_engine, note)
        for named in _installed(policy, query.engine).alt(lambda fault: InvalidQuery((fault,)))
        for note in parse_note(query.note or "", InvalidQuery)
        for text in source(sent.data, policy.max_source_bytes)
    )


def _version_of_document(policy: UploadPolicy, new: NewVersion) -> Result[VersionRequest, Refusal]:
    return Result.do(
        VersionRequest(text, limits, named, policy.default_engine, note)
        for named in _installed(policy, new.engine).alt(lambda fault: InvalidDocument((fault,)))
        for note in parse_note(new.note, InvalidDocument)
        for text in source(new.source.encode("utf-8", "surrogatepass"), policy.max_source_bytes)
        for limits in _limits(policy, new.limits)
    )


def _installed(policy: UploadPolicy, engine: EngineName | None) -> Result[EngineName | None, Fault]:
    """Check that the service has the engine that a request names."""
    if engine is None or engine in policy.engines:
        return Success(engine)
    return Failure(Fault("/engine", hint("engine-not-installed", engines=", ".join(policy.engines))))


def unhosted_version(
    policy: UploadPolicy, text: str, engine: EngineName | None, limits: NewLimits
) -> Result[VersionRequest, Refusal]:
    """Validate a source, its engine and its limits as those of an upload are."""
    return Result.do(
        VersionRequest(read, resolved, named, policy.default_engine)
        for named in _installed(policy, engine).alt(lambda fault: InvalidDocument((fault,)))
        for read in source(text.encode("utf-8", "surrogatepass"), policy.max_source_bytes)
        for resolved in _limits(policy, limits)
    )


def _range(refused: LimitOutOfRange) -> Hint:
    if refused.name.endswith("_bytes"):
        return hint("size-out-of-range", minimum_bytes=refused.lowest, maximum_bytes=refused.highest)
    return hint("out-of-range", minimum=refused.lowest, maximum=refused.highest)


def _limits(policy: UploadPolicy, new: NewLimits) -> Result[Limits, InvalidDocument]:
    requested = {name: value for name, value in asdict(new).items() if value is not None}
    return resolve_limits(requested, policy.default_limits, policy.limit_ceilings).alt(
        lambda refused: InvalidDocument(tuple(Fault(f"/limits/{one.name}", _range(one)) for one in refused))
    )
