"""Wire schemas of health reports."""

from enum import StrEnum
from typing import assert_never

from attrs import field, frozen

from adapters.http.wire.schemas.metadata import describe
from application.ports import operations
from application.ports.operations import PASSED, UNKNOWN, CheckFailed, CheckOutcome, CheckPassed, CheckUnknown


@frozen(kw_only=True)
class Liveness:
    """Liveness of this process."""

    live: bool = field(metadata=describe("Always true.", True))


class CheckStatus(StrEnum):
    """Result of a check. `failed` makes the service not ready; `unknown` means another failure prevented the check."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    UNKNOWN = "unknown"


@frozen(kw_only=True)
class Check:
    """A readiness check."""

    status: CheckStatus = field(
        metadata=describe("`failed` makes the service not ready; `unknown` means another failure prevented the check.")
    )
    detail: str | None = field(metadata=describe("Description of the failure or warning, if any."))


@frozen(kw_only=True)
class Checks:
    """All readiness checks."""

    database: Check = field(metadata=describe("The database answers."))
    schema: Check = field(metadata=describe("The database schema is compatible with this version."))
    writing: Check = field(
        metadata=describe("The database accepts writes: its disk has space and it is not read-only.")
    )
    sealing: Check = field(metadata=describe("The master keys for all encrypted data are configured."))
    sandbox: Check = field(
        metadata=describe("The engines that uploads needed so far start. Uploads that need one that does not get 503.")
    )
    notifications: Check = field(
        metadata=describe(
            "Database notifications arrive. Without them nothing fails, but processes learn of changes a little later."
        )
    )
    background: Check = field(
        metadata=describe(
            "The background tasks of the process that answers succeed. A failing one, such as the removal of expired "
            "executions, is retried, and fails no request."
        )
    )
    signing: Check = field(
        metadata=describe(
            "The signing keys of receipts are usable, or there are none. While a changed file is not, the former keys "
            "stay in use."
        )
    )
    reproductions: Check = field(
        metadata=describe(
            "No sampled execution differed from its reproduction in the process that answers since it started. A "
            "difference fails no request; the log names the executions."
        )
    )
    workers: Check = field(
        metadata=describe("A worker was seen recently. Without workers nothing fails, but executions stay queued.")
    )


@frozen(kw_only=True)
class Readiness:
    """Readiness of the service."""

    ready: bool = field(metadata=describe("True if the service can process requests.", True))
    trouble: str | None = field(metadata=describe("Reason why the service is not ready, if any."))
    needs_key: bool | None = field(metadata=describe("True if requests need an API key; null if unknown.", True))
    workers: int = field(metadata=describe("Workers seen recently. Without one, executions stay queued.", 2))
    checks: Checks = field(metadata=describe("Result of each check."))


def checks_of(found: operations.Readiness) -> Checks:
    """Convert each readiness check to its wire form."""
    return Checks(
        database=_check(found.database),
        schema=_check(found.schema),
        writing=_check(found.writing),
        sealing=_check(found.sealing),
        sandbox=_warning(found.sandbox),
        notifications=_warning(found.notifications),
        background=_warning(found.background),
        signing=_warning(found.signing),
        reproductions=_warning(found.reproductions),
        workers=_workers(found.workers),
    )


def _check(outcome: CheckOutcome, failed: CheckStatus = CheckStatus.FAILED) -> Check:
    match outcome:
        case CheckPassed():
            return Check(status=CheckStatus.OK, detail=None)
        case CheckFailed(reason=reason):
            return Check(status=failed, detail=reason)
        case CheckUnknown():
            return Check(status=CheckStatus.UNKNOWN, detail=None)
        case _:
            assert_never(outcome)


def _warning(outcome: CheckOutcome) -> Check:
    """Convert a check whose failure leaves the service ready."""
    return _check(outcome, CheckStatus.WARNING)


def _workers(seen: int | None) -> Check:
    if seen is None:
        return _check(UNKNOWN)
    return _warning(PASSED if seen else CheckFailed("no worker was seen recently: executions stay queued"))
