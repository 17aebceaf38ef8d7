"""Health reports on the wire."""

from enum import StrEnum

from attrs import field, frozen

from adapters.http.schemas.describing import about
from application import messages


@frozen(kw_only=True)
class Liveness:
    """This process answers."""

    live: bool = field(metadata=about("True.", True))


class CheckStatus(StrEnum):
    """How a check went."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    UNKNOWN = "unknown"


@frozen(kw_only=True)
class Check:
    """One thing that was looked at."""

    status: CheckStatus = field(
        metadata=about("A failed one makes the service unready; an unknown one could not be seen for another's sake.")
    )
    detail: str | None = field(metadata=about("What is wrong, if anything is."))


@frozen(kw_only=True)
class Checks:
    """All that was looked at."""

    database: Check = field(metadata=about("Whether the database answers."))
    schema: Check = field(metadata=about("Whether its schema is one that this code can work with."))
    writing: Check = field(metadata=about("Whether it can write: its disk has room, and it is not read-only."))
    sealing: Check = field(metadata=about("Whether there are master keys for all that is sealed."))
    sandbox: Check = field(
        metadata=about(
            "Whether the engines that uploads needed so far start. Without one, uploads that want it get 503."
        )
    )
    notifications: Check = field(
        metadata=about(
            "Whether the database's notifications come. Without them nothing fails, news comes a little later."
        )
    )
    workers: Check = field(metadata=about("Whether a worker was seen lately. Without one nothing fails, all waits."))


@frozen(kw_only=True)
class Readiness:
    """Whether the service can do its work."""

    ready: bool = field(metadata=about("Whether requests will succeed.", True))
    trouble: str | None = field(metadata=about("What is in the way, if anything is."))
    needs_key: bool | None = field(
        metadata=about("Whether requests need an API key; null while that is not known.", True)
    )
    workers: int = field(metadata=about("Workers seen lately. Without one, executions wait.", 2))
    checks: Checks = field(metadata=about("Each thing that was looked at."))


def checks_of(found: messages.Readiness) -> Checks:
    """What was found, check by check."""
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
        return Check(status=CheckStatus.WARNING, detail="no worker was seen lately: executions wait")
    return _check(None if seen is None else "")
