"""Port to the comparison of stored results, whose work and memory are bounded whatever the results are."""

from typing import Protocol

from attrs import frozen
from returns.result import Result

from application.ports.stored_bodies import StoredBody
from domain.comparison.report import ComparisonRefused, ResultComparison
from domain.comparison.rows import Key
from domain.comparison.values import EXACTLY, Tolerance


@frozen
class ComparisonChoices:
    """The choices for a comparison. Without a key, a small one that is unique in both results is taken, and if
    there is none, rows are matched by position."""

    key: Key | None = None
    tolerance: Tolerance = EXACTLY


class CompareResults(Protocol):
    """The comparison of two results, away from the event loop and with a low priority."""

    async def __call__(
        self, before: StoredBody, after: StoredBody, choices: ComparisonChoices, /
    ) -> Result[ResultComparison, ComparisonRefused]:
        """Compare two stored results. Cancelling the call ends the work at once."""
        ...
