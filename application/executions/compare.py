"""Compare the results of two executions."""

from typing import TypeAlias
from uuid import UUID

from attrs import field, frozen
from returns.result import Failure, Result, Success

from application.executions.read import ResultUnavailable, StoredContent, read_result
from application.ports.comparison import CompareResults, ComparisonChoices
from application.ports.executions import Executions
from domain.comparison.report import (
    ComparisonRefused,
    ComparisonStopped,
    ResultComparison,
    StopReason,
    ValueComparison,
)
from domain.execution import Submission


@frozen
class Compare:
    """Compare the result of an execution with that of another one, which comes after it."""

    before: UUID
    after: UUID
    choices: ComparisonChoices


@frozen
class Compared:
    """The comparison, and the executions whose results it quotes."""

    before: Submission
    after: Submission
    comparison: ResultComparison = field(repr=False)


@frozen
class NotComparable:
    """The results of two executions were not compared."""

    command: Compare
    reason: ComparisonRefused


ComparisonUnavailable: TypeAlias = ResultUnavailable | NotComparable


@frozen
class ComparisonUseCases:
    """Compare results."""

    executions: Executions
    compare_results: CompareResults

    async def compare(self, command: Compare) -> Result[Compared, ComparisonUnavailable]:
        """Compare two results. Those with the same digest are equal, and are not read."""
        before = await read_result(self.executions, command.before)
        if isinstance(before, Failure):
            return before
        after = await read_result(self.executions, command.after)
        if isinstance(after, Failure):
            return after
        return await self._compare(before.unwrap(), after.unwrap(), command)

    async def _compare(
        self, before: StoredContent, after: StoredContent, command: Compare
    ) -> Result[Compared, ComparisonUnavailable]:
        if before.digest == after.digest:
            return Success(Compared(before.submission, after.submission, ValueComparison(0, ())))
        try:
            left, right = await before.fetch(), await after.fetch()
        except ValueError:  # one does not decrypt
            return Failure(NotComparable(command, ComparisonStopped(StopReason.UNREADABLE)))
        if isinstance(left, Failure):
            return left
        if isinstance(right, Failure):
            return right
        compared = await self.compare_results(left.unwrap(), right.unwrap(), command.choices)
        return compared.map(lambda one: Compared(before.submission, after.submission, one)).alt(
            lambda reason: NotComparable(command, reason)
        )
