"""Pages in the reader's language: `lang` chooses it, otherwise Accept-Language does."""

from starlette.responses import Response

from adapters.http.language import Language, preferred_language
from adapters.http.operations import TEXT, MediaType, RequestContext, ResponseSpec
from adapters.http.resources.pages import HEADERS
from adapters.http.wire.schemas.queries import LanguageQuery


def language_of(call: RequestContext[LanguageQuery]) -> Language:
    """Choose the language of a page."""
    return call.query.lang or preferred_language(call.request.headers)


def localised_page(text: str, language: Language, media_type: str, *negotiated: str) -> Response:
    """Build the response with a page. `negotiated` are the other headers of the request that have chosen it."""
    headers = HEADERS | {"Vary": ", ".join((*negotiated, "Accept-Language")), "Content-Language": str(language)}
    return Response(text, headers=headers, media_type=media_type)


def localised_answer(description: str, media_type: str, *others: str) -> ResponseSpec:
    """Describe the response with a page and its media types."""
    headers = ("Cache-Control", "Vary", "Content-Language")
    alternatives = tuple(MediaType(one, TEXT) for one in others)
    return ResponseSpec(200, description, MediaType(media_type, TEXT), headers, alternatives)
