"""The comparison of a script over rows as one piece and over the same rows cut at random places.

    merge([process(a), process(b), …]) = process(a ++ b ++ …)

Where no merge is defined, the arrays that `process` returns are concatenated in its place. A script for which this does
not hold would give a result that depends on the cuts.
"""

import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from adapters.partitions.first_rows import first_rows
from adapters.partitions.merging import concatenated, merged
from adapters.partitions.results import write_text
from adapters.partitions.sandbox import Text, run_script
from adapters.partitions.tools import Tools
from application.ports.job_tasks import PartialResult, Verified, VerifyTask
from application.ports.sandbox import PartCall
from domain.body import digest

_MOST_PIECES: Final = 5


async def verify(tools: Tools, task: VerifyTask) -> Verified:
    """Run a script over the first rows in both ways, and store the results if they differ."""
    rows = await first_rows(tools, task.input, task.objects, task.rows)
    if not rows:
        nothing = digest(b"")
        return Verified(PartialResult(task.whole, nothing.sha256, 0), PartialResult(task.pieces, nothing.sha256, 0), 0)
    whole = await _processed(tools, task, rows, PartCall(0, 1))
    pieces = await _in_pieces(tools, task, cut(rows, task.script.circumstances.seed))
    if whole == pieces:
        same = digest(whole)
        one, other = (PartialResult(url, same.sha256, same.size_bytes) for url in (task.whole, task.pieces))
        return Verified(one, other, len(rows))
    return Verified(
        await write_text(tools.stores, task.whole, whole),
        await write_text(tools.stores, task.pieces, pieces),
        len(rows),
    )


def cut(rows: Sequence[bytes], seed: str) -> list[Sequence[bytes]]:
    """Cut rows at places that follow from a seed: into two to five pieces, none of them empty, or one of one row."""
    chance = random.Random(f"bateia verification {seed}")  # noqa: S311 - the cuts are no secret
    count = min(len(rows), chance.randint(2, _MOST_PIECES))
    cuts = sorted(chance.sample(range(1, len(rows)), count - 1))
    return [rows[start:end] for start, end in pairwise((0, *cuts, len(rows)))]


async def _in_pieces(tools: Tools, task: VerifyTask, pieces: Sequence[Sequence[bytes]]) -> bytes:
    results = [
        await _processed(tools, task, piece, PartCall(number, len(pieces))) for number, piece in enumerate(pieces)
    ]
    if not task.has_merge:
        return concatenated(results)
    return await tools.bodies.decode(await merged(tools, task.script, results))


async def _processed(tools: Tools, task: VerifyTask, rows: Sequence[bytes], call: PartCall) -> bytes:
    text = b"[%b]" % b",".join(rows)
    result, _ = await run_script(tools.run_task, task.script, Text(text, digest(text).sha256), call)
    return await tools.bodies.decode(result)
