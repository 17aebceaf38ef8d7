"""Entity tags and conditional reads: `If-None-Match` (RFC 9110, section 13.1.2).

`requests/preconditions.py` reads those of changes. Absent on purpose: dates.
"""

import hashlib
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from starlette.datastructures import Headers
from starlette.responses import Response

from adapters.http.transport.entity_tags import entity_tags

REVALIDATED: Final = "private, no-cache"
"""For representations that can change or be removed: a cache revalidates each time."""
IMMUTABLE: Final = "private, max-age=31536000, immutable"

_REPEATED: Final = ("ETag", "Vary", "Cache-Control", "Preference-Applied")


def if_none_match(headers: Headers, tag: str) -> bool:
    """Tell whether the client has the tag's representation. Tags are compared weakly; malformed lists match none."""
    given = entity_tags(headers, "if-none-match")
    return given is not None and (given.is_any or tag.strip('"') in given.all)


def not_modified(headers: Mapping[str, str]) -> Response:
    """Build the 304 response, with the headers that it must repeat (section 15.4.5)."""
    repeated = {name: headers[name] for name in _REPEATED if name in headers}
    return Response(status_code=304, headers=repeated)


def revised(headers: Headers, response: Response, revision: int | UUID | str) -> Response:
    """Tag the response to a read with a revision, or answer 304 if the client already has it."""
    tag = with_revision(response, revision).headers["ETag"]
    return not_modified(response.headers) if if_none_match(headers, tag) else response


def with_revision(response: Response, revision: int | UUID | str) -> Response:
    """Tag a response with a revision."""
    response.headers["ETag"], response.headers["Cache-Control"] = f'"{revision}"', REVALIDATED
    return response


def validated(headers: Headers, response: Response) -> Response:
    """Tag the answer with the digest of its content, or answer 304 if the client already has it."""
    return revised(headers, response, hashlib.sha256(response.body).hexdigest())
