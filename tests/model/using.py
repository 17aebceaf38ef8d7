"""Users' acts on executions."""

from time import monotonic
from typing import Final, Literal, TypeAlias, cast
from uuid import UUID

from attrs import evolve, field, frozen
from returns.result import Failure, Result, Success

from adapters.json.bodies import JsonBodies
from adapters.system import uuid7
from application.executions.admission import Admission
from application.executions.cancel import CancellationRefused, cancel_execution
from application.executions.remove_content import RemovalRefused, remove_content
from application.executions.submission import Submit as Command
from application.executions.submit import SubmissionRefused, SubmitPorts, submit
from application.ports.bodies import MalformedJson
from application.ports.executions import ExecutionDetails, Executions, Expected, NewExecution
from application.scripts.read import NoVersionOfAlias, UnknownScript, UnknownVersion
from domain.aliases import LIVE, AliasName, VersionRef
from domain.body import digest
from domain.execution import AlreadyFinished, Failed, Finished, NotFinished, Pending, ScriptReference, as_finished
from domain.idempotency import IdempotencyKey
from domain.limits import DEFAULTS
from domain.outcome import Logs
from domain.script import ScriptArchived, ScriptName
from domain.transitions import replay
from tests.model.environments import Api, World
from tests.model.ledger import Ledger
from tests.model.steps import Around, Crash, Meanwhile, crash, nothing
from tests.support.stored_bodies import whole

BODIES: Final = JsonBodies()
MALFORMED: Final = b"[1,"

Submitted: TypeAlias = Result[ExecutionDetails, SubmissionRefused]


def ports_of(api: Api, new_id: UUID) -> SubmitPorts:
    """Bind the ports of a process that creates an execution of that id."""
    return SubmitPorts(
        known_scripts=api.known_scripts,
        executions=api.executions,
        idempotency_keys=api.keys,
        admission=Admission(api.executions.waiting, 0, monotonic),
        bodies=BODIES,
        clock=api.clock,
        new_id=lambda: new_id,
        inline_result_bytes=1_000,
    )


@frozen
class Cancel:
    """A user cancels; something may happen between the look and the write."""

    api: int
    execution_id: UUID = field(repr=False)
    meanwhile: Meanwhile = field(default=nothing, repr=False)

    async def act(self, world: World) -> Result[ExecutionDetails, CancellationRefused]:
        api = world.apis[self.api]
        executions = cast("Executions", Around(api.executions, "cancel", before=self.meanwhile))
        return await cancel_execution(executions, api.clock, self.execution_id)

    def tell(self, ledger: Ledger, answer: Result[ExecutionDetails, CancellationRefused]) -> None:
        ended = ledger.entries[self.execution_id].ended
        if ended is not None:
            assert answer.failure() == AlreadyFinished(ended)
        else:
            report = answer.unwrap()
            assert isinstance(report.execution, Failed)
            ledger.cancelled(self.execution_id, report.execution)


@frozen
class Remove:
    """A user removes the content of an execution, and reads the rest of it."""

    api: int
    execution_id: UUID = field(repr=False)

    async def act(self, world: World) -> tuple[Result[None, RemovalRefused], ExecutionDetails | None]:
        api, key = world.apis[self.api], self.execution_id
        return await remove_content(api.executions, api.clock, key), await api.executions.report(key, 1_000)

    def tell(self, ledger: Ledger, answer: tuple[Result[None, RemovalRefused], ExecutionDetails | None]) -> None:
        removed, left = answer
        entry = ledger.entries[self.execution_id]
        assert left is not None
        if entry.ended is None:
            assert removed == Failure(NotFinished(entry.as_unfinished()))
        else:
            assert removed == Success(None)
            ledger.removed(self.execution_id, left)


@frozen
class Submit:
    """A user submits. The process may crash right before or after it stores the execution, without an answer."""

    api: int
    name: str
    version: VersionRef | None
    dataset: bytes = field(repr=False)
    crashes: Literal["before", "after"] | None = None

    async def act(self, world: World) -> Submitted | ExecutionDetails | None:
        """Return the answer, or, after a crash, the stored execution."""
        api, new_id = world.apis[self.api], uuid7()
        hooks = {} if self.crashes is None else {self.crashes: crash}
        executions = cast("Executions", Around(api.executions, "add", **hooks))
        try:
            accepted = await submit(ports_of(evolve(api, executions=executions), new_id), self.command())
            return accepted.map(lambda one: one.report)
        except Crash:
            return await api.executions.report(new_id, 0)

    def command(self, key: IdempotencyKey | None = None) -> Command:
        """Build the command that the user sends."""
        return Command(script=ScriptName(self.name), dataset=self.dataset, version=self.version, idempotency_key=key)

    def tell(self, ledger: Ledger, answer: Submitted | ExecutionDetails | None) -> None:
        if isinstance(answer, Failure):
            assert isinstance(answer.failure(), self._refusal(ledger) or ())
        elif answer is None:  # what the process remembered of the script may have been refused by the store
            assert self.crashes == "before"
        else:
            assert (self._refusal(ledger), self.crashes) in [(None, None), (None, "after")]
            self._accepted(ledger, answer.unwrap() if isinstance(answer, Result) else answer)

    def _refusal(self, ledger: Ledger) -> type | None:
        hosted = ledger.scripts.get(self.name)
        if hosted is None:
            return UnknownScript
        number = hosted.leads_to(self.version)
        if number is None:
            return NoVersionOfAlias
        if number > len(hosted.versions):
            return UnknownVersion
        if self.dataset == MALFORMED:
            return MalformedJson
        return ScriptArchived if hosted.archived else None

    def _accepted(self, ledger: Ledger, report: ExecutionDetails) -> None:
        submission, hosted = report.execution.submission, ledger.scripts[self.name]
        number = hosted.leads_to(self.version)
        assert number is not None
        version = hosted.versions[number - 1]
        named = LIVE if self.version is None and LIVE in hosted.aliases else self.version
        assert submission.attribution.alias == (named.value if isinstance(named, AliasName) else None)
        source = digest(version.source).sha256
        assert report == ExecutionDetails(Pending(submission), Logs(), None)
        assert submission.script == ScriptReference(hosted.id, ScriptName(self.name), number, source, version.engine)
        assert (submission.dataset, submission.limits) == (digest(self.dataset), DEFAULTS)
        ledger.submitted(submission, self.dataset)


@frozen
class Replay:
    """A user replays an execution, whose script may be closed, unless it has not ended or its content was removed."""

    api: int
    execution_id: UUID = field(repr=False)

    async def act(self, world: World) -> Pending | None:
        api = world.apis[self.api]
        found, dataset = await read_finished(api, self.execution_id), await api.executions.dataset(self.execution_id)
        body = await whole(dataset)
        if found is None or body is None:
            return None
        reference = found.submission.script
        resolved = (await api.known_scripts.resolve(reference.id, reference.version)).unwrap()
        pending = replay(found, uuid7(), resolved.script, resolved.version, api.clock())
        new = NewExecution(pending, body, expected=Expected(must_be_open=False))
        (await api.executions.add(new)).unwrap()
        return pending

    def tell(self, ledger: Ledger, answer: Pending | None) -> None:
        entry = ledger.entries[self.execution_id]
        assert (answer is None) == (entry.ended is None or entry.removed)
        if answer is not None:
            own, original = answer.submission, entry.submission
            assert (own.replay_of, own.script, own.dataset) == (original.id, original.script, original.dataset)
            ledger.submitted(own, entry.dataset)


async def read_finished(api: Api, execution_id: UUID) -> Finished | None:
    """Read an execution if it has ended."""
    report = await api.executions.report(execution_id, 0)
    assert report is not None
    return as_finished(report.execution).value_or(None)
