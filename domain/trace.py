"""The trace of a submission (W3C Trace Context, level 2), which lets its client follow it through the service.

Only `traceparent` is stored. `tracestate`, which carries data of other vendors, is dropped, as the recommendation
allows.
"""

import re
from typing import Final

from attrs import frozen

_TRACEPARENT: Final = re.compile(
    r"(?P<version>[0-9a-f]{2})-(?P<trace_id>[0-9a-f]{32})-(?P<parent_id>[0-9a-f]{16})-(?P<flags>[0-9a-f]{2})(?P<more>-.*)?"
)


@frozen
class TraceContext:
    """A trace and the span that made the request, in lower-case hex digits. Build it with `trace_context`."""

    trace_id: str
    parent_id: str
    flags: str

    @property
    def traceparent(self) -> str:
        """The header's value, in the form of version 00."""
        return f"00-{self.trace_id}-{self.parent_id}-{self.flags}"


def trace_context(traceparent: str) -> TraceContext | None:
    """Parse the header's value; None if it is malformed and must be ignored (section 3.2.2).

    Of a later version of the format, the members of version 00 are read and the rest is dropped (section 4.3).
    """
    read = _TRACEPARENT.fullmatch(traceparent)
    if read is None or read["version"] == "ff" or (read["version"] == "00" and read["more"]):
        return None
    if not read["trace_id"].strip("0") or not read["parent_id"].strip("0"):
        return None
    return TraceContext(read["trace_id"], read["parent_id"], read["flags"])
