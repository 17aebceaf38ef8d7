"""Problem details of refusals: one exhaustive match from refusal to code and parameters. `rendering` adds the texts."""

from typing import Final, assert_never
from uuid import UUID

from adapters.http.problems.comparisons import not_comparable
from adapters.http.problems.details import ProblemDetails, SourceFault, Unmet
from adapters.http.problems.malformed_json import malformed_json
from adapters.http.problems.media_types import media_type_message
from adapters.http.problems.quoting import quotable
from adapters.http.problems.refusals import (
    CrossOriginRefused,
    DatasetTooLarge,
    DocumentTooLarge,
    Forbidden,
    InvalidDocument,
    InvalidQuery,
    MalformedCursor,
    MalformedId,
    MalformedIdempotencyKey,
    MethodNotAllowed,
    MisdirectedRequest,
    NotAcceptable,
    PreviewDatasetTooLarge,
    Refusal,
    ShortDocumentTooLarge,
    TooManyConnections,
    TooMuchInFlight,
    Unauthenticated,
    UnknownPath,
    UnsupportedCharset,
    UnsupportedEncoding,
    UnsupportedMediaType,
)
from adapters.http.problems.retrying import retrying
from adapters.http.transport.codings.decoders import MalformedEncoding
from adapters.http.transport.minimum_rate import BYTES_A_SECOND, MinimumRate, TooSlow
from application.executions.compare import NotComparable
from application.executions.read import ContentRemoved, ExecutionOfAnotherScript, HasFailed, UnknownExecution
from application.executions.read_reproduction import UnknownReproduction
from application.executions.receipts import ReceiptsNotConfigured
from application.executions.reproduce import ContentMissing, RecordedEngineNotInstalled
from application.executions.stored_datasets import DatasetAltered
from application.ports.bodies import MalformedJson
from application.ports.errors import QueueFull
from application.ports.sandbox import NotRunnable, SandboxBusy, ScriptFault
from application.ports.scripts import NameTaken, ScriptRef
from application.replays.read import UnknownReplay
from application.script_tests.write import ScriptTestTooLarge
from application.scripts.aliases import AliasNotFound, Blocked
from application.scripts.gates import NoGate
from application.scripts.read import NoVersionOfAlias, UnknownScript, UnknownVersion
from domain.access import Scope
from domain.checks import CheckReport, ChecksFailed
from domain.execution import AlreadyFinished, NotFinished, state_of
from domain.hint import Hint, hint
from domain.idempotency import KeyReused
from domain.preconditions import PreconditionFailed
from domain.promotion import GuardedAlias, NothingToRollBack, TooManyAliases
from domain.receipts import DigestNotRetained, NoRun
from domain.reproduction import NothingToReproduce
from domain.script import ScriptArchived, ScriptName
from domain.script_tests import MOST_TESTS, TooManyTests, UnknownTest
from domain.version_replays import ReplayNotFinished
from domain.versions import EmptySource, SourceNotUtf8, SourceTooLarge, VersionEngineMissing

_BUSY_SECONDS: Final = 2
"""The delay after which a slot for trials may be free: the request has waited already."""


def problem_of(refusal: Refusal) -> ProblemDetails:  # noqa: C901 - one case a refusal, and no other branch
    """Map a refusal to its problem details."""
    match refusal:
        case UnknownPath(path=path, suggestion=similar):
            return ProblemDetails(hint("not-found", path=quotable(path)), advice=_did_you_mean(similar))
        case MethodNotAllowed(method=method, allow=allow):
            allowed = ", ".join(allow)
            message = hint("method-not-allowed", method=quotable(method), allowed=allowed)
            return ProblemDetails(message, headers={"Allow": allowed})
        case MalformedId(code=code, value=value, suggestion=meant):
            suggested = {} if meant is None else {"suggestion": meant}
            return ProblemDetails(hint(code, value=quotable(value), **suggested))
        case MalformedCursor():
            return ProblemDetails(hint("malformed-cursor"))
        case InvalidQuery(faults=faults):
            return ProblemDetails(hint("invalid-query"), faults)
        case InvalidDocument(faults=faults):
            return ProblemDetails(hint("invalid-document"), faults)
        case NotAcceptable(header=header, offered=offered):
            code = "unacceptable-codings" if header == "Accept-Encoding" else "unacceptable-media-types"
            return ProblemDetails(hint(code, offered=", ".join(offered)), headers={"Vary": header})
        case UnsupportedMediaType():
            return ProblemDetails(media_type_message(refusal), headers={"Accept": ", ".join(refusal.accepted)})
        case UnsupportedCharset(accepted=types, sent=sent, charset=charset):
            message = hint("unsupported-charset", charset=quotable(charset), sent=sent)
            return ProblemDetails(message, headers={"Accept": ", ".join(types)})
        case UnsupportedEncoding(accepted=codings, sent=sent):
            accepted = ", ".join(codings)
            message = hint("unsupported-encoding", sent=quotable(sent), accepted=accepted)
            return ProblemDetails(message, headers={"Accept-Encoding": accepted})
        case MalformedEncoding(reason=why, at=at):
            return ProblemDetails(hint(why.code, **dict(why.parameters), at=at))
        case TooSlow(pace=pace):
            return ProblemDetails(_too_slow(pace))
        case TooMuchInFlight(retry_after_seconds=seconds):
            return retrying("too-much-in-flight", seconds)
        case TooManyConnections(retry_after_seconds=seconds):
            return retrying("too-many-connections", seconds, {"Connection": "close"})
        case MisdirectedRequest(host=host, names=names):
            allowed = ", ".join(names)
            known = hint("misdirected-request", host=host, allowed=allowed)
            return ProblemDetails(known if host else hint("invalid-host", allowed=allowed))
        case CrossOriginRefused():
            return ProblemDetails(hint("cross-origin-refused"))
        case Unauthenticated(given=given):
            challenge = _challenge('error="invalid_token"' if given else "")
            return ProblemDetails(hint("invalid-api-key" if given else "no-api-key"), headers=challenge)
        case Forbidden(scope=scope):
            challenge = _challenge(f'error="insufficient_scope", scope="{scope}"')
            return ProblemDetails(hint("forbidden", scope=str(scope)), headers=challenge)
        case MalformedIdempotencyKey(reason=why):
            return ProblemDetails(why)
        case KeyReused():
            return ProblemDetails(hint("idempotency-key-reused"))
        case DatasetTooLarge():
            return ProblemDetails(_dataset_too_large(refusal))
        case PreviewDatasetTooLarge(size_bytes=size, limit_bytes=limit):
            return ProblemDetails(hint("preview-dataset-too-large", size_bytes=size, limit_bytes=limit))
        case DocumentTooLarge(limit_bytes=limit):
            return ProblemDetails(hint("source-body-too-large", limit_bytes=limit))
        case ShortDocumentTooLarge(limit_bytes=limit):
            return ProblemDetails(hint("document-too-large", limit_bytes=limit))
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
            challenge = _challenge(f'error="insufficient_scope", scope="{Scope.ADMIN}"')
            return ProblemDetails(hint("guarded-alias", alias=alias.value, scope=str(Scope.ADMIN)), headers=challenge)
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
        case QueueFull(retry_after_seconds=seconds):
            return retrying("queue-full", seconds)
        case MalformedJson():
            return malformed_json(refusal)
        case _:
            assert_never(refusal)


def _counts(report: CheckReport) -> dict[str, int]:
    return {"failed": report.count(False), "not_run": report.count(None)}


def _precondition_failed(revision: int | UUID | None) -> Hint:
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


def _did_you_mean(path: str | None) -> Hint | None:
    return None if path is None else hint("did-you-mean-path", suggestion=path)


def _dataset_too_large(refusal: DatasetTooLarge) -> Hint:
    limit, size = refusal.limit_bytes, refusal.size_bytes
    if size is None:
        return hint("dataset-too-large", limit_bytes=limit)
    return hint("dataset-of-known-size-too-large", size_bytes=size, limit_bytes=limit)


def _engine_not_installed(refusal: RecordedEngineNotInstalled) -> Hint:
    if refusal.installed is None:
        return hint("recorded-engine-not-installed", recorded=refusal.recorded)
    return hint("recorded-engine-replaced", recorded=refusal.recorded, installed=refusal.installed)


def _unknown_script(script: ScriptRef) -> Hint:
    if isinstance(script, ScriptName):
        return hint("unknown-script-name", name=script.value)
    return hint("unknown-script-id", id=str(script))


def _too_slow(pace: MinimumRate) -> Hint:
    rate = {"rate": f"{BYTES_A_SECOND} bytes/s", "window": f"{pace.window:g}", "pause": f"{pace.idle_timeout:g}"}
    return hint("body-too-slow", **rate)


def _challenge(parameters: str) -> dict[str, str]:
    """Build the authentication challenge (RFC 6750, section 3)."""
    return {"WWW-Authenticate": ", ".join(filter(None, ('Bearer realm="bateia"', parameters)))}
