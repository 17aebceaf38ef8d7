"""Scripts and versions on the wire."""

from datetime import datetime
from typing import Final
from uuid import UUID

from attrs import field, frozen
from attrs.validators import ge, le, matches_re, max_len, min_len, optional

from adapters.http.schemas.describing import Sent, about
from domain.limits import DEFAULTS, FLOORS
from domain.retention import FEWEST_DAYS, MOST_DAYS
from domain.script import MAX_DESCRIPTION_CHARACTERS, NAME_PATTERN
from domain.warnings import SourceWarningKind

SHA256: Final = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
SCRIPT_ID: Final = "0199c5f2-7a3e-7c41-9d52-3f6a1b2c4d5e"
MOMENT: Final = "2026-11-23T13:38:00.000000Z"
_SOURCE: Final = "function process(data) { return data; }"


@frozen(kw_only=True)
class NewLimits(Sent):
    """Limits for the runs of a version. One that is null or left out has the service's default; each has a ceiling."""

    wall_ms: int | None = field(
        default=None, validator=optional(ge(FLOORS.wall_ms)), metadata=about("Milliseconds.", DEFAULTS.wall_ms)
    )
    memory_bytes: int | None = field(
        default=None,
        validator=optional(ge(FLOORS.memory_bytes)),
        metadata=about("Bytes of the engine's heap.", DEFAULTS.memory_bytes),
    )
    result_bytes: int | None = field(
        default=None,
        validator=optional(ge(FLOORS.result_bytes)),
        metadata=about("Bytes of the result as JSON.", DEFAULTS.result_bytes),
    )
    log_bytes: int | None = field(
        default=None,
        validator=optional(ge(FLOORS.log_bytes)),
        metadata=about("Bytes of console output that are kept.", DEFAULTS.log_bytes),
    )


@frozen(kw_only=True)
class NewVersion(Sent):
    """A source, and the limits it is to run under."""

    source: str = field(
        validator=min_len(1), metadata=about("JavaScript that defines a function `process(data)`.", _SOURCE)
    )
    limits: NewLimits = field(factory=NewLimits, metadata=about("Limits other than the default ones."))


@frozen(kw_only=True)
class NewScript(NewVersion):
    """A script to host: a name with its first version."""

    name: str = field(
        validator=matches_re(NAME_PATTERN),
        metadata=about("Unique for ever, and not of a UUID's shape.", "corporate-cards"),
    )
    description: str = field(
        default="",
        validator=max_len(MAX_DESCRIPTION_CHARACTERS),
        metadata=about("What the script is for.", "Invoices of company cards, without the personal ones"),
    )


@frozen(kw_only=True)
class Limits:
    """The limits of a version's runs."""

    wall_ms: int = field(metadata=about("Milliseconds.", DEFAULTS.wall_ms))
    memory_bytes: int = field(metadata=about("Bytes of the engine's heap.", DEFAULTS.memory_bytes))
    result_bytes: int = field(metadata=about("Bytes of the result as JSON.", DEFAULTS.result_bytes))
    log_bytes: int = field(metadata=about("Bytes of console output that are kept.", DEFAULTS.log_bytes))


@frozen(kw_only=True)
class NewRetention(Sent):
    """How long a script's executions are to be kept, all of it: null leaves one to the service."""

    content_days: int | None = field(
        validator=optional([ge(FEWEST_DAYS), le(MOST_DAYS)]),
        metadata=about("Days from an execution's end to the removal of its dataset, result and logs.", 30),
    )
    rows_days: int | None = field(
        validator=optional([ge(FEWEST_DAYS), le(MOST_DAYS)]),
        metadata=about("Days from an execution's end to the removal of its record, with all that is left.", 365),
    )


@frozen(kw_only=True)
class Retention:
    """How long a script's executions are kept; null is as long as the service keeps others."""

    content_days: int | None = field(metadata=about("Days from an execution's end to the removal of its content.", 30))
    rows_days: int | None = field(metadata=about("Days from an execution's end to the removal of its record.", 365))


@frozen(kw_only=True)
class Script:
    """A hosted script."""

    id: UUID = field(metadata=about("Time-ordered.", SCRIPT_ID))
    name: str = field(metadata=about("Names the script wherever its id does.", "corporate-cards"))
    description: str = field(metadata=about("What the script is for; possibly empty."))
    latest_version: int = field(validator=ge(1), metadata=about("The number of its newest version.", 3))
    created_at: datetime = field(metadata=about("When version 1 came.", MOMENT))
    archived_at: datetime | None = field(metadata=about("Since when it takes no versions and executions.", None))
    retention: Retention = field(metadata=about("The script's own retention."))


@frozen(kw_only=True)
class SourceWarning:
    """Something that the source uses and that will not do what it does elsewhere."""

    kind: SourceWarningKind = field(metadata=about("What it is.", "intl-differences"))
    detail: str = field(metadata=about("In words.", "`toLocaleString` is answered by FormatJS and data of ICU"))
    line: int | None = field(metadata=about("In the source as it was sent, from 1, if known.", 7))
    column: int | None = field(metadata=about("In UTF-16 code units, from 1, if known.", 14))


@frozen(kw_only=True)
class Version:
    """One immutable version of a script."""

    script_id: UUID = field(metadata=about("The script's id.", SCRIPT_ID))
    number: int = field(validator=ge(1), metadata=about("Counts from 1.", 3))
    sha256: str = field(metadata=about("Of the source's bytes, in hexadecimal digits.", SHA256))
    size_bytes: int = field(metadata=about("Of the source.", 512))
    limits: Limits = field(metadata=about("What its runs may use."))
    created_at: datetime = field(metadata=about("When it came.", MOMENT))
    source: str = field(
        metadata=about("The path of the source's file.", f"/v1/scripts/{SCRIPT_ID}/versions/3/source"),
    )
    warnings: tuple[SourceWarning, ...] = field(metadata=about("What to know before it is run."))


@frozen(kw_only=True)
class ScriptList:
    """A page of scripts, newest first."""

    items: tuple[Script, ...] = field(metadata=about("The page."))
    next_cursor: str | None = field(metadata=about("Leads to the next page, if there is one."))


@frozen(kw_only=True)
class VersionList:
    """A page of a script's versions, newest first."""

    items: tuple[Version, ...] = field(metadata=about("The page."))
    next_cursor: str | None = field(metadata=about("Leads to the next page, if there is one."))
