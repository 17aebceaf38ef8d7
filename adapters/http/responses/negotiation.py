"""Content negotiation: `Accept` and `Accept-Encoding` (RFC 9110, section 12.5).

Parameters of media types are passed over, and so is every member of a list that is malformed.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from starlette.datastructures import Headers

from adapters.http.transport.codings.coding import Coding, registered
from adapters.http.transport.media_types import NDJSON, NDJSON_ALIASES

_QUOTED: Final = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
"""A quoted string. One without an end goes to that of the list: sought from each quote, it would take the square."""
_WEIGHT: Final = re.compile(r"0?\.[0-9]{1,3}|0\.?|1(?:\.0{0,3})?", re.ASCII)
_LEAST: Final = 0.0001
"""Less than any weight that a client can send, and not zero."""


def acceptable_types(headers: Headers, offered: Sequence[str]) -> Sequence[str]:
    """Select the offered media types that the client accepts, by descending preference, equal ones as offered."""
    wished = _weights(headers.getlist("accept"))
    if not wished:
        return offered
    weights = {one: _type_weight(wished, one) for one in offered}
    return sorted((one for one in offered if weights[one] > 0), key=lambda one: -weights[one])


def acceptable_coding(headers: Headers, worthwhile: bool) -> Coding | None:
    """Choose an acceptable coding, if there is one: compression only if it is worthwhile or without alternative."""
    given = headers.getlist("accept-encoding")
    if not given:
        return Coding.IDENTITY
    wished = {registered(name): weight for name, weight in _weights(given).items()}
    weights = {one: _coding_weight(wished, one) for one in Coding}
    if weights[Coding.IDENTITY] > 0 and not worthwhile:
        return Coding.IDENTITY
    best = max(Coding, key=weights.__getitem__)
    return best if weights[best] > 0 else None


def _type_weight(wished: Mapping[str, float], media_type: str) -> float:
    names = [one for one in (media_type, *(NDJSON_ALIASES if media_type == NDJSON else ())) if one in wished]
    if names:
        return max(wished[one] for one in names)
    ranges = (f"{media_type.partition('/')[0]}/*", "*/*", "*")
    return next((wished[one] for one in ranges if one in wished), 0)


def _coding_weight(wished: Mapping[str, float], coding: Coding) -> float:
    return wished.get(coding, wished.get("*", _LEAST if coding is Coding.IDENTITY else 0))


def _weights(lines: Sequence[str]) -> Mapping[str, float]:
    """Parse the items of the list, each with its weight; the greatest, if an item is repeated."""
    weights: dict[str, float] = {}
    for member in _QUOTED.sub('""', ",".join(lines)).split(","):
        name, *parameters = (part.strip().lower() for part in member.split(";"))
        weight = next((one.removeprefix("q=") for one in parameters if one.startswith("q=")), "1")
        if name and _WEIGHT.fullmatch(weight):
            weights[name] = max(float(weight), weights.get(name, 0))
    return weights
