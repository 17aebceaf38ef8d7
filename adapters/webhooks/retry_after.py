"""The header `Retry-After` (RFC 9110, section 10.2.3), as a hostile receiver writes it."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import ceil
from typing import Final

from domain.deliveries import MAX_RETRY_AFTER

MAX_BYTES: Final = 64
_MAX_SECONDS: Final = int(MAX_RETRY_AFTER.total_seconds())


def retry_after(value: bytes, now: datetime) -> int | None:
    """Read the header's value, in seconds or as a date, as seconds from now; None if it is neither."""
    text = value.strip().decode("latin-1")
    if len(text) > MAX_BYTES:
        return None
    if text.isascii() and text.isdigit():
        return min(int(text), _MAX_SECONDS)
    try:
        at = parsedate_to_datetime(text)
        seconds = ceil((at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds())
    except (
        ValueError,
        TypeError,
        IndexError,
        OverflowError,
    ):  # by what is not a date, and by years beyond the calendar
        return None
    return max(0, min(seconds, _MAX_SECONDS))
