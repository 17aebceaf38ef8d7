"""The audit trail: actions with their actors, objects and times. It identifies objects by id and stores no content.

The store records a change together with its audit record, both or neither; reads are recorded soon afterwards. Worker
activity is not audited; execution records already show it.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from attrs import field, frozen

from domain.access import ApiKey
from domain.aliases import AliasMove, MoveReason
from domain.batches import Batch
from domain.execution import Submission
from domain.gate import Gate
from domain.jobs import Job
from domain.script import Script
from domain.script_tests import ScriptTestName
from domain.stores import ObjectUrl
from domain.versions import ScriptVersion


class Action(StrEnum):
    """Audited action."""

    REGISTERED = "registered"
    REVISED = "revised"
    ARCHIVED = "archived"
    UNARCHIVED = "unarchived"
    SET_RETENTION = "set_retention"
    SUBMITTED = "submitted"
    CANCELLED = "cancelled"
    READ_RESULT = "read_result"
    READ_INPUT = "read_input"
    READ_DETAILS = "read_details"
    REMOVED_CONTENT = "removed_content"
    CREATED_KEY = "created_key"
    REVOKED_KEY = "revoked_key"
    DESCRIBED = "described"
    PREVIEWED = "previewed"
    WROTE_TEST = "wrote_test"
    REMOVED_TEST = "removed_test"
    CHECKED = "checked"
    REPLAYED = "replayed"
    ACCEPTED_REPLAY = "accepted_replay"
    READ_DIFFERENCES = "read_differences"
    PROMOTED = "promoted"
    FORCE_PROMOTED = "force_promoted"
    ROLLED_BACK = "rolled_back"
    REMOVED_ALIAS = "removed_alias"
    SET_GATE = "set_gate"
    REMOVED_GATE = "removed_gate"
    SUBMITTED_BATCH = "submitted_batch"
    CANCELLED_BATCH = "cancelled_batch"
    READ_BATCH = "read_batch"
    REMOVED_BATCH = "removed_batch"
    CREATED_WEBHOOK = "created_webhook"
    CHANGED_WEBHOOK = "changed_webhook"
    DISABLED_WEBHOOK = "disabled_webhook"
    ROTATED_WEBHOOK = "rotated_webhook"
    TESTED_WEBHOOK = "tested_webhook"
    REDELIVERED = "redelivered"
    REMOVED_WEBHOOK = "removed_webhook"
    SUBMITTED_JOB = "submitted_job"
    CANCELLED_JOB = "cancelled_job"
    RETRIED_JOB = "retried_job"
    REMOVED_JOB = "removed_job"
    WROTE_OBJECT = "wrote_object"
    READ_OBJECT = "read_object"
    DELETED_OBJECT = "deleted_object"


@frozen
class Actor:
    """The API key that performs an action (None if none was needed) and its request, if there is one.

    A caller may choose `request_id`; `server_request_id` is the service's own, and unique.
    """

    key_id: UUID | None = None
    request_id: str | None = None
    server_request_id: UUID | None = None


ANONYMOUS: Final = Actor()


@frozen(kw_only=True)
class AuditEvent:
    """An audited action and its objects. The action determines which of them are set.

    `alias` and `test` are names, `replay_id` is that of a replay on a version, `object_url` names an object of a store.
    The submission of a batch stands for those of its executions; the removal of its content is audited for the batch
    and for each of them.
    """

    action: Action
    actor: Actor
    script_id: UUID | None = None
    version: int | None = None
    execution_id: UUID | None = None
    api_key_id: UUID | None = None
    alias: str | None = None
    test: str | None = None
    replay_id: UUID | None = None
    batch_id: UUID | None = None
    webhook_id: UUID | None = None
    job_id: UUID | None = None
    object_url: str | None = None


@frozen
class AuditRecord:
    """A stored audit record. Numbers increase, with gaps, in the order of storing.

    The names are those of the event's script, of its actor's key, and of the key that it is about. Names never change.
    """

    number: int
    at: datetime
    event: AuditEvent = field(repr=False)
    script_name: str | None = None
    key_name: str | None = None
    api_key_name: str | None = None


def version_event(version: ScriptVersion, actor: Actor) -> AuditEvent:
    """Audit a new version: the script's first, or its next."""
    action = Action.REGISTERED if version.number == 1 else Action.REVISED
    return AuditEvent(action=action, actor=actor, script_id=version.script_id, version=version.number)


def script_event(script: Script, actor: Actor) -> AuditEvent:
    """Audit the archiving or unarchiving of a script."""
    action = Action.UNARCHIVED if script.archived_at is None else Action.ARCHIVED
    return AuditEvent(action=action, actor=actor, script_id=script.id)


def retention_event(script: Script, actor: Actor) -> AuditEvent:
    """Audit a change of a script's retention."""
    return AuditEvent(action=Action.SET_RETENTION, actor=actor, script_id=script.id)


def preview_event(script_id: UUID | None, version: int | None, actor: Actor) -> AuditEvent:
    """Audit a run of a source that is not hosted, with the script and the version that it was tried for, if any."""
    return AuditEvent(action=Action.PREVIEWED, actor=actor, script_id=script_id, version=version)


_MOVES: Final = {
    MoveReason.PROMOTION: Action.PROMOTED,
    MoveReason.FORCED: Action.FORCE_PROMOTED,
    MoveReason.ROLLBACK: Action.ROLLED_BACK,
    MoveReason.REMOVAL: Action.REMOVED_ALIAS,
}


def move_event(script_id: UUID, move: AliasMove, actor: Actor) -> AuditEvent:
    """Audit a move of an alias to a version, or its removal."""
    action, alias = _MOVES[move.reason], move.alias.value
    return AuditEvent(action=action, actor=actor, script_id=script_id, version=move.to_version, alias=alias)


def gate_event(script_id: UUID, gate: Gate | None, actor: Actor) -> AuditEvent:
    """Audit the setting of a script's gate, or its removal."""
    action = Action.REMOVED_GATE if gate is None else Action.SET_GATE
    return AuditEvent(action=action, actor=actor, script_id=script_id)


def description_event(script: Script, actor: Actor) -> AuditEvent:
    """Audit a change of a script's description."""
    return AuditEvent(action=Action.DESCRIBED, actor=actor, script_id=script.id)


def execution_event(action: Action, submission: Submission, actor: Actor) -> AuditEvent:
    """Audit an action on an execution or its content."""
    of = submission.script
    return AuditEvent(action=action, actor=actor, script_id=of.id, version=of.version, execution_id=submission.id)


def batch_event(action: Action, batch: Batch, actor: Actor) -> AuditEvent:
    """Audit an action on a batch."""
    of = batch.script
    return AuditEvent(action=action, actor=actor, script_id=of.id, version=of.version, batch_id=batch.id)


def job_event(action: Action, job: Job, actor: Actor) -> AuditEvent:
    """Audit an action on a job."""
    of = job.script
    return AuditEvent(action=action, actor=actor, script_id=of.id, version=of.version, job_id=job.id)


def object_event(action: Action, url: ObjectUrl, actor: Actor) -> AuditEvent:
    """Audit an action on an object of a store."""
    return AuditEvent(action=action, actor=actor, object_url=str(url))


def webhook_event(action: Action, webhook_id: UUID, actor: Actor) -> AuditEvent:
    """Audit an action on a webhook."""
    return AuditEvent(action=action, actor=actor, webhook_id=webhook_id)


def script_test_event(action: Action, script_id: UUID, name: ScriptTestName, actor: Actor) -> AuditEvent:
    """Audit the writing or the removal of a script's test."""
    return AuditEvent(action=action, actor=actor, script_id=script_id, test=name.value)


def checks_event(version: ScriptVersion, actor: Actor) -> AuditEvent:
    """Audit a run of the tests on a version."""
    return AuditEvent(action=Action.CHECKED, actor=actor, script_id=version.script_id, version=version.number)


def api_key_event(key: ApiKey, actor: Actor) -> AuditEvent:
    """Audit the creation or revocation of a key."""
    action = Action.CREATED_KEY if key.revoked_at is None else Action.REVOKED_KEY
    return AuditEvent(action=action, actor=actor, api_key_id=key.id)
