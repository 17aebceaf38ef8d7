"""Wire schemas of health reports."""

from enum import StrEnum

from attrs import field, frozen

from adapters.http.wire.schemas.metadata import describe
from application.ports import operations


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
        workers=_workers(found.workers),
    )


def _check(trouble: str | None) -> Check:
    if trouble is None:
        return Check(status=CheckStatus.UNKNOWN, detail=None)
    return Check(status=CheckStatus.FAILED if trouble else CheckStatus.OK, detail=trouble or None)


def _warning(missing: str | None) -> Check:
    return Check(status=CheckStatus.WARNING, detail=missing) if missing else _check(missing)


def _workers(seen: int | None) -> Check:
    if seen == 0:
        return Check(status=CheckStatus.WARNING, detail="no worker was seen recently: executions stay queued")
    return _check(None if seen is None else "")
