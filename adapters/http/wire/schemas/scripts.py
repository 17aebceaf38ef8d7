"""Wire schemas of scripts and versions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from attrs import field, frozen
from attrs.validators import ge, le, matches_re, max_len, min_len, optional

from adapters.http.wire.schemas.activity import ScriptActivity
from adapters.http.wire.schemas.metadata import RequestModel, describe
from adapters.http.wire.schemas.numbers import IfNumber
from domain.engine import EngineName
from domain.limits import DEFAULTS, FLOORS
from domain.notes import MAX_NOTE_CHARACTERS
from domain.retention import FEWEST_DAYS, MOST_DAYS, Forever
from domain.script import MAX_DESCRIPTION_CHARACTERS, NAME_PATTERN
from domain.warnings import SourceWarningKind

SHA256: Final = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
SCRIPT_ID: Final = "0199c5f2-7a3e-7c41-9d52-3f6a1b2c4d5e"
MOMENT: Final = "2026-11-23T13:38:00.000000Z"
_NOTE: Final = "Refunds count as negative amounts"
_SOURCE: Final = "function process(data) { return data; }"


@frozen(kw_only=True)
class NewLimits(RequestModel):
    """Limits of a version's runs. A limit that is null or omitted takes the service's default; each has a ceiling."""

    wall_ms: int | None = field(
        default=None,
        validator=optional(ge(FLOORS.wall_ms)),
        metadata=describe("Maximum duration of a run, and its maximum CPU time, in milliseconds.", DEFAULTS.wall_ms),
    )
    memory_bytes: int | None = field(
        default=None,
        validator=optional(ge(FLOORS.memory_bytes)),
        metadata=describe("Maximum size of the engine's heap in bytes.", DEFAULTS.memory_bytes),
    )
    result_bytes: int | None = field(
        default=None,
        validator=optional(ge(FLOORS.result_bytes)),
        metadata=describe("Maximum size of the result's JSON text in bytes.", DEFAULTS.result_bytes),
    )
    log_bytes: int | None = field(
        default=None,
        validator=optional(ge(FLOORS.log_bytes)),
        metadata=describe("Maximum size of the console output kept, in bytes.", DEFAULTS.log_bytes),
    )


@frozen(kw_only=True)
class NewVersion(RequestModel):
    """A source, the engine that runs it, and the limits of its runs."""

    source: str = field(
        validator=min_len(1), metadata=describe("JavaScript that defines a function `process(data)`.", _SOURCE)
    )
    engine: EngineName | None = field(
        default=None,
        metadata=describe(
            "JavaScript engine that runs the version, for its lifetime. The service's default if null or omitted.",
            "quickjs-ng",
        ),
    )
    limits: NewLimits = field(factory=NewLimits, metadata=describe("Limits that differ from the defaults."))
    note: str = field(
        default="",
        validator=max_len(MAX_NOTE_CHARACTERS),
        metadata=describe(
            "Note about the changes of the version. It does not make an unchanged version a new one.", _NOTE
        ),
    )


@frozen(kw_only=True)
class NewScript(NewVersion):
    """A script to create: a name and its first version."""

    name: str = field(
        validator=matches_re(NAME_PATTERN),
        metadata=describe("Script name: unique, never reusable, and not shaped like a UUID.", "corporate-cards"),
    )
    description: str = field(
        default="",
        validator=max_len(MAX_DESCRIPTION_CHARACTERS),
        metadata=describe("Purpose of the script.", "Invoices of company cards, without the personal ones"),
    )


@frozen(kw_only=True)
class NewRestoration(RequestModel):
    """The restoration of a version."""

    note: str = field(
        default="",
        validator=max_len(MAX_NOTE_CHARACTERS),
        metadata=describe("Note of the new version.", "Back to version 2: version 3 lost the refunds"),
    )


@frozen(kw_only=True)
class ScriptChanges(RequestModel):
    """Changes of a script, as a JSON merge patch (RFC 7396). Other members of a script cannot be changed here."""

    description: str = field(
        validator=max_len(MAX_DESCRIPTION_CHARACTERS),
        metadata=describe("Purpose of the script; an empty text removes it.", "Invoices of company cards"),
    )


@frozen(kw_only=True)
class Limits:
    """Limits of a version's runs."""

    wall_ms: int = field(
        metadata=describe("Maximum duration of a run, and its maximum CPU time, in milliseconds.", DEFAULTS.wall_ms)
    )
    memory_bytes: int = field(metadata=describe("Maximum size of the engine's heap in bytes.", DEFAULTS.memory_bytes))
    result_bytes: int = field(
        metadata=describe("Maximum size of the result's JSON text in bytes.", DEFAULTS.result_bytes)
    )
    log_bytes: int = field(metadata=describe("Maximum size of the console output kept, in bytes.", DEFAULTS.log_bytes))


@frozen(kw_only=True)
class NewRetention(RequestModel):
    """Retention of a script's executions. Both members are required; `"forever"` never removes, null selects the
    service's default."""

    content_days: int | Forever | None = field(
        validator=IfNumber(ge(FEWEST_DAYS), le(MOST_DAYS)),
        metadata=describe("Days from the end of an execution until its dataset, result and logs are removed.", 30),
    )
    rows_days: int | Forever | None = field(
        validator=IfNumber(ge(FEWEST_DAYS), le(MOST_DAYS)),
        metadata=describe("Days from the end of an execution until its record is removed, with any content left.", 365),
    )


@frozen(kw_only=True)
class Retention:
    """Retention of a script's executions; `"forever"` never removes, null stands for the service's default."""

    content_days: int | Forever | None = field(
        metadata=describe("Days from the end of an execution until its content is removed.", 30)
    )
    rows_days: int | Forever | None = field(
        metadata=describe("Days from the end of an execution until its record is removed.", 365)
    )


@frozen(kw_only=True)
class Script:
    """A hosted script."""

    id: UUID = field(metadata=describe("Script id, a time-ordered UUID.", SCRIPT_ID))
    name: str = field(metadata=describe("Script name; paths accept it in place of the id.", "corporate-cards"))
    description: str = field(metadata=describe("Purpose of the script; may be empty."))
    latest_version: int = field(validator=ge(1), metadata=describe("Number of the latest version.", 3))
    engine: str = field(metadata=describe("JavaScript engine of the latest version.", "quickjs-ng"))
    created_at: datetime = field(metadata=describe("Time at which version 1 was created.", MOMENT))
    archived_at: datetime | None = field(
        metadata=describe("Time of archiving; an archived script accepts no versions and no executions.", None)
    )
    retention: Retention = field(metadata=describe("Retention that overrides the service's default."))
    aliases: Mapping[str, int] = field(
        metadata=describe("Aliases with the numbers of the versions that they lead to.", {"live": 3})
    )
    activity: ScriptActivity | None = field(
        default=None,
        metadata=describe("Activity in a period; only in lists whose request names one.", absent=True),
    )


@frozen(kw_only=True)
class SourceWarning:
    """A feature used by the source that is missing or behaves differently in the sandbox."""

    kind: SourceWarningKind = field(metadata=describe("Kind of warning.", "intl-differences"))
    detail: str = field(metadata=describe("Explanation.", "`toLocaleString` uses FormatJS, with ICU data"))
    line: int | None = field(metadata=describe("Line in the source as it was sent, from 1; null if unknown.", 7))
    column: int | None = field(metadata=describe("Column in UTF-16 code units, from 1; null if unknown.", 14))
    code: str | None = field(metadata=describe("Stable code of the hint; null if there is none.", "script-no-network"))
    hint: str | None = field(
        metadata=describe(
            "Advice on how to mend the source, in the language of Accept-Language; null if there is none.",
            "Scripts have no network. Put the data that you need into the dataset.",
        )
    )


@frozen(kw_only=True)
class Version:
    """An immutable version of a script."""

    script_id: UUID = field(metadata=describe("Script id.", SCRIPT_ID))
    number: int = field(validator=ge(1), metadata=describe("Version number, counted from 1.", 3))
    sha256: str = field(metadata=describe("SHA-256 of the source's bytes, in hexadecimal.", SHA256))
    size_bytes: int = field(metadata=describe("Size of the source in bytes.", 512))
    engine: str = field(
        metadata=describe(
            "JavaScript engine that runs it, by its package. Later releases may add others.", "quickjs-ng"
        )
    )
    limits: Limits = field(metadata=describe("Limits of its runs."))
    created_at: datetime = field(metadata=describe("Time of creation.", MOMENT))
    source: str = field(
        metadata=describe("Path of the source file.", f"/v1/scripts/{SCRIPT_ID}/versions/3/source"),
    )
    warnings: tuple[SourceWarning, ...] = field(metadata=describe("Warnings about the source, found before it runs."))
    aliases: tuple[str, ...] = field(metadata=describe("Names of the aliases that lead to it.", ["live"]))
    note: str = field(metadata=describe("Note about the changes of the version; may be empty.", _NOTE))
    created_by: str | None = field(
        metadata=describe(
            "Name of the API key that created the version; null if no key was needed, or an earlier release of the "
            "service stored the version.",
            "deployment",
        )
    )


@frozen(kw_only=True)
class ScriptList:
    """A page of scripts, newest first."""

    items: tuple[Script, ...] = field(metadata=describe("Scripts of this page."))
    next_cursor: str | None = field(metadata=describe("Cursor of the next page; null on the last page."))
