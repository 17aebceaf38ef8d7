"""Reads the body of an operation whose documents are short."""

from typing import Any, Final, TypeVar

from returns.result import Result

from adapters.http.operations import JSON, RequestContext
from adapters.http.problems import types
from adapters.http.problems.refusals import Refusal, ShortDocumentTooLarge
from adapters.http.requests.body import BODY_REFUSALS, read_text
from adapters.http.requests.documents import MOST_VALUES, check_document, read_document
from adapters.http.requests.parameters import media_type
from adapters.http.results import then

_T = TypeVar("_T")

SHORT_DOCUMENT_REFUSALS: Final = (
    types.MALFORMED_JSON,
    types.DOCUMENT_TOO_LARGE,
    types.UNSUPPORTED_MEDIA_TYPE,
    *BODY_REFUSALS,
    types.INVALID_DOCUMENT,
)
"""The problems that the body of such an operation can have."""


async def read_short_document(
    call: RequestContext[Any],
    shape: type[_T],
    most_bytes: int,
    most_values: int = MOST_VALUES,
    accepted: tuple[str, ...] = (JSON,),
) -> Result[_T, Refusal]:
    """Read the body as a JSON document of that shape, which has at most that many bytes and values."""
    sent_as = media_type(call.request, accepted)
    body = await then(sent_as, lambda _: read_text(call, ShortDocumentTooLarge(most_bytes)))
    checked = await then(body, lambda text: check_document(call.deps.bodies, text, most_values))
    return checked.bind(lambda text: read_document(text, shape))
