"""Messages that pass through the ports besides the domain's own values: refusals, requests, reports.

Expected refusals are failures of a `Result`. An outage is the exception `Unavailable`: use cases that answer a user let
it pass, the worker waits and tries again.
"""

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from attrs import field, frozen

from domain.audit import Action
from domain.body import Body
from domain.execution import Execution, Finished, Pending, Running, State
from domain.outcome import Logs
from domain.script import ScriptName, Source

ScriptKey: TypeAlias = UUID | ScriptName
"""A reference to a script: its id or its name."""


class Unavailable(Exception):
    """A dependency (database, sandbox) is unavailable; retrying later may succeed."""


@frozen
class NameTaken:
    """Another script has the name; archived ones keep theirs."""

    name: ScriptName


@frozen
class Outdated:
    """A conflict: the value that was read has changed since (another version, an archived script, another claim)."""


@frozen
class MalformedJson:
    """The bytes are no JSON text. `at` is the byte offset where that shows, if it is known.

    In text of many lines, `line` is the one that is no JSON, from 1, and `at` counts from its start.
    """

    reason: str
    at: int | None
    line: int | None = None


@frozen
class QueueFull:
    """So many executions wait that no more are taken; trying after so many seconds may help."""

    retry_after_seconds: int


@frozen
class ScriptFault:
    """Why a source cannot be hosted; `line` and `column` count from 1 in the source as it was sent."""

    detail: str
    line: int | None = None
    column: int | None = None


@frozen
class NotRunnable:
    """The sandbox tried the source and refused it."""

    faults: tuple[ScriptFault, ...]


@frozen
class SandboxLost:
    """The sandbox itself died, by no fault of the script that it ran: nothing is known of the run."""


@frozen
class SandboxUnavailable:
    """No process could be started to run the script in, by no fault of the script: it has not begun."""


@frozen
class EngineMissing:
    """The version's engine is not installed here, or not known."""


RunFailure: TypeAlias = SandboxLost | SandboxUnavailable | EngineMissing


@frozen
class ExecutionFilter:
    """Filter of a list of executions. An absent member shows all; times are `submitted_from <= t < submitted_to`."""

    script: UUID | None = None
    version: int | None = None
    state: State | None = None
    submitted_from: datetime | None = None
    submitted_to: datetime | None = None


@frozen
class AuditFilter:
    """Filter of a list of audit records. An absent member shows all; times are `at_from <= t < at_to`."""

    action: Action | None = None
    key: UUID | None = None
    script: UUID | None = None
    execution: UUID | None = None
    at_from: datetime | None = None
    at_to: datetime | None = None


@frozen
class Report:
    """An execution with what its ending left. `result` is absent when there is none or it is over the asked size."""

    execution: Execution
    logs: Logs
    result: Body | None


@frozen
class Claimed:
    """An execution that this worker holds, with all that its run needs."""

    running: Running
    source: Source = field(repr=False)
    dataset: Body


@frozen
class Ending:
    """The end of an attempt that `claim_id` held, with what is to be kept of it."""

    claim_id: UUID
    execution: Finished
    logs: Logs
    result: Body | None


@frozen
class Return:
    """An execution that goes back to the queue from the attempt that `claim_id` held."""

    claim_id: UUID
    execution: Pending


@frozen
class Taken:
    """The number of executions in a batch, and the next script; None if none is left."""

    count: int
    go_on: UUID | None


@frozen(kw_only=True)
class Readiness:
    """The trouble of each dependency: empty if it works, a reason if not, None if the check was impossible.

    `workers` counts those seen within a lease's time; without any, executions wait, and that is no trouble. Nor are
    missing `notifications`: news is looked up instead, later. Nor is an engine that the `sandbox` cannot start: only
    uploads that want it are refused, for the time being.
    """

    database: str | None = ""
    schema: str | None = ""
    writing: str | None = ""
    sealing: str | None = ""
    sandbox: str | None = ""
    notifications: str | None = ""
    workers: int | None = 0

    @property
    def trouble(self) -> str:
        """The reason why the service cannot work; empty if it can."""
        return self.database or self.schema or self.writing or self.sealing or ""


@frozen(kw_only=True)
class Vitals:
    """Statistics of record and queue. Ages are in seconds, or in transactions; what there is none of is 0.

    `waiting` and `running` may stop at a number that a store counts no further than.
    """

    waiting: int
    oldest_waiting_seconds: float
    running: int
    workers: int
    oldest_transaction_seconds: float
    oldest_snapshot_transactions: int
