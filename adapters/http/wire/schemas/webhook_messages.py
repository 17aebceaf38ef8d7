"""Wire schemas of the messages that webhooks send: ids, states, digests and links, but no data."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from attrs import field, frozen
from attrs.validators import ge, in_, optional

from adapters.http.wire.schemas.executions import EXECUTION_ID
from adapters.http.wire.schemas.jobs import JOB_ID
from adapters.http.wire.schemas.metadata import describe
from adapters.http.wire.schemas.scripts import MOMENT, SCRIPT_ID, SHA256
from adapters.http.wire.schemas.version_replays import REPLAY_ID
from adapters.http.wire.schemas.webhooks import WEBHOOK_ID
from domain.aliases import MoveReason
from domain.jobs import JobErrorKind
from domain.outcome import ErrorKind
from domain.webhooks import EventType

BATCH_ID: Final = "0199c60f-7e42-7b1c-8d3a-6c5b4a392817"
_TYPE: Final = "Type of the event."
_TIME: Final = "Time of the event, the same in each attempt."
_FACTS: Final = "Facts of the event."
_LINKS: Final = "Paths of the resources concerned, relative to the service's origin."
_VERSION: Final = "Number of the script's version."


@frozen(kw_only=True)
class EventScript:
    """The script of an event."""

    id: UUID = field(metadata=describe("Id of the script.", SCRIPT_ID))
    name: str | None = field(metadata=describe("Name of the script.", "corporate-cards"))


@frozen(kw_only=True)
class ExecutionLinks:
    """Links of an event of an execution."""

    execution: str = field(metadata=describe("Path of the execution.", f"/v1/executions/{EXECUTION_ID}"))


@frozen(kw_only=True)
class BatchLinks:
    """Links of an event of a batch."""

    batch: str = field(metadata=describe("Path of the batch.", f"/v1/batches/{BATCH_ID}"))
    results: str = field(metadata=describe("Path of its results.", f"/v1/batches/{BATCH_ID}/results"))


@frozen(kw_only=True)
class ReplayLinks:
    """Links of an event of a replay."""

    replay: str = field(
        metadata=describe("Path of the replay.", f"/v1/scripts/corporate-cards/versions/3/replays/{REPLAY_ID}")
    )


@frozen(kw_only=True)
class AliasLinks:
    """Links of an event of an alias."""

    alias: str = field(metadata=describe("Path of the alias.", "/v1/scripts/corporate-cards/aliases/live"))


@frozen(kw_only=True)
class JobLinks:
    """Links of an event of a job."""

    job: str = field(metadata=describe("Path of the job.", f"/v1/jobs/{JOB_ID}"))


@frozen(kw_only=True)
class WebhookLinks:
    """Links of a test event."""

    webhook: str = field(metadata=describe("Path of the webhook.", f"/v1/webhooks/{WEBHOOK_ID}"))


@frozen(kw_only=True)
class _OfExecution:
    """Facts of the end of an execution."""

    script: EventScript = field(metadata=describe("Script that ran."))
    execution: UUID = field(metadata=describe("Id of the execution.", EXECUTION_ID))
    version: int = field(validator=ge(1), metadata=describe(_VERSION, 3))
    alias: str | None = field(metadata=describe("Alias that led to the version; null if none did.", "live"))


@frozen(kw_only=True)
class SuccessFacts(_OfExecution):
    """Facts of an execution that succeeded."""

    status: str = field(validator=in_(("succeeded",)), metadata=describe("State of the execution.", "succeeded"))
    result_sha256: str = field(metadata=describe("SHA-256 of the result, in hexadecimal.", SHA256))
    result_bytes: int = field(validator=ge(0), metadata=describe("Size of the result in bytes.", 1_718))
    links: ExecutionLinks = field(metadata=describe(_LINKS))


@frozen(kw_only=True)
class FailureFacts(_OfExecution):
    """Facts of an execution that failed or was cancelled."""

    status: str = field(validator=in_(("failed",)), metadata=describe("State of the execution.", "failed"))
    error_kind: ErrorKind = field(metadata=describe("Kind of the failure.", "script_error"))
    links: ExecutionLinks = field(metadata=describe(_LINKS))


@frozen(kw_only=True)
class BatchFacts:
    """Facts of a batch all of whose executions have ended."""

    script: EventScript = field(metadata=describe("Script that ran."))
    batch: UUID = field(metadata=describe("Id of the batch.", BATCH_ID))
    version: int = field(validator=ge(1), metadata=describe(_VERSION, 3))
    lines: int = field(validator=ge(1), metadata=describe("Number of lines.", 1_000))
    succeeded: int = field(validator=ge(0), metadata=describe("Executions that succeeded.", 998))
    failed: int = field(validator=ge(0), metadata=describe("Executions that failed or were cancelled.", 2))
    cancelled: bool = field(metadata=describe("A client cancelled the batch.", False))
    links: BatchLinks = field(metadata=describe(_LINKS))


@frozen(kw_only=True)
class ReplayOutcomes:
    """Numbers of executions of a replay by outcome, as its document has them."""

    total: int = field(validator=ge(0), metadata=describe("Executions of the replay.", 50))
    equal: int = field(validator=ge(0), metadata=describe("Executions with the same outcome.", 49))
    changed: int = field(validator=ge(0), metadata=describe("Executions with another result, or another error.", 1))
    now_failing: int = field(validator=ge(0), metadata=describe("Executions that succeeded before.", 0))
    now_succeeding: int = field(validator=ge(0), metadata=describe("Executions that failed before.", 0))
    skipped: int = field(validator=ge(0), metadata=describe("Executions that could not be run again.", 0))
    incomplete: int = field(validator=ge(0), metadata=describe("Executions that could not be compared.", 0))


@frozen(kw_only=True)
class ReplayFacts:
    """Facts of a replay on a version that has finished."""

    script: EventScript = field(metadata=describe("Script whose executions were replayed."))
    replay: UUID = field(metadata=describe("Id of the replay.", REPLAY_ID))
    version: int = field(validator=ge(1), metadata=describe("Number of the version that ran the datasets.", 3))
    executions: int = field(validator=ge(0), metadata=describe("Number of executions.", 50))
    counts: ReplayOutcomes = field(metadata=describe("Numbers of executions by outcome."))
    links: ReplayLinks = field(metadata=describe(_LINKS))


@frozen(kw_only=True)
class AliasFacts:
    """Facts of a move of an alias."""

    script: EventScript = field(metadata=describe("Script of the alias."))
    alias: str = field(metadata=describe("Name of the alias.", "live"))
    from_version: int | None = field(
        validator=optional(ge(1)), metadata=describe("Version that it led to before; null if it was created.", 2)
    )
    to_version: int | None = field(
        validator=optional(ge(1)), metadata=describe("Version that it leads to since; null if it was removed.", 3)
    )
    reason: MoveReason = field(metadata=describe("Reason of the move.", "promotion"))
    links: AliasLinks = field(metadata=describe(_LINKS))


@frozen(kw_only=True)
class JobFacts:
    """Facts of a job that has finished."""

    script: EventScript = field(metadata=describe("Script that ran."))
    job: UUID = field(metadata=describe("Id of the job.", JOB_ID))
    version: int = field(validator=ge(1), metadata=describe(_VERSION, 3))
    status: str = field(validator=in_(("succeeded", "failed")), metadata=describe("State of the job.", "succeeded"))
    error_kind: JobErrorKind | None = field(metadata=describe("Kind of a failure.", absent=True))
    objects: int | None = field(metadata=describe("Objects of the output of a success.", 1, absent=True))
    size_bytes: int | None = field(metadata=describe("Their bytes together.", 4_096, absent=True))
    links: JobLinks = field(metadata=describe(_LINKS))


@frozen(kw_only=True)
class TestFacts:
    """Facts of a test event."""

    webhook: UUID = field(metadata=describe("Id of the webhook.", WEBHOOK_ID))
    links: WebhookLinks = field(metadata=describe(_LINKS))


@frozen(kw_only=True)
class ExecutionSucceededMessage:
    """An execution that belongs to no batch and no replay has succeeded."""

    type: str = field(validator=in_((EventType.EXECUTION_SUCCEEDED.value,)), metadata=describe(_TYPE))
    timestamp: datetime = field(metadata=describe(_TIME, MOMENT))
    data: SuccessFacts = field(metadata=describe(_FACTS))


@frozen(kw_only=True)
class ExecutionFailedMessage:
    """An execution that belongs to no batch and no replay has failed or was cancelled."""

    type: str = field(validator=in_((EventType.EXECUTION_FAILED.value,)), metadata=describe(_TYPE))
    timestamp: datetime = field(metadata=describe(_TIME, MOMENT))
    data: FailureFacts = field(metadata=describe(_FACTS))


@frozen(kw_only=True)
class BatchFinishedMessage:
    """All executions of a batch have ended."""

    type: str = field(validator=in_((EventType.BATCH_FINISHED.value,)), metadata=describe(_TYPE))
    timestamp: datetime = field(metadata=describe(_TIME, MOMENT))
    data: BatchFacts = field(metadata=describe(_FACTS))


@frozen(kw_only=True)
class ReplayFinishedMessage:
    """A replay on a version has finished."""

    type: str = field(validator=in_((EventType.REPLAY_FINISHED.value,)), metadata=describe(_TYPE))
    timestamp: datetime = field(metadata=describe(_TIME, MOMENT))
    data: ReplayFacts = field(metadata=describe(_FACTS))


@frozen(kw_only=True)
class AliasMovedMessage:
    """An alias was created, leads to another version, or was removed."""

    type: str = field(validator=in_((EventType.ALIAS_MOVED.value,)), metadata=describe(_TYPE))
    timestamp: datetime = field(metadata=describe(_TIME, MOMENT))
    data: AliasFacts = field(metadata=describe(_FACTS))


@frozen(kw_only=True)
class JobFinishedMessage:
    """A job over data in stores has succeeded, failed, or was cancelled."""

    type: str = field(validator=in_((EventType.JOB_FINISHED.value,)), metadata=describe(_TYPE))
    timestamp: datetime = field(metadata=describe(_TIME, MOMENT))
    data: JobFacts = field(metadata=describe(_FACTS))


@frozen(kw_only=True)
class WebhookTestMessage:
    """A client has asked for a test of the webhook."""

    type: str = field(validator=in_((EventType.TEST.value,)), metadata=describe(_TYPE))
    timestamp: datetime = field(metadata=describe(_TIME, MOMENT))
    data: TestFacts = field(metadata=describe(_FACTS))


Message: TypeAlias = (
    ExecutionSucceededMessage
    | ExecutionFailedMessage
    | BatchFinishedMessage
    | ReplayFinishedMessage
    | AliasMovedMessage
    | JobFinishedMessage
    | WebhookTestMessage
)

MESSAGES: Final[Mapping[EventType, type]] = {
    EventType.EXECUTION_SUCCEEDED: ExecutionSucceededMessage,
    EventType.EXECUTION_FAILED: ExecutionFailedMessage,
    EventType.BATCH_FINISHED: BatchFinishedMessage,
    EventType.REPLAY_FINISHED: ReplayFinishedMessage,
    EventType.ALIAS_MOVED: AliasMovedMessage,
    EventType.JOB_FINISHED: JobFinishedMessage,
    EventType.TEST: WebhookTestMessage,
}
"""The message of each event."""
