"""Batches for tests, ready to be stored."""

from collections.abc import Sequence
from uuid import UUID

from attrs import evolve

from application.ports.batches import NewBatch
from application.ports.executions import OPEN, ExecutionFilter, Executions, Expected
from domain.batch_lines import BatchPlace
from domain.batches import Batch
from domain.body import Body
from domain.execution import Attribution, Execution
from domain.idempotency import RequestFingerprint
from domain.versions import ScriptVersion
from tests.support.values import NOON, a_body, a_pending, an_id


def a_batch(
    version: ScriptVersion,
    lines: int = 3,
    request: RequestFingerprint | None = None,
    expected: Expected = OPEN,
    datasets: Sequence[Body] = (),
) -> NewBatch:
    """Create a batch of a version over so many datasets, or over these. Every line but the first has a reference."""
    batch_id, bodies = an_id(), datasets or [a_body(b"[%d]" % line) for line in range(1, lines + 1)]
    pending = [a_pending(version, dataset=body) for body in bodies]
    placed = [
        evolve(one, submission=evolve(one.submission, attribution=_attribution(batch_id, line)))
        for line, one in enumerate(pending, 1)
    ]
    batch = Batch(id=batch_id, script=placed[0].submission.script, lines=len(placed), submitted_at=NOON)
    return NewBatch(batch=batch, executions=placed, datasets=bodies, request=request, expected=expected)


async def executions_of(executions: Executions, batch_id: UUID) -> list[Execution]:
    """Read the executions of a batch in the order of their lines."""
    newest_first = await executions.page(ExecutionFilter(batch=batch_id), None, 10_000)
    return list(reversed(newest_first))


def _attribution(batch_id: UUID, line: int) -> Attribution:
    return Attribution(batch=BatchPlace(batch_id, line, None if line == 1 else f"ref-{line}"))
