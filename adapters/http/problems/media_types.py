"""Messages about refused media types: each usual mistake has a code of its own."""

from typing import Final

from adapters.http.problems.quoting import quotable
from adapters.http.problems.refusals import UnsupportedMediaType
from adapters.http.transport.media_types import NDJSON
from domain.hint import Hint, Parameter, hint

_MULTIPART: Final = "multipart/"
_FORM: Final = "application/x-www-form-urlencoded"
_CSV: Final = frozenset({"text/csv", "application/csv", "text/tab-separated-values", "application/vnd.ms-excel"})


def media_type_message(refusal: UnsupportedMediaType) -> Hint:
    """Name the media type that was sent, and its usual cause."""
    sent, listed = quotable(refusal.sent), ", ".join(refusal.accepted)
    expected: dict[str, Parameter] = {"accepted": listed, "first": refusal.accepted[0]}
    if not sent:
        return hint("no-content-type", **expected)
    if refusal.sent == _FORM:
        return hint("form-body", **expected)
    if refusal.sent in _CSV and NDJSON in refusal.accepted:
        return hint("csv-body", sent=sent, accepted=listed)
    return hint("multipart-body" if sent.startswith(_MULTIPART) else "unsupported-media-type", sent=sent, **expected)
