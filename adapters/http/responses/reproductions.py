"""Reproductions as the shapes of the wire."""

from typing import assert_never

from adapters.http.responses.executions import execution_href
from adapters.http.wire.schemas import reproductions as shapes
from application.executions.read_reproduction import Examined
from application.executions.reproduce import Reproduction
from domain.execution import Execution, Failed, Pending, Running, Succeeded
from domain.reproduction import Difference, Inconclusive, Reproduced


def reproduction(found: Reproduction, examined: Examined | None, root: str, with_excerpts: bool) -> shapes.Reproduction:
    """Represent a reproduction, which is examined if it has finished."""
    original_id, replay_id = found.original.submission.id, found.replay.submission.id
    return shapes.Reproduction(
        id=replay_id,
        execution_id=original_id,
        execution=execution_href(root, original_id),
        replay=execution_href(root, replay_id),
        status=_status(found.replay),
        reproduced=_reproduced(examined),
        difference=None if examined is None else _difference(examined, with_excerpts),
        inconclusive=None if examined is None else _inconclusive(examined),
    )


def _status(replay: Execution) -> shapes.ReproductionStatus:
    match replay:
        case Pending():
            return shapes.ReproductionStatus.PENDING
        case Running():
            return shapes.ReproductionStatus.RUNNING
        case Succeeded() | Failed():
            return shapes.ReproductionStatus.FINISHED
        case _:
            assert_never(replay)


def _reproduced(examined: Examined | None) -> bool | None:
    if examined is None or isinstance(examined.comparison, Inconclusive):
        return None
    return isinstance(examined.comparison, Reproduced)


def _difference(examined: Examined, with_excerpts: bool) -> shapes.Difference | None:
    comparison, place = examined.comparison, examined.place
    if not isinstance(comparison, Difference):
        return None
    quoted = place if with_excerpts else None
    return shapes.Difference(
        of=comparison.of,
        expected=comparison.expected,
        actual=comparison.actual,
        byte=None if place is None else place.byte,
        expected_excerpt=None if quoted is None else quoted.expected,
        actual_excerpt=None if quoted is None else quoted.actual,
    )


def _inconclusive(examined: Examined) -> shapes.Inconclusive | None:
    comparison = examined.comparison
    if not isinstance(comparison, Inconclusive):
        return None
    return shapes.Inconclusive(reason=comparison.reason, expected=comparison.expected, actual=comparison.actual)
