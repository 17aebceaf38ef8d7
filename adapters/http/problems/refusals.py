"""Refusals raised by the HTTP adapter itself, and the union of all refusals that a handler can return."""

from typing import TypeAlias

from attrs import frozen

from adapters.http.transport.byte_ranges import RangeNotSatisfiable
from adapters.http.transport.codings.decoders import MalformedEncoding
from adapters.http.transport.minimum_rate import TooSlow
from adapters.http.wire.validation_errors import Fault
from application.access.use_cases import KeyCreationRefused, KeyRevocationRefused
from application.batches.cancel import BatchCancellationRefused
from application.batches.remove_content import BatchRemovalRefused
from application.batches.results import BatchResultsUnavailable
from application.batches.submit_batch import BatchRefused
from application.executions.cancel import CancellationRefused
from application.executions.compare import ComparisonUnavailable
from application.executions.read import DatasetUnavailable, ResultUnavailable
from application.executions.read_reproduction import ReproductionUnknown
from application.executions.receipts import ReceiptRefused
from application.executions.remove_content import RemovalRefused
from application.executions.reproduce import ReproductionRefused
from application.executions.submit import SubmissionRefused
from application.jobs.cancel import JobCancellationRefused
from application.jobs.receipt import JobReceiptRefused
from application.jobs.remove_content import JobRemovalRefused
from application.jobs.retry import JobRetryRefused
from application.jobs.submit_job import JobSubmissionRefused
from application.previews.preview import PreviewRefused
from application.replays.read import ReplayNotFound
from application.replays.start import ReplayRefused
from application.script_tests.check import CheckRefused
from application.script_tests.copy_execution import CopyRefused
from application.scripts.aliases import AliasRefused
from application.scripts.gates import GateRefused
from application.scripts.read import VersionNotFound
from application.scripts.register import RegistrationRefused
from application.scripts.restore import RestorationRefused
from application.scripts.revise import RevisionRefused
from application.stores.uploads import UploadRefused
from application.stores.use import ObjectRefused
from application.stores.write import WriteRefused
from application.webhooks.change import ChangeRefused
from application.webhooks.send_again import RedeliveryRefused
from application.webhooks.subscribe import SubscriptionRefused
from domain.hint import Hint
from domain.script_tests import UnknownTest
from domain.stores import UrlFault
from domain.version_replays import ReplayNotFinished
from domain.versions import InvalidSource


@frozen
class UnknownPath:
    """No resource has this path; `suggestion` is a path that the client may have meant, if one is similar."""

    path: str
    suggestion: str | None = None


@frozen
class MethodNotAllowed:
    """The resource supports only the methods in `allow`."""

    method: str
    allow: tuple[str, ...]


@frozen
class MalformedId:
    """A segment of the path has not the form of its parameter, which has a code of its own for this.

    `suggestion` is a value that the client may have meant.
    """

    code: str
    value: str
    suggestion: str | None = None


@frozen
class MalformedCursor:
    """The cursor is not from this list."""


@frozen
class InvalidQuery:
    """Query parameters are unknown, repeated or invalid."""

    faults: tuple[Fault, ...]


@frozen
class InvalidDocument:
    """The body is JSON but does not match the operation's schema."""

    faults: tuple[Fault, ...]


@frozen
class NotAcceptable:
    """No available representation satisfies the request's `header`; `offered` lists all of them."""

    header: str
    offered: tuple[str, ...]


@frozen
class UnsupportedMediaType:
    """The body's media type `sent` (empty if missing) is not one of `accepted`."""

    accepted: tuple[str, ...]
    sent: str


@frozen
class UnsupportedCharset:
    """The body's media type `sent` is one of `accepted`, but has a charset other than UTF-8."""

    accepted: tuple[str, ...]
    sent: str
    charset: str


@frozen
class UnsupportedEncoding:
    """The body's content coding `sent` is not one of `accepted`."""

    accepted: tuple[str, ...]
    sent: str


@frozen
class Unauthenticated:
    """The request has no API key, or a malformed one (`given`)."""

    given: bool


@frozen
class MalformedIdempotencyKey:
    """The header `Idempotency-Key` is malformed or repeated."""

    reason: Hint


@frozen
class DatasetTooLarge:
    """The dataset exceeds the size limit; its own size is known if it was announced and is not compressed."""

    limit_bytes: int
    size_bytes: int | None = None


@frozen
class BatchTooLarge:
    """The lines of a batch together exceed the size limit of a dataset."""

    limit_bytes: int


@frozen
class PreviewDatasetTooLarge:
    """The dataset of a preview exceeds the size limit of previews."""

    limit_bytes: int
    size_bytes: int


@frozen
class ShortDocumentTooLarge:
    """The body is longer than any valid document of this operation."""

    limit_bytes: int


@frozen
class DocumentTooLarge:
    """The body is longer than any valid document with a source."""

    limit_bytes: int


@frozen
class TooMuchInFlight:
    """The memory budget for bodies is exhausted; retrying after the delay may succeed."""

    retry_after_seconds: int = 2


@frozen
class TooManyConnections:
    """The process is over its connection limit; retrying after the delay may succeed."""

    retry_after_seconds: int


@frozen
class InvalidStorePath:
    """The path of the request names nothing in a store."""

    fault: UrlFault


@frozen
class MalformedUploadOffset:
    """The header `Upload-Offset` is missing, repeated or malformed."""


@frozen
class MisdirectedRequest:
    """The request's `host` (empty if invalid) is not among the service's `names`."""

    host: str
    names: tuple[str, ...]


@frozen
class CrossOriginRefused:
    """A browser sent the request on behalf of a page from another origin."""


ProtocolRefusal: TypeAlias = (
    UnknownPath
    | MethodNotAllowed
    | MalformedId
    | Unauthenticated
    | MalformedCursor
    | InvalidQuery
    | InvalidDocument
    | NotAcceptable
    | UnsupportedMediaType
    | UnsupportedCharset
    | UnsupportedEncoding
    | MalformedIdempotencyKey
    | DatasetTooLarge
    | BatchTooLarge
    | PreviewDatasetTooLarge
    | DocumentTooLarge
    | ShortDocumentTooLarge
    | MalformedEncoding
    | TooSlow
    | TooMuchInFlight
    | TooManyConnections
    | InvalidStorePath
    | MalformedUploadOffset
    | RangeNotSatisfiable
    | MisdirectedRequest
    | CrossOriginRefused
)
ScriptTestRefused: TypeAlias = CopyRefused | CheckRefused | UnknownTest
JobRefused: TypeAlias = (
    JobSubmissionRefused | JobCancellationRefused | JobRetryRefused | JobRemovalRefused | JobReceiptRefused
)
StoreRefusal: TypeAlias = ObjectRefused | WriteRefused | UploadRefused
WebhookRefused: TypeAlias = SubscriptionRefused | ChangeRefused | RedeliveryRefused
KeyRefused: TypeAlias = KeyCreationRefused | KeyRevocationRefused
"""Refusals of callers are among them, since a key is managed by a caller who is checked once more."""
Refusal: TypeAlias = (
    ProtocolRefusal
    | KeyRefused
    | InvalidSource
    | RegistrationRefused
    | RevisionRefused
    | RestorationRefused
    | SubmissionRefused
    | BatchRefused
    | BatchResultsUnavailable
    | BatchCancellationRefused
    | BatchRemovalRefused
    | VersionNotFound
    | DatasetUnavailable
    | ResultUnavailable
    | ComparisonUnavailable
    | ReplayRefused
    | ReplayNotFound
    | ReplayNotFinished
    | CancellationRefused
    | RemovalRefused
    | ReceiptRefused
    | ReproductionRefused
    | ReproductionUnknown
    | ScriptTestRefused
    | PreviewRefused
    | AliasRefused
    | GateRefused
    | WebhookRefused
    | JobRefused
    | StoreRefusal
)
