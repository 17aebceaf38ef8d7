"""Problem details of refusals: an exhaustive match from refusal to code and parameters. `rendering` adds the texts.

The refusals that the HTTP adapter raises itself are mapped in `protocol`.
"""

from typing import Final, assert_never
from uuid import UUID

from adapters.http.problems.access import access_problem, insufficient_scope
from adapters.http.problems.comparisons import not_comparable
from adapters.http.problems.details import ProblemDetails, SourceFault, Unmet
from adapters.http.problems.jobs import job_in_another_state
from adapters.http.problems.malformed_json import invalid_line, malformed_json
from adapters.http.problems.protocol import protocol_problem
from adapters.http.problems.refusals import ProtocolRefusal, Refusal
from adapters.http.problems.retrying import retrying
from adapters.http.problems.stores import store_problem
from adapters.http.problems.webhooks import invalid_subscription, webhook_disabled
from application.access.authorise import MissingCredentials, UnknownToken
from application.access.manage_api_keys import UnknownKey
from application.batches.read import UnknownBatch
from application.batches.results import BatchContentRemoved
from application.executions.compare import NotComparable
from application.executions.read import ContentRemoved, ExecutionOfAnotherScript, HasFailed, UnknownExecution
from application.executions.read_reproduction import UnknownReproduction
from application.executions.receipts import ReceiptsNotConfigured
from application.executions.reproduce import ContentMissing, RecordedEngineNotInstalled
from application.executions.stored_datasets import DatasetAltered
from application.jobs.read import UnknownJob
from application.ports.bodies import InvalidLine, MalformedJson, NoLines, TooManyLines
from application.ports.errors import QueueFull
from application.ports.sandbox import NotRunnable, SandboxBusy, ScriptFault
from application.ports.scripts import NameTaken, ScriptRef
from application.ports.stores import OffsetMismatch, UploadMissing, UploadTooLong
from application.replays.read import UnknownReplay
from application.script_tests.write import ScriptTestTooLarge
from application.scripts.aliases import AliasNotFound, Blocked
from application.scripts.gates import NoGate
from application.scripts.read import NoVersionOfAlias, UnknownScript, UnknownVersion
from application.stores.uploads import NotResumable
from application.stores.use import UnknownObject
from application.webhooks.read import UnknownDelivery, UnknownWebhook
from application.webhooks.subscription import InvalidSubscription
from domain.access import (
    FirstKeyCannotManage,
    InsufficientScope,
    InvalidApiKey,
    KeyExpired,
    KeyRevoked,
    LastManagingKey,
    Scope,
    ScopesNotHeld,
)
from domain.batches import BatchAlreadyFinished, BatchNotFinished
from domain.checks import CheckReport, ChecksFailed
from domain.execution import AlreadyFinished, NotFinished, state_of
from domain.hint import Hint, hint
from domain.idempotency import KeyReused
from domain.job_receipts import NoOutput
from domain.jobs import JobAlreadyFinished, JobNotFinished, JobNotRetryable
from domain.preconditions import PreconditionFailed
from domain.promotion import GuardedAlias, NothingToRollBack, TooManyAliases
from domain.receipts import DigestNotRetained, NoRun
from domain.reproduction import NothingToReproduce
from domain.script import ScriptArchived, ScriptName
from domain.script_tests import MOST_TESTS, TooManyTests, UnknownTest
from domain.stores import NotForKey, NotForScript, OperationNotAllowed, UnknownStore
from domain.version_replays import ReplayNotFinished
from domain.versions import EmptySource, SourceNotUtf8, SourceTooLarge, VersionEngineMissing
from domain.webhooks import MAX_WEBHOOKS, TooManyWebhooks, WebhookDisabled

_BUSY_SECONDS: Final = 2
"""The delay after which a slot for trials may be free: the request has waited already."""


def problem_of(refusal: Refusal) -> ProblemDetails:  # noqa: C901 - one case a refusal, and no other branch
    """Map a refusal to its problem details."""
    if isinstance(refusal, ProtocolRefusal):
        return protocol_problem(refusal)
    match refusal:
        case KeyReused():
            return ProblemDetails(hint("idempotency-key-reused"))
        case SourceTooLarge(size_bytes=size, limit_bytes=limit):
            return ProblemDetails(hint("source-too-large", size_bytes=size, limit_bytes=limit))
        case EmptySource():
            return _invalid_script(SourceFault(hint("empty-source")))
        case SourceNotUtf8(at=at):
            return _invalid_script(SourceFault(hint("source-not-utf8", at=at)))
        case NotRunnable(faults=found):
            return _invalid_script(*map(_source_fault, found))
        case NameTaken(name=name):
            return ProblemDetails(hint("name-taken", name=name.value))
        case ScriptArchived(name=name):
            return ProblemDetails(hint("script-archived", name=name.value))
        case VersionEngineMissing(version=version, installed=engines):
            engine, installed = version.engine, ", ".join(engines)
            message = hint("version-engine-not-installed", number=version.number, engine=engine, engines=installed)
            return ProblemDetails(message)
        case UnknownScript(script=script_ref):
            return ProblemDetails(_unknown_script(script_ref))
        case UnknownVersion(script=script, number=number):
            return ProblemDetails(hint("unknown-version", name=script.name.value, number=number))
        case NoVersionOfAlias(script=script, alias=alias):
            return ProblemDetails(hint("no-version-of-alias", name=script.name.value, alias=alias.value))
        case AliasNotFound(script=script, alias=alias):
            return ProblemDetails(hint("unknown-alias", name=script.name.value, alias=alias.value))
        case NoGate(script=script):
            return ProblemDetails(hint("unknown-gate", name=script.name.value))
        case PreconditionFailed(revision=revision):
            return ProblemDetails(_precondition_failed(revision))
        case TooManyAliases(maximum=maximum):
            return ProblemDetails(hint("too-many-aliases", maximum=maximum))
        case NothingToRollBack(alias=alias):
            return ProblemDetails(hint("nothing-to-roll-back", alias=alias.value))
        case GuardedAlias(alias=alias):
            message = hint("guarded-alias", alias=alias.value, scope=str(Scope.ADMIN))
            return ProblemDetails(message, headers=insufficient_scope(Scope.ADMIN))
        case Blocked():
            return _blocked(refusal)
        case UnknownExecution(id=unknown):
            return ProblemDetails(hint("unknown-execution", id=str(unknown)))
        case ContentRemoved(id=bare):
            return ProblemDetails(hint("content-removed", id=str(bare)))
        case NotFinished(actual=execution):
            return ProblemDetails(hint("not-finished", status=str(state_of(execution))))
        case AlreadyFinished(actual=ended):
            return ProblemDetails(hint("already-finished", status=str(state_of(ended))))
        case HasFailed(execution=failed):
            reason = {"id": str(failed.submission.id), "kind": str(failed.error.kind)}
            return ProblemDetails(hint("execution-failed", **reason))
        case NoRun(execution=failed):
            return ProblemDetails(hint("no-run", id=str(failed.submission.id), kind=str(failed.error.kind)))
        case DigestNotRetained(execution=failed):
            return ProblemDetails(hint("digest-not-retained", id=str(failed.submission.id)))
        case ReceiptsNotConfigured():
            return ProblemDetails(hint("receipts-not-configured"))
        case UnknownReproduction(execution_id=reproduced, id=unknown):
            return ProblemDetails(hint("unknown-reproduction", id=str(unknown), execution=str(reproduced)))
        case NothingToReproduce(actual=failed):
            reason = {"id": str(failed.submission.id), "kind": str(failed.error.kind)}
            return ProblemDetails(hint("nothing-to-reproduce", **reason))
        case ContentMissing(id=bare):
            return ProblemDetails(hint("dataset-removed", id=str(bare)))
        case DatasetAltered(id=altered):
            return ProblemDetails(hint("dataset-altered", id=str(altered)))
        case RecordedEngineNotInstalled():
            return ProblemDetails(_engine_not_installed(refusal))
        case UnknownTest(script=name, name=test):
            return ProblemDetails(hint("unknown-test", name=name.value, test=test.value))
        case TooManyTests(script=name):
            return ProblemDetails(hint("too-many-tests", name=name.value, maximum=MOST_TESTS))
        case ScriptTestTooLarge(part=part, size_bytes=size, limit_bytes=limit):
            return ProblemDetails(hint(f"test-{part}-too-large", size_bytes=size, limit_bytes=limit))
        case ExecutionOfAnotherScript(id=foreign):
            return ProblemDetails(hint("execution-of-another-script", id=str(foreign)))
        case ChecksFailed(report=report):
            return ProblemDetails(hint("tests-failed", **_counts(report)), checks=report)
        case SandboxBusy():
            return retrying("sandbox-busy", _BUSY_SECONDS)
        case NotComparable():
            return not_comparable(refusal)
        case UnknownReplay(id=unknown):
            return ProblemDetails(hint("unknown-replay", id=str(unknown)))
        case ReplayNotFinished(actual=replay):
            return ProblemDetails(hint("replay-not-finished", status=str(replay.status)))
        case UnknownBatch(id=unknown):
            return ProblemDetails(hint("unknown-batch", id=str(unknown)))
        case BatchNotFinished(actual=batch):
            return ProblemDetails(hint("batch-not-finished", unfinished=batch.unfinished, lines=batch.lines))
        case BatchAlreadyFinished(actual=batch):
            return ProblemDetails(hint("batch-already-finished", id=str(batch.id)))
        case BatchContentRemoved(id=bare):
            return ProblemDetails(hint("batch-content-removed", id=str(bare)))
        case NoLines():
            return ProblemDetails(hint("empty-batch"))
        case TooManyLines(limit=limit):
            return ProblemDetails(hint("too-many-lines", maximum=limit))
        case InvalidLine():
            return invalid_line(refusal)
        case InvalidSubscription():
            return invalid_subscription(refusal)
        case UnknownWebhook(id=unknown):
            return ProblemDetails(hint("unknown-webhook", id=str(unknown)))
        case UnknownDelivery(id=unknown):
            return ProblemDetails(hint("unknown-delivery", id=str(unknown)))
        case WebhookDisabled(webhook=webhook):
            return webhook_disabled(webhook)
        case TooManyWebhooks():
            return ProblemDetails(hint("too-many-webhooks", maximum=MAX_WEBHOOKS))
        case UnknownJob(id=unknown):
            return ProblemDetails(hint("unknown-job", id=str(unknown)))
        case NoOutput(job=job):
            return ProblemDetails(hint("job-without-output", id=str(job.id)))
        case JobAlreadyFinished() | JobNotFinished() | JobNotRetryable():
            return job_in_another_state(refusal)
        case (
            UnknownStore()
            | OperationNotAllowed()
            | NotForScript()
            | NotForKey()
            | UnknownObject()
            | UploadMissing()
            | OffsetMismatch()
            | UploadTooLong()
            | NotResumable()
        ):
            return store_problem(refusal)
        case (
            MissingCredentials()
            | UnknownToken()
            | KeyExpired()
            | KeyRevoked()
            | InsufficientScope()
            | UnknownKey()
            | InvalidApiKey()
            | ScopesNotHeld()
            | FirstKeyCannotManage()
            | LastManagingKey()
        ):
            return access_problem(refusal)
        case QueueFull(retry_after_seconds=seconds):
            return retrying("queue-full", seconds)
        case MalformedJson():
            return malformed_json(refusal)
        case _:
            assert_never(refusal)


def _counts(report: CheckReport) -> dict[str, int]:
    return {"failed": report.count(False), "not_run": report.count(None)}


def _precondition_failed(revision: int | UUID | str | None) -> Hint:
    if revision is None:
        return hint("precondition-failed-absent")
    return hint("precondition-failed", revision=str(revision))


def _blocked(refusal: Blocked) -> ProblemDetails:
    version, reasons = refusal.blocked.version, refusal.blocked.reasons
    message = hint("promotion-blocked", name=refusal.script.name.value, version=version, count=len(reasons))
    return ProblemDetails(message, unmet=Unmet(refusal.script.id, version, reasons))


def _invalid_script(*faults: SourceFault) -> ProblemDetails:
    return ProblemDetails(hint("invalid-script"), faults)


def _source_fault(fault: ScriptFault) -> SourceFault:
    message = hint("script-error", message=fault.detail)
    return SourceFault(message, fault.detail, fault.line, fault.column, fault.position_is_exact, fault.hint)


def _engine_not_installed(refusal: RecordedEngineNotInstalled) -> Hint:
    if refusal.installed is None:
        return hint("recorded-engine-not-installed", recorded=refusal.recorded)
    return hint("recorded-engine-replaced", recorded=refusal.recorded, installed=refusal.installed)


def _unknown_script(script: ScriptRef) -> Hint:
    if isinstance(script, ScriptName):
        return hint("unknown-script-name", name=script.value)
    return hint("unknown-script-id", id=str(script))
