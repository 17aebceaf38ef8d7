"""Wire schemas of reproductions."""

from enum import StrEnum
from typing import Final
from uuid import UUID

from attrs import field, frozen

from adapters.http.wire.schemas.executions import EXECUTION_ID
from adapters.http.wire.schemas.metadata import describe
from domain.reproduction import Aspect, Obstacle

REPRODUCTION_ID: Final = "0199c5f9-7d20-7a4e-b1d8-0c2f4e6a8b90"


class ReproductionStatus(StrEnum):
    """State of a reproduction."""

    PENDING = "pending"
    RUNNING = "running"
    FINISHED = "finished"


@frozen(kw_only=True)
class Difference:
    """The first difference between an execution and its replay, or between its record and what is stored of it."""

    of: Aspect = field(
        metadata=describe(
            "`outcome`, `result` or `error`: the replay has another one. `stored-result`, `stored-error`: the stored "
            "content of the execution is not the recorded one."
        )
    )
    expected: str = field(
        metadata=describe("For an outcome `succeeded` or the kind of error, otherwise a SHA-256: as it was recorded.")
    )
    actual: str = field(
        metadata=describe("The same of the replay, or of what is stored: `unreadable` if it cannot be decoded.")
    )
    byte: int | None = field(
        metadata=describe(
            "Offset of the first byte in which the stored result and that of the replay differ; null if they are the "
            "same, if one is missing or unreadable, or if no result is concerned."
        )
    )
    expected_excerpt: str | None = field(
        metadata=describe(
            "The execution's result around that byte, or the replay's if the stored one is not the recorded one; at "
            "most 80 characters. Null in the response to the request that started the reproduction."
        )
    )
    actual_excerpt: str | None = field(metadata=describe("The other of the two results around that byte, likewise."))


@frozen(kw_only=True)
class Inconclusive:
    """The reason why a finished replay proves nothing."""

    reason: Obstacle = field(
        metadata=describe(
            "`no-run`: the replay was cancelled, or lost its workers. `engine`: it ran on another release of the "
            "engine. `circumstances`: a worker of an earlier release ran it with another clock and seed. `time-limit`: "
            "one of the two runs was stopped because it took too long. `content-removed`: an earlier release recorded "
            "no digest of the error, and its text was removed."
        )
    )
    expected: str | None = field(metadata=describe("Engine or outcome of the execution, if the reason is about it."))
    actual: str | None = field(metadata=describe("Engine or outcome of the replay, if the reason is about it."))


@frozen(kw_only=True)
class Reproduction:
    """The reproduction of an execution: a replay of it on the same script version, and their comparison."""

    id: UUID = field(metadata=describe("Id of the reproduction, which is that of the replay.", REPRODUCTION_ID))
    execution_id: UUID = field(metadata=describe("Id of the execution that is reproduced.", EXECUTION_ID))
    execution: str = field(metadata=describe("Path of that execution.", f"/v1/executions/{EXECUTION_ID}"))
    replay: str = field(metadata=describe("Path of the replay.", f"/v1/executions/{REPRODUCTION_ID}"))
    status: ReproductionStatus = field(metadata=describe("State of the reproduction.", "finished"))
    reproduced: bool | None = field(
        metadata=describe(
            "True if the replay has the recorded outcome, to the byte; false if there is a difference; null before "
            "the replay has finished, and if it proves nothing.",
            True,
        )
    )
    difference: Difference | None = field(metadata=describe("The first difference; null if there is none."))
    inconclusive: Inconclusive | None = field(
        metadata=describe("The reason why the finished replay proves nothing; null otherwise.")
    )
