"""Problem details (RFC 9457) of refusals: one exhaustive match from refusal to problem."""

from collections.abc import Mapping
from typing import Final, TypeAlias, assert_never

from attrs import frozen
from starlette.responses import Response
from starlette.types import Scope

from adapters.http.language import Language
from adapters.http.problems import types
from adapters.http.problems.messages import hint_text, message_of
from adapters.http.problems.refusals import (
    CrossOriginRefused,
    DatasetTooLarge,
    DocumentTooLarge,
    Forbidden,
    InvalidDocument,
    InvalidQuery,
    MalformedCursor,
    MalformedId,
    MalformedIdempotencyKey,
    MethodNotAllowed,
    MisdirectedRequest,
    NotAcceptable,
    Refusal,
    ShortDocumentTooLarge,
    TooManyConnections,
    TooMuchInFlight,
    Unauthenticated,
    UnknownPath,
    UnsupportedEncoding,
    UnsupportedMediaType,
)
from adapters.http.problems.types import ProblemType
from adapters.http.transport.codings.decoders import MalformedEncoding
from adapters.http.transport.minimum_rate import BYTES_A_SECOND, MinimumRate, TooSlow
from adapters.http.transport.path_segments import path_reference
from adapters.http.transport.root_path import local_path, root_path_of
from adapters.http.wire.json import json_bytes
from adapters.http.wire.schemas.problems import FieldError, ParameterError, Problem, SourceError
from application.executions.read import ContentRemoved, HasFailed, UnknownExecution
from application.ports.bodies import MalformedJson
from application.ports.errors import QueueFull
from application.ports.sandbox import NotRunnable, ScriptFault
from application.ports.scripts import NameTaken, ScriptRef
from application.scripts.read import UnknownScript, UnknownVersion
from domain.execution import (
    AlreadyFinished,
    NotFinished,
    state_of,
)
from domain.idempotency import KeyReused
from domain.script import (
    EmptySource,
    ScriptArchived,
    ScriptName,
    SourceNotUtf8,
    SourceTooLarge,
)
from domain.text_limits import sanitize

PROBLEM_JSON: Final = "application/problem+json"

_Errors: TypeAlias = tuple[FieldError | ParameterError | SourceError, ...]


@frozen
class ProblemDetails:
    """The problem details of one refused request."""

    kind: ProblemType
    detail: str | None = None
    errors: _Errors | None = None
    headers: Mapping[str, str] | None = None


def problem_of(refusal: Refusal) -> ProblemDetails:  # noqa: C901 - one case a refusal, and no other branch
    """Map a refusal to its problem details."""
    match refusal:
        case UnknownPath():
            return ProblemDetails(types.NOT_FOUND, "No resource has this path.")
        case MethodNotAllowed(method=method, allow=allow):
            return ProblemDetails(types.METHOD_NOT_ALLOWED, _unsupported(method, allow), None, _allowing(allow))
        case MalformedId(parameter=parameter, expected=expected):
            return ProblemDetails(types.MALFORMED_ID, f"{{{parameter}}} must be {expected}.")
        case MalformedCursor():
            return ProblemDetails(types.MALFORMED_CURSOR, "This cursor is not from this list.")
        case InvalidQuery(errors=errors):
            return ProblemDetails(types.INVALID_QUERY, "Some query parameters are invalid.", errors)
        case InvalidDocument(errors=faults):
            return ProblemDetails(types.INVALID_DOCUMENT, "Some fields are invalid.", faults)
        case NotAcceptable(header=header, offered=offered):
            return ProblemDetails(types.NOT_ACCEPTABLE, f"{header} must allow one of: {', '.join(offered)}.")
        case UnsupportedMediaType(accepted=accepted):
            listed = ", ".join(accepted)
            return ProblemDetails(
                types.UNSUPPORTED_MEDIA_TYPE, f"Content-Type must be one of: {listed}.", None, {"Accept": listed}
            )
        case UnsupportedEncoding(accepted=codings):
            listed = ", ".join(codings)
            detail = f"Content-Encoding must be one of: {listed}."
            return ProblemDetails(types.UNSUPPORTED_ENCODING, detail, None, {"Accept-Encoding": listed})
        case MalformedEncoding(reason=reason, at=at):
            return ProblemDetails(types.MALFORMED_ENCODING, f"The encoding is invalid at byte {at}: {reason}.")
        case TooSlow(pace=pace):
            return ProblemDetails(types.REQUEST_TIMEOUT, _slowest(pace))
        case TooMuchInFlight(retry_after_seconds=seconds):
            return ProblemDetails(types.TOO_MUCH_IN_FLIGHT, None, None, _retrying(seconds))
        case TooManyConnections(retry_after_seconds=seconds):
            return ProblemDetails(types.TOO_MANY_CONNECTIONS, None, None, _retrying(seconds) | {"Connection": "close"})
        case MisdirectedRequest(host=host, names=names):
            found = f"Host is {host}" if host else "Host is missing or invalid"
            detail = f"{found}; it must be one of: {', '.join(names)}. BATEIA_ALLOWED_HOSTS adds others."
            return ProblemDetails(types.MISDIRECTED_REQUEST, detail)
        case CrossOriginRefused():
            detail = "Origin or Sec-Fetch-Site shows a page from another origin."
            return ProblemDetails(types.CROSS_ORIGIN_REFUSED, detail)
        case Unauthenticated(given=given):
            detail = "The API key is not valid." if given else "The request has no API key."
            return ProblemDetails(
                types.UNAUTHENTICATED, detail, None, _challenge('error="invalid_token"' if given else "")
            )
        case Forbidden(scope=scope):
            challenge = _challenge(f'error="insufficient_scope", scope="{scope}"')
            return ProblemDetails(types.FORBIDDEN, f"The API key lacks the scope {scope}.", None, challenge)
        case MalformedIdempotencyKey(reason=why):
            return ProblemDetails(types.MALFORMED_IDEMPOTENCY_KEY, f"Idempotency-Key is invalid: {why}.")
        case KeyReused():
            return ProblemDetails(
                types.IDEMPOTENCY_KEY_REUSED, "The key was used with another dataset, script or version."
            )
        case DatasetTooLarge(limit_bytes=limit):
            return ProblemDetails(types.DATASET_TOO_LARGE, f"The dataset exceeds the limit of {limit} bytes.")
        case DocumentTooLarge(limit_bytes=limit):
            return ProblemDetails(types.SOURCE_TOO_LARGE, f"The whole body exceeds the limit of {limit} bytes.")
        case ShortDocumentTooLarge(limit_bytes=limit):
            return ProblemDetails(types.DOCUMENT_TOO_LARGE, f"The body exceeds the limit of {limit} bytes.")
        case SourceTooLarge(size_bytes=size, limit_bytes=limit):
            return ProblemDetails(types.SOURCE_TOO_LARGE, f"The source has {size} bytes; the limit is {limit}.")
        case EmptySource():
            return _invalid_script((ScriptFault("the source is empty"),))
        case SourceNotUtf8(at=at):
            return _invalid_script((ScriptFault(f"the source is not valid UTF-8 at byte {at}"),))
        case NotRunnable(faults=found):
            return _invalid_script(found)
        case NameTaken(name=name):
            return ProblemDetails(types.NAME_TAKEN, f"A script named {name.value} already exists.")
        case ScriptArchived(name=name):
            return ProblemDetails(types.SCRIPT_ARCHIVED, f"The script {name.value} is archived.")
        case UnknownScript(script=script_ref):
            return ProblemDetails(types.UNKNOWN_SCRIPT, f"No script has the {_script_ref(script_ref)}.")
        case UnknownVersion(script=script, number=number):
            return ProblemDetails(types.UNKNOWN_VERSION, f"The script {script.name.value} has no version {number}.")
        case UnknownExecution(id=unknown):
            return ProblemDetails(types.UNKNOWN_EXECUTION, f"No execution has the id {unknown}.")
        case ContentRemoved(id=bare):
            return ProblemDetails(types.CONTENT_REMOVED, f"The content of the execution {bare} was removed.")
        case NotFinished(actual=execution):
            return ProblemDetails(types.NOT_FINISHED, f"The execution is {state_of(execution)}.")
        case AlreadyFinished(actual=ended):
            return ProblemDetails(types.ALREADY_FINISHED, f"The execution is already {state_of(ended)}.")
        case HasFailed(execution=failed):
            return ProblemDetails(types.EXECUTION_FAILED, f"The execution failed with {failed.error.kind}.")
        case QueueFull(retry_after_seconds=seconds):
            return ProblemDetails(types.QUEUE_FULL, "The queue is full.", None, _retrying(seconds))
        case MalformedJson(code=code, parameters=parameters):
            message = message_of(code, dict(parameters), Language.ENGLISH)
            return ProblemDetails(types.MALFORMED_JSON, f"{message.detail} {message.hint}")
        case _:
            assert_never(refusal)


def problem_response(problem: ProblemDetails, scope: Scope) -> Response:
    """Build the response for a problem."""
    root_path = root_path_of(scope)
    instance = root_path + local_path(path_reference(scope), root_path)
    body = problem_bytes(problem, instance, root_path)
    return Response(body, problem.kind.status, problem.headers, PROBLEM_JSON)


def problem_bytes(problem: ProblemDetails, instance: str, root_path: str) -> bytes:
    """Encode a problem as JSON; `instance` is the request's public, encoded path, which begins with `root_path`."""
    kind = problem.kind
    shown = Problem(
        type=f"{root_path}{kind.href}",
        title=kind.title,
        status=kind.status,
        detail=problem.detail,
        instance=instance,
        errors=problem.errors,
    )
    return json_bytes(shown)


def _invalid_script(faults: tuple[ScriptFault, ...]) -> ProblemDetails:
    errors = tuple(_source_error(one) for one in faults)
    return ProblemDetails(types.INVALID_SCRIPT, errors[0].detail if errors else None, errors)


def _source_error(fault: ScriptFault) -> SourceError:
    return SourceError(
        detail=sanitize(fault.detail),
        line=fault.line,
        column=fault.column,
        position_is_exact=fault.position_is_exact,
        code=None if fault.hint is None else fault.hint.code,
        hint=hint_text(fault.hint, Language.ENGLISH),
    )


def _retrying(seconds: int) -> dict[str, str]:
    return {"Retry-After": str(seconds)}


def _challenge(parameters: str) -> dict[str, str]:
    """Build the authentication challenge (RFC 6750, section 3)."""
    return {"WWW-Authenticate": ", ".join(filter(None, ('Bearer realm="bateia"', parameters)))}


def _slowest(pace: MinimumRate) -> str:
    rate = f"{BYTES_A_SECOND} bytes/s over {pace.window:g} s"
    return f"The body must arrive at {rate} or faster, without pauses of {pace.idle_timeout:g} s."


def _unsupported(method: str, allow: tuple[str, ...]) -> str:
    return f"{method} is not supported here. Allowed: {', '.join(allow)}."


def _allowing(allow: tuple[str, ...]) -> dict[str, str]:
    return {"Allow": ", ".join(allow)}


def _script_ref(script: ScriptRef) -> str:
    return f"name {script.value}" if isinstance(script, ScriptName) else f"id {script}"


RETRY_AFTER: Final = {"Retry-After": "5"}
