"""Why the HTTP side itself refuses a request, and the union of all refusals that a handler can give."""

from typing import TypeAlias

from attrs import frozen

from adapters.http.body_pace import TooSlow
from adapters.http.codings.decoders import MalformedEncoding
from adapters.http.schemas.problems import FieldError, ParameterError
from application.cancel_execution import CancellationRefused
from application.read_execution import DatasetUnavailable, ResultUnavailable
from application.read_script import VersionNotFound
from application.register_script import RegistrationRefused
from application.remove_content import RemovalRefused
from application.revise_script import RevisionRefused
from application.submit_execution import SubmissionRefused
from application.submit_once import KeyedSubmissionRefused
from domain.access import Scope
from domain.script import InvalidSource


@frozen
class UnknownPath:
    """Nothing is at this path."""


@frozen
class MethodNotAllowed:
    """The resource has other methods, `allow`."""

    method: str
    allow: tuple[str, ...]


@frozen
class MalformedId:
    """A part of the path has not the form of what it stands for."""

    parameter: str
    expected: str


@frozen
class MalformedCursor:
    """The cursor is none that this list gave."""


@frozen
class InvalidQuery:
    """Parameters of the query are unknown, repeated or have impossible values."""

    errors: tuple[ParameterError, ...]


@frozen
class InvalidDocument:
    """The body is JSON, and not what the operation takes."""

    errors: tuple[FieldError, ...]


@frozen
class NotAcceptable:
    """No form of what was asked for is among those that the request's `header` allows; `offered` are all there are."""

    header: str
    offered: tuple[str, ...]


@frozen
class UnsupportedMediaType:
    """The body has another media type than those `accepted`, or does not name any."""

    accepted: tuple[str, ...]


@frozen
class UnsupportedEncoding:
    """The body has another content coding than one of those `accepted`."""

    accepted: tuple[str, ...]


@frozen
class Unauthenticated:
    """The request needs a key and brings none, or, where one was `given`, none that holds."""

    given: bool


@frozen
class Forbidden:
    """The caller's key holds, and lacks the scope."""

    scope: Scope


@frozen
class MalformedIdempotencyKey:
    """The header `Idempotency-Key` holds no key, or several."""

    reason: str


@frozen
class DatasetTooLarge:
    """The dataset has more bytes than the limit."""

    limit_bytes: int


@frozen
class ShortDocumentTooLarge:
    """A body that carries a few members is longer than any that could be accepted."""

    limit_bytes: int


@frozen
class DocumentTooLarge:
    """A body that carries a source is longer than any that could be accepted."""

    limit_bytes: int


@frozen
class TooMuchInFlight:
    """The memory budget for bodies is exhausted; trying after so many seconds may help."""

    retry_after_seconds: int = 2


@frozen
class TooManyConnections:
    """The process has more connections than it serves; trying after so many seconds may help."""

    retry_after_seconds: int


@frozen
class MisdirectedRequest:
    """The request is for `host`, if it names one, and the service has other `names`."""

    host: str
    names: tuple[str, ...]


@frozen
class CrossOriginRefused:
    """A browser sends the request for a page of another origin."""


ProtocolRefusal: TypeAlias = (
    UnknownPath
    | MethodNotAllowed
    | MalformedId
    | Unauthenticated
    | Forbidden
    | MalformedCursor
    | InvalidQuery
    | InvalidDocument
    | NotAcceptable
    | UnsupportedMediaType
    | UnsupportedEncoding
    | MalformedIdempotencyKey
    | DatasetTooLarge
    | DocumentTooLarge
    | ShortDocumentTooLarge
    | MalformedEncoding
    | TooSlow
    | TooMuchInFlight
    | TooManyConnections
    | MisdirectedRequest
    | CrossOriginRefused
)
Refusal: TypeAlias = (
    ProtocolRefusal
    | InvalidSource
    | RegistrationRefused
    | RevisionRefused
    | SubmissionRefused
    | KeyedSubmissionRefused
    | VersionNotFound
    | DatasetUnavailable
    | ResultUnavailable
    | CancellationRefused
    | RemovalRefused
)
