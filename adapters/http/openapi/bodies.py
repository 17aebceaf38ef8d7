"""Requests and responses of operations in the OpenAPI document: contents, statuses, headers, problems and links."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Final

from attrs import frozen

from adapters.http.language import Language
from adapters.http.openapi.attrs_plugin import AttrsPlugin
from adapters.http.openapi.examples import answer_examples, request_examples
from adapters.http.openapi.links import link_references
from adapters.http.operations import MediaType, Operation, Resource, ResponseSpec
from adapters.http.problems import types
from adapters.http.problems.details import Errors, ProblemDetails, SourceFault
from adapters.http.problems.messages import CATALOGUE, codes_of
from adapters.http.problems.rendering import PROBLEM_JSON, Audience, localised
from adapters.http.problems.type_texts import text_of
from adapters.http.problems.types import ProblemType
from adapters.http.wire.json import json_bytes
from adapters.http.wire.schemas.problems import Problem
from adapters.http.wire.schemas.queries import MAX_PAGE
from adapters.http.wire.validation_errors import Fault
from domain.access import AnyScope
from domain.hint import hint

COMMON_REFUSALS: Final = (
    types.MALFORMED_REQUEST,
    types.CROSS_ORIGIN_REFUSED,
    types.EXPECTATION_FAILED,
    types.MISDIRECTED_REQUEST,
    types.INVALID_QUERY,
    types.HEAD_TOO_LARGE,
    types.INTERNAL_ERROR,
    types.TRANSFER_CODING_NOT_SUPPORTED,
    types.UNAVAILABLE,
    types.TOO_MUCH_IN_FLIGHT,
    types.TOO_MANY_CONNECTIONS,
    types.VERSION_NOT_SUPPORTED,
)
"""The refusals of every operation."""
REFUSAL_HEADERS: Final[Mapping[int, tuple[str, ...]]] = {
    401: ("WWW-Authenticate",),
    403: ("WWW-Authenticate",),
    415: ("Accept", "Accept-Encoding"),
    409: ("Upload-Offset",),
    416: ("Content-Range",),
    503: ("Retry-After",),
}

_SYNTAX_ERROR: Final = "SyntaxError: unexpected token"
_EXAMPLE_ORIGIN: Final = "http://127.0.0.1:8000"
_EXAMPLE_ERRORS: Final[Mapping[str, Errors]] = {
    "invalid-query": (Fault("/limit", hint("above-maximum", maximum=MAX_PAGE)),),
    "invalid-document": (Fault("/name", hint("invalid-name")),),
    "invalid-script": (SourceFault(hint("script-error", message=_SYNTAX_ERROR), None, 3, 14, True),),
}


def problem_examples(resources: Iterable[Resource]) -> dict[str, Any]:
    """Build an example of each kind of problem that the operations can return, by its slug."""
    operations = [operation for resource in resources for operation in resource.operations.values()]
    kinds = {kind.slug: kind for operation in operations for kind in _refusals(operation)}
    return {slug: _example(kind) for slug, kind in sorted(kinds.items())}


def _example(kind: ProblemType) -> dict[str, Any]:
    """Show a problem of that type: its first code, with that code's example parameters."""
    code = codes_of(kind.slug)[0]
    details = ProblemDetails(hint(code, **CATALOGUE[code].example), _EXAMPLE_ERRORS.get(kind.slug))
    problem = localised(details, "/v1/scripts", Audience(origin=_EXAMPLE_ORIGIN))
    shown: dict[str, Any] = json.loads(json_bytes(problem))
    return shown


@frozen
class Bodies:
    """Describes bodies, with schemas from the plugin and links to the operations of the resources."""

    plugin: AttrsPlugin
    resources: tuple[Resource, ...]

    def request(self, operation: Operation[Any]) -> dict[str, Any]:
        """Describe the request body of an operation."""
        content = {
            one.media_type: self._schema(one) | request_examples(operation.name, one) for one in operation.bodies
        }
        return {"required": not operation.may_lack_body, "content": content}

    def responses(self, operation: Operation[Any]) -> dict[str, Any]:
        """Describe the responses of an operation, each status once, whether an answer has it, a refusal, or both."""
        responses = {str(one.status): self._answer(operation, one) for one in operation.answers}
        for status, kinds in groupby(_refusals(operation), key=lambda kind: kind.status):
            refusal, answer = self._refusal(list(kinds)), responses.get(str(status))
            responses[str(status)] = refusal if answer is None else _joined(answer, refusal)
        return dict(sorted(responses.items()))

    def _answer(self, operation: Operation[Any], answer: ResponseSpec) -> dict[str, Any]:
        described: dict[str, Any] = {"description": answer.description, "headers": _headers(answer.headers)}
        if answer.content is None:
            return described
        contents = {
            one.media_type: self._schema(one) | answer_examples(operation.name, answer.status, one)
            for one in (answer.content, *answer.alternatives)
        }
        references = link_references(answer.content.shape, self.resources)
        return described | {"content": contents} | ({"links": references} if references else {})

    def _refusal(self, kinds: list[ProblemType]) -> dict[str, Any]:
        shown = {kind.slug: {"$ref": f"#/components/examples/{kind.slug}"} for kind in kinds}
        return {
            "description": " ".join(f"`{kind.slug}`: {text_of(kind, Language.ENGLISH).title}." for kind in kinds),
            "headers": _headers((*REFUSAL_HEADERS.get(kinds[0].status, ()), "Content-Language", "Vary")),
            "content": {PROBLEM_JSON: {"schema": self.plugin.schema(Problem), "examples": shown}},
        }

    def _schema(self, content: MediaType) -> dict[str, Any]:
        shape = content.shape
        if not content.described:
            return {}
        return {"schema": self.plugin.schema(shape) if isinstance(shape, type) else dict(shape)}


def _refusals(operation: Operation[Any]) -> Iterator[ProblemType]:
    """List all refusals of an operation, those of one status together."""
    yield from sorted(
        {*operation.refusals, *COMMON_REFUSALS, *_key_refusals(operation)}, key=lambda kind: (kind.status, kind.slug)
    )


def _key_refusals(operation: Operation[Any]) -> tuple[ProblemType, ...]:
    match operation.scope:
        case None:
            return ()
        case AnyScope():
            return (types.UNAUTHENTICATED,)
        case _:
            return types.UNAUTHENTICATED, types.FORBIDDEN


def _headers(names: Iterable[str]) -> dict[str, str]:
    return {name: name for name in ("X-Request-Id", *names)}


def _joined(answer: dict[str, Any], refusal: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": f"{answer['description']} Or {refusal['description']}",
        "headers": answer["headers"] | refusal["headers"],
        "content": answer["content"] | refusal["content"],
    }
