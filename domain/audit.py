"""The audit trail: who did what to what, and when. It names things by their ids and holds nothing of what is in them.

What changes something is recorded by the store together with the change, both or neither; what only reads is recorded
soon after. What workers do is no deed: the executions themselves tell of it.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from attrs import field, frozen

from domain.access import ApiKey
from domain.execution import Submission
from domain.script import Script, ScriptVersion


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


@frozen
class Actor:
    """The API key that acts, None if it took none, and the request in which it happens, if it is one.

    A caller may choose `request_id`; `server_request_id` is the service's own, and unique.
    """

    key_id: UUID | None = None
    request_id: str | None = None
    server_request_id: UUID | None = None


NOBODY: Final = Actor()


@frozen(kw_only=True)
class Deed:
    """What was done to what. Which of the ids are there follows from the action."""

    action: Action
    actor: Actor
    script_id: UUID | None = None
    version: int | None = None
    execution_id: UUID | None = None
    api_key_id: UUID | None = None


@frozen
class Recorded:
    """A deed in the trail. Numbers grow, with gaps, in the order in which deeds were written down."""

    number: int
    at: datetime
    deed: Deed = field(repr=False)


def to_version(version: ScriptVersion, actor: Actor) -> Deed:
    """A version came: the script's first, or its next."""
    action = Action.REGISTERED if version.number == 1 else Action.REVISED
    return Deed(action=action, actor=actor, script_id=version.script_id, version=version.number)


def to_script(script: Script, actor: Actor) -> Deed:
    """A script was closed or opened."""
    action = Action.UNARCHIVED if script.archived_at is None else Action.ARCHIVED
    return Deed(action=action, actor=actor, script_id=script.id)


def to_retention(script: Script, actor: Actor) -> Deed:
    """How long a script's executions are kept was set."""
    return Deed(action=Action.SET_RETENTION, actor=actor, script_id=script.id)


def to_execution(action: Action, submission: Submission, actor: Actor) -> Deed:
    """Something was done to an execution or with what belongs to it."""
    of = submission.script
    return Deed(action=action, actor=actor, script_id=of.id, version=of.version, execution_id=submission.id)


def to_key(key: ApiKey, actor: Actor) -> Deed:
    """A key was made or revoked."""
    action = Action.CREATED_KEY if key.revoked_at is None else Action.REVOKED_KEY
    return Deed(action=action, actor=actor, api_key_id=key.id)
