"""Wire schemas of the list of a script's versions, which has their use if the request asks for it."""

from attrs import field, frozen
from attrs.validators import ge

from adapters.http.wire.schemas.checks import CheckCounts
from adapters.http.wire.schemas.metadata import describe
from adapters.http.wire.schemas.scripts import Version


@frozen(kw_only=True)
class VersionUsage:
    """Use of a version: its stored executions, without replays, and the script's tests by their last results on it."""

    executions: int = field(validator=ge(0), metadata=describe("Executions in any state.", 40))
    failed: int = field(validator=ge(0), metadata=describe("Those that failed and were not cancelled.", 1))
    cancelled: int = field(validator=ge(0), metadata=describe("Those that were cancelled.", 0))
    complete: bool = field(
        metadata=describe(
            "False if there may be more: only the newest executions are examined, up to 1,000 of a version and 20,000 "
            "of a page.",
            True,
        )
    )
    tests: CheckCounts = field(metadata=describe("Numbers of the script's tests."))


@frozen(kw_only=True)
class ListedVersion(Version):
    """An immutable version of a script, with its use."""

    usage: VersionUsage | None = field(
        default=None, metadata=describe("Use of the version; only if the request asks for it.", absent=True)
    )


@frozen(kw_only=True)
class VersionList:
    """A page of a script's versions, newest first."""

    items: tuple[ListedVersion, ...] = field(metadata=describe("Versions of this page."))
    next_cursor: str | None = field(metadata=describe("Cursor of the next page; null on the last page."))
