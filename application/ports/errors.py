"""Errors that several ports share."""

from attrs import frozen


class Unavailable(Exception):
    """A dependency (database, sandbox) is unavailable; retrying later may succeed."""


@frozen
class Conflict:
    """A conflict: the value that was read has changed since (another version, an archived script, another claim)."""


@frozen
class QueueFull:
    """So many executions wait that no more are taken; trying after so many seconds may help."""

    retry_after_seconds: int
