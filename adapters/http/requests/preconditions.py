"""Reads the preconditions of a change (RFC 9110, section 13.1): `If-Match` and `If-None-Match`.

Their entity tags are revisions. A malformed list lists no tag, so that a change which it was to guard is not made.
"""

from starlette.datastructures import Headers

from adapters.http.transport.entity_tags import entity_tags
from domain.preconditions import Precondition


def precondition(headers: Headers) -> Precondition:
    """Read the precondition of a request; strong comparison for `If-Match`, weak comparison for `If-None-Match`."""
    required, excluded = entity_tags(headers, "if-match"), entity_tags(headers, "if-none-match")
    return Precondition(
        allows_absent=required is None,
        allows_existing=excluded is None or not excluded.is_any,
        revisions=None if required is None or required.is_any else required.strong,
        excluded=frozenset() if excluded is None else excluded.all,
    )
