"""Reproductions: the comparison of an execution with its replay on the same script version.

A script's outcome depends on its source, its dataset, its limits, the engine and the circumstances alone, so the replay
ends as the execution did. Results and errors are compared by their digests, which outlast the content. Logs are not
compared: no digest of them is recorded.
"""

from enum import StrEnum
from typing import Final, TypeAlias

from attrs import frozen
from returns.result import Failure, Result, Success

from domain.execution import Failed, Finished, Submission, Succeeded
from domain.outcome import ErrorKind, Provenance
from domain.recorded import recorded_circumstances, recorded_error_sha256

_COMPARED_BY_KIND: Final = frozenset({ErrorKind.TIMEOUT, ErrorKind.MEMORY_LIMIT, ErrorKind.SANDBOX_VIOLATION})
"""Errors of runs that were stopped from outside: the place where that happens depends on the machine."""


class Aspect(StrEnum):
    """A property in which two executions differ. The values are part of the wire format.

    `STORED_RESULT` and `STORED_ERROR`: the stored content is not the one whose digest was recorded.
    """

    OUTCOME = "outcome"
    RESULT = "result"
    ERROR = "error"
    STORED_RESULT = "stored-result"
    STORED_ERROR = "stored-error"


class Obstacle(StrEnum):
    """A reason why a finished replay proves nothing. The values are part of the wire format.

    `CIRCUMSTANCES`: a worker of an earlier release chose its own. `TIME_LIMIT`: one of both runs was too slow.
    """

    NO_RUN = "no-run"
    ENGINE = "engine"
    CIRCUMSTANCES = "circumstances"
    TIME_LIMIT = "time-limit"
    CONTENT_REMOVED = "content-removed"


@frozen
class Reproduced:
    """The replay has the same outcome, to the byte."""


@frozen
class Difference:
    """The first difference. Results and errors are named by their SHA-256, outcomes by `succeeded` or an error kind."""

    of: Aspect
    expected: str
    actual: str


@frozen
class Inconclusive:
    """The replay is no repetition of the execution's run; `expected` and `actual` say more where that is known."""

    reason: Obstacle
    expected: str | None = None
    actual: str | None = None


Comparison: TypeAlias = Reproduced | Difference | Inconclusive


@frozen
class NothingToReproduce:
    """The execution has finished without a complete run, so there is nothing to reproduce."""

    actual: Failed


def run_of(finished: Finished) -> Result[Provenance, NothingToReproduce]:
    """Return the facts of the execution's run, unless none was completed."""
    if isinstance(finished, Failed) and finished.provenance is None:
        return Failure(NothingToReproduce(finished))
    assert finished.provenance is not None, "the case above has the others"
    return Success(finished.provenance)


def engine_release(engine: str) -> str:
    """Return the name and the version of the engine's distribution, without the version of its library."""
    return engine.partition(" (")[0]


def is_reproduction(replay: Submission, original: Submission) -> bool:
    """Tell whether an execution repeats the original over the same dataset on the same script version."""
    return (replay.replay_of, replay.script, replay.dataset) == (original.id, original.script, original.dataset)


def compare(original: Finished, replay: Finished) -> Comparison:
    """Compare an execution that has a run with its replay."""
    obstacle = _obstacle(original, replay)
    if obstacle is not None:
        return obstacle
    expected, actual = _outcome(original), _outcome(replay)
    if expected != actual:
        return Difference(Aspect.OUTCOME, expected, actual)
    return _compare_digests(original, replay)


def _obstacle(original: Finished, replay: Finished) -> Inconclusive | None:
    """Find a reason why the two runs cannot be compared."""
    first, second = original.provenance, replay.provenance
    assert first is not None, "the original has a run"
    if second is None:
        return Inconclusive(Obstacle.NO_RUN, actual=_outcome(replay))
    if engine_release(first.engine) != engine_release(second.engine):
        return Inconclusive(Obstacle.ENGINE, first.engine, second.engine)
    if recorded_circumstances(original) != recorded_circumstances(replay):
        return Inconclusive(Obstacle.CIRCUMSTANCES)
    outcomes = _outcome(original), _outcome(replay)
    if outcomes.count(ErrorKind.TIMEOUT) == 1:
        return Inconclusive(Obstacle.TIME_LIMIT, *outcomes)
    return None


def _compare_digests(original: Finished, replay: Finished) -> Comparison:
    if isinstance(original, Succeeded) and isinstance(replay, Succeeded):
        return _same_or(Aspect.RESULT, original.output.sha256, replay.output.sha256)
    assert isinstance(original, Failed), "the outcomes are the same"
    assert isinstance(replay, Failed), "the outcomes are the same"
    if original.error.kind in _COMPARED_BY_KIND:
        return Reproduced()
    expected, actual = recorded_error_sha256(original), recorded_error_sha256(replay)
    if expected is None or actual is None:
        return Inconclusive(Obstacle.CONTENT_REMOVED)
    return _same_or(Aspect.ERROR, expected, actual)


def _same_or(aspect: Aspect, expected: str, actual: str) -> Reproduced | Difference:
    return Reproduced() if expected == actual else Difference(aspect, expected, actual)


def _outcome(finished: Finished) -> str:
    return "succeeded" if isinstance(finished, Succeeded) else finished.error.kind.value
