"""Times as text (RFC 3339): any offset is read, UTC with six digits of a second and `Z` is written."""

import re
from datetime import UTC, datetime
from typing import Final

_RFC3339: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def moment(text: str) -> datetime | None:
    """Parse a time and convert it to UTC; digits beyond the microsecond are dropped. A leap second is refused."""
    if not _RFC3339.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def clock_text(at: datetime) -> str:
    """Format a time in UTC that has whole milliseconds."""
    return at.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def moment_text(at: datetime) -> str:
    """Format a time, of any offset, in UTC."""
    if at.tzinfo is not UTC:
        at = at.astimezone(UTC)
    return at.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
