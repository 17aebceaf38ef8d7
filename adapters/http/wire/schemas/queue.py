"""Wire schemas of the queue."""

from uuid import UUID

from attrs import field, frozen
from attrs.validators import ge

from adapters.http.wire.schemas.metadata import describe
from adapters.http.wire.schemas.scripts import SCRIPT_ID
from domain.queue_state import WaitReason


@frozen(kw_only=True)
class QueuedScript:
    """A script with executions that wait or run."""

    id: UUID = field(metadata=describe("Script id.", SCRIPT_ID))
    name: str = field(metadata=describe("Script name.", "corporate-cards"))


@frozen(kw_only=True)
class ScriptQueue:
    """Executions of a script that wait and run."""

    script: QueuedScript = field(metadata=describe("The script."))
    waiting: int = field(
        validator=ge(0), metadata=describe("Executions that wait, without replays; no more than 10,000 are counted.", 7)
    )
    running: int = field(validator=ge(0), metadata=describe("Executions that run.", 4))


@frozen(kw_only=True)
class Queue:
    """Executions that wait and run."""

    waiting: int = field(
        validator=ge(0),
        metadata=describe("Executions that wait, without replays; of a script no more than 10,000 are counted.", 7),
    )
    running: int = field(validator=ge(0), metadata=describe("Executions that run; no more than 10,000 are counted.", 4))
    oldest_wait_seconds: float | None = field(
        metadata=describe("Time for which the oldest of them has waited; null if none waits.", 12.5)
    )
    reason: WaitReason | None = field(
        metadata=describe(
            "Reason why executions wait: `no_workers`, none was seen lately; `slots_busy`, all slots of the workers "
            "are in use. Null if none waits, or a worker is about to take it.",
            "slots_busy",
        )
    )
    scripts: tuple[ScriptQueue, ...] = field(
        metadata=describe(
            "The 20 scripts with the most executions that wait, then with the most that run.",
            [{"script": {"id": SCRIPT_ID, "name": "corporate-cards"}, "waiting": 7, "running": 4}],
        )
    )
