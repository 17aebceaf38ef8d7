"""Why the HTTP side itself refuses a request, and the union of all refusals that a handler can give."""

from typing import TypeAlias

from attrs import frozen

from adapters.http.schemas.problems import FieldError, ParameterError
from application.cancel_execution import CancellationRefused
from application.read_execution import ResultUnavailable, UnknownExecution
from application.read_script import VersionNotFound
from application.register_script import RegistrationRefused
from application.revise_script import RevisionRefused
from application.submit_execution import SubmissionRefused
from application.submit_once import KeyedSubmissionRefused
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
class UnsupportedMediaType:
    """The body has another media type than those `accepted`, or does not name any."""

    accepted: tuple[str, ...]


@frozen
class UnsupportedEncoding:
    """The body has a content coding that is not read here."""


@frozen
class MalformedIdempotencyKey:
    """The header `Idempotency-Key` holds no key, or several."""

    reason: str


@frozen
class DatasetTooLarge:
    """The dataset has more bytes than the limit."""

    limit_bytes: int


@frozen
class DocumentTooLarge:
    """A body that carries a source is longer than any that could be accepted."""

    limit_bytes: int


ProtocolRefusal: TypeAlias = (
    UnknownPath
    | MethodNotAllowed
    | MalformedId
    | MalformedCursor
    | InvalidQuery
    | InvalidDocument
    | UnsupportedMediaType
    | UnsupportedEncoding
    | MalformedIdempotencyKey
    | DatasetTooLarge
    | DocumentTooLarge
)
Refusal: TypeAlias = (
    ProtocolRefusal
    | InvalidSource
    | RegistrationRefused
    | RevisionRefused
    | SubmissionRefused
    | KeyedSubmissionRefused
    | VersionNotFound
    | UnknownExecution
    | ResultUnavailable
    | CancellationRefused
)
