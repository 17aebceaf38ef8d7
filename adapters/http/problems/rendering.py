"""Problem responses (RFC 9457): the texts of problem details in the language that the client prefers.

`type` is absolute where the request names a host that is known to be this service's, so that a terminal can open it.
Otherwise it is relative: a client must never choose the host of a link that another may be shown.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias, assert_never

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from adapters.http.language import Language, preferred_language
from adapters.http.problems.audience import Audience as Audience
from adapters.http.problems.check_reports import check_report
from adapters.http.problems.details import ProblemDetails, SourceFault
from adapters.http.problems.gate_reasons import unmet_requirements
from adapters.http.problems.messages import Message, message_of
from adapters.http.problems.quoting import quotable
from adapters.http.problems.type_texts import text_of
from adapters.http.problems.types import INVALID_QUERY
from adapters.http.transport.path_segments import local_reference
from adapters.http.transport.public_origin import public_origin
from adapters.http.transport.root_path import root_path_of
from adapters.http.wire.json import json_bytes
from adapters.http.wire.schemas.problems import FieldError, ParameterError, Problem, SourceError
from adapters.http.wire.validation_errors import Fault, name_of
from domain.hint import Hint
from domain.text_limits import sanitize

PROBLEM_JSON: Final = "application/problem+json"
_LANGUAGE_HEADER: Final = "Accept-Language"

_Error: TypeAlias = FieldError | ParameterError | SourceError


def problem_response(problem: ProblemDetails, scope: Scope) -> Response:
    """Build the response for a problem."""
    root_path = root_path_of(scope)
    instance = root_path + local_reference(scope)
    audience = Audience(preferred_language(Headers(scope=scope)), public_origin(scope), root_path)
    headers = _with_language(problem.headers or {}, audience.language)
    return Response(problem_bytes(problem, instance, audience), problem.kind.status, headers, PROBLEM_JSON)


def problem_bytes(problem: ProblemDetails, instance: str, audience: Audience) -> bytes:
    """Encode a problem as JSON; `instance` is the request's public, encoded path, which begins with the prefix."""
    return json_bytes(localised(problem, instance, audience))


def localised(problem: ProblemDetails, instance: str, audience: Audience) -> Problem:
    """Fill the texts of a problem for a client. The advice of an individual error is better than that of the problem,
    which can only refer to its errors."""
    texts = _message(problem.message, problem.advice, audience)
    errors = None if problem.errors is None else tuple(_error(problem, one, audience) for one in problem.errors)
    advice = next((one.hint for one in errors or () if one.hint), None)
    return Problem(
        type=f"{audience.origin}{audience.root_path}{problem.kind.href}",
        code=problem.message.code,
        title=text_of(problem.kind, audience.language).title,
        status=problem.kind.status,
        detail=_detail(texts, errors or ()),
        hint=advice or texts.hint,
        instance=instance,
        errors=errors,
        position=problem.position,
        checks=None if problem.checks is None else check_report(problem.checks, audience.language),
        upload_offset=problem.upload_offset,
        reasons=None if problem.unmet is None else unmet_requirements(problem.unmet, audience),
    )


def _detail(own: Message, errors: tuple[_Error, ...]) -> str | None:
    """Return the detail of a single error, or of the first one if the problem has none of its own."""
    return _sentence(errors[0]) if len(errors) == 1 or (errors and own.detail is None) else own.detail


def _sentence(error: _Error) -> str:
    """Put the name of the invalid member or parameter before the violated requirement."""
    match error:
        case FieldError(pointer=name) | ParameterError(parameter=name):
            return f"`{quotable(name)}` {error.detail}" if name else error.detail
        case SourceError():
            return error.detail
        case _:
            assert_never(error)


def _with_language(headers: Mapping[str, str], language: Language) -> dict[str, str]:
    vary = ", ".join(filter(None, (headers.get("Vary"), _LANGUAGE_HEADER)))
    return {**headers, "Vary": vary, "Content-Language": str(language)}


def _error(problem: ProblemDetails, error: Fault | SourceFault, audience: Audience) -> _Error:
    if isinstance(error, SourceFault):
        return _source_error(error, audience)
    texts = _message(error.requirement, error.advice, audience)
    code, detail = error.requirement.code, texts.detail or ""
    if problem.kind is INVALID_QUERY:
        return ParameterError(parameter=name_of(error.pointer), code=code, detail=detail, hint=texts.hint)
    return FieldError(pointer=error.pointer, code=code, detail=detail, hint=texts.hint)


def _source_error(error: SourceFault, audience: Audience) -> SourceError:
    texts = _message(error.message, error.advice, audience)
    return SourceError(
        code=(error.advice or error.message).code,
        detail=sanitize(error.detail or texts.detail or ""),
        hint=texts.hint,
        line=error.line,
        column=error.column,
        position_is_exact=error.position_is_exact,
    )


def _message(message: Hint, advice: Hint | None, audience: Audience) -> Message:
    own = _filled(message, audience)
    return own if advice is None else Message(own.detail, _filled(advice, audience).hint)


def _filled(message: Hint, audience: Audience) -> Message:
    return message_of(message.code, dict(message.parameters) | {"root": audience.root_path}, audience.language)
