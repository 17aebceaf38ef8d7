"""The trace that a submission belongs to (W3C Trace Context, level 2), so that its user can follow it in here.

Only `traceparent` is kept. `tracestate`, which is other vendors', goes no further, as the recommendation allows.
"""

import re
from typing import Final

from attrs import frozen

_TRACEPARENT: Final = re.compile(
    r"(?P<version>[0-9a-f]{2})-(?P<trace_id>[0-9a-f]{32})-(?P<parent_id>[0-9a-f]{16})-(?P<flags>[0-9a-f]{2})(?P<more>-.*)?"
)


@frozen
class TraceContext:
    """A trace and the span in it that made the request, in lower-case hex digits. Build it with `trace_context`."""

    trace_id: str
    parent_id: str
    flags: str

    @property
    def traceparent(self) -> str:
        """It as a header's value, in the form of version 00."""
        return f"00-{self.trace_id}-{self.parent_id}-{self.flags}"


def trace_context(traceparent: str) -> TraceContext | None:
    """What the header's value says, or None where it is malformed and to be ignored (section 3.2.2).

    Of a later version of the format what version 00 has is read, and what follows that is dropped (section 4.3).
    """
    read = _TRACEPARENT.fullmatch(traceparent)
    if read is None or read["version"] == "ff" or (read["version"] == "00" and read["more"]):
        return None
    if not read["trace_id"].strip("0") or not read["parent_id"].strip("0"):
        return None
    return TraceContext(read["trace_id"], read["parent_id"], read["flags"])
