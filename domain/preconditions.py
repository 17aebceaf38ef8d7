"""Preconditions of a change: the revision that a client knows a stored object by (optimistic concurrency)."""

from typing import Final
from uuid import UUID

from attrs import frozen


@frozen(kw_only=True)
class Precondition:
    """The revisions, as text, in which an object may be for a change to be made; None stands for any revision.

    `excluded` are revisions in which it may not be. An object that does not exist has no revision.
    """

    allows_absent: bool = True
    allows_existing: bool = True
    revisions: frozenset[str] | None = None
    excluded: frozenset[str] = frozenset()

    def holds(self, revision: int | UUID | str | None) -> bool:
        """Tell whether the object of that revision, None for one that does not exist, may be changed."""
        if revision is None:
            return self.allows_absent
        is_known = self.revisions is None or str(revision) in self.revisions
        return self.allows_existing and is_known and str(revision) not in self.excluded


UNCONDITIONAL: Final = Precondition()


@frozen
class PreconditionFailed:
    """The object is in another state than the client expects: at that revision, or None if it does not exist."""

    revision: int | UUID | str | None
