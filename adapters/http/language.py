"""Languages of messages, and the choice of one by a request's Accept-Language (RFC 9110, section 12.5.4)."""

from enum import StrEnum
from typing import Final

from starlette.datastructures import Headers

_MAX_RANGES: Final = 20


class Language(StrEnum):
    """Language in which messages are available, by its ISO 639-1 code."""

    ENGLISH = "en"
    PORTUGUESE = "pt"

    @property
    def other(self) -> "Language":
        """The language to which a page offers a link."""
        return next(one for one in Language if one is not self)


def preferred_language(headers: Headers) -> Language:
    """Return the available language with the highest weight, the first of equals; English if none is accepted."""
    sent = ",".join(headers.getlist("accept-language"))
    ranges = [_weighted(one) for one in sent.split(",")[:_MAX_RANGES]]
    available = [(weight, language) for weight, language in ranges if language is not None and weight > 0]
    return max(available, key=lambda one: one[0], default=(0.0, Language.ENGLISH))[1]


def _weighted(text: str) -> tuple[float, Language | None]:
    tag, _, parameter = text.strip().lower().partition(";")
    primary = tag.strip().partition("-")[0]
    language = Language.ENGLISH if primary == "*" else next((one for one in Language if one == primary), None)
    return _weight(parameter), language


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    try:
        return min(max(float(value), 0.0), 1.0) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
