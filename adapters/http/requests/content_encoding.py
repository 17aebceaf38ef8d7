"""The content coding of a request's body, and its decoder."""

from collections.abc import Mapping
from typing import Final

from returns.result import Failure, Result, Success
from starlette.requests import Request

from adapters.http.problems.refusals import UnsupportedEncoding
from adapters.http.requests.parameters import header_tokens
from adapters.http.transport.codings.coding import Coding, registered
from adapters.http.transport.codings.decoders import Decoder, IdentityDecoder
from adapters.http.transport.codings.gzip_decoder import GzipDecoder
from adapters.http.transport.codings.zstd_decoder import ZstdDecoder

_CODINGS: Final[Mapping[str, Coding]] = {one.value: one for one in Coding}


def content_coding(request: Request) -> Result[Coding, UnsupportedEncoding]:
    """Identify the coding of the body: at most one, since stacked codings are not decoded; none means `identity`."""
    named = header_tokens(request, "content-encoding") or [Coding.IDENTITY.value]
    known = _CODINGS.get(registered(named[0]))
    if len(named) > 1 or known is None:
        return Failure(UnsupportedEncoding(tuple(Coding), ", ".join(named)))
    return Success(known)


def decoder_of(coding: Coding) -> Decoder:
    """Create a decoder for one body in that coding."""
    match coding:
        case Coding.GZIP:
            return GzipDecoder()
        case Coding.ZSTD:
            return ZstdDecoder()
        case Coding.IDENTITY:
            return IdentityDecoder()
