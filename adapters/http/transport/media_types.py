"""Names of media types: JSON and NDJSON also go by others."""

import re
from typing import Final

JSON: Final = "application/json"
NDJSON: Final = "application/x-ndjson"
REFERENCE: Final = "application/vnd.bateia.reference+json"
"""A document that names the stored dataset of an execution, in place of a dataset."""
NDJSON_ALIASES: Final = (
    "application/ndjson",
    "application/jsonl",
    "application/x-jsonl",
    "application/jsonlines",
    "application/x-jsonlines",
)
"""Other names of NDJSON in use; none is registered."""

_JSON_SUFFIX: Final = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+\+json", re.ASCII)


def canonical(media_type: str) -> str:
    """Return the usual name of a media type, in lower case. Every type with the suffix `+json` is JSON (RFC 6839)."""
    if media_type in NDJSON_ALIASES:
        return NDJSON
    return JSON if _JSON_SUFFIX.fullmatch(media_type) else media_type
