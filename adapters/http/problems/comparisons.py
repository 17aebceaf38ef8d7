"""Problem details of comparisons that were refused or given up."""

from collections.abc import Iterable, Mapping
from typing import Final, assert_never

from adapters.http.problems.details import ProblemDetails
from adapters.http.problems.quoting import quotable
from adapters.http.problems.retrying import RETRY_SECONDS, retrying
from application.executions.compare import NotComparable
from domain.comparison.json_text import json_text
from domain.comparison.report import ComparisonStopped, KeyNotUnique, KeyNotUsable, NotTables, StopReason
from domain.hint import hint

_CODES: Final[Mapping[StopReason, str]] = {
    StopReason.TIME: "comparison-too-long",
    StopReason.MEMORY: "comparison-too-large",
    StopReason.NUMBER_RANGE: "number-not-comparable",
    StopReason.UNREADABLE: "result-unreadable",
}
"""All others are of the service's own making, and may pass."""


def not_comparable(refusal: NotComparable) -> ProblemDetails:
    """Map the reason to problem details, which name the execution that it is about."""
    match refusal.reason:
        case KeyNotUnique(key=key, is_before=is_before, rows=(first, second), values=values):
            texts = {"columns": _listed(key), "values": _listed(map(json_text, values))}
            message = hint("key-not-unique", id=_id(refusal, is_before), first=first, second=second, **texts)
            return ProblemDetails(message)
        case KeyNotUsable(column=column, is_before=is_before, row=row):
            facts = {"id": _id(refusal, is_before), "column": quotable(column)}
            return ProblemDetails(hint("key-not-usable", row=row, **facts))
        case NotTables(is_before=is_before):
            return ProblemDetails(hint("not-a-table", id=_id(refusal, is_before)))
        case ComparisonStopped(reason=reason):
            if reason not in _CODES:
                return retrying("comparison-unavailable", RETRY_SECONDS)
            return ProblemDetails(hint(_CODES[reason]))
        case _:
            assert_never(refusal.reason)


def _id(refusal: NotComparable, is_before: bool) -> str:
    return str(refusal.command.before if is_before else refusal.command.after)


def _listed(texts: Iterable[str]) -> str:
    return quotable(", ".join(texts))
