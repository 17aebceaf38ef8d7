"""A run of `merge` over partial results."""

from collections.abc import Sequence
from typing import Final

from adapters.partitions.results import joined_arrays, read_result, results_too_large, write_result
from adapters.partitions.sandbox import Text, run_script
from adapters.partitions.tools import Tools
from application.ports.job_tasks import Merged, MergeTask, PartialResult, TaskScript
from application.ports.sandbox import MERGE_CALL
from domain.body import Body, digest

RESULT_OF_PROCESS: Final = "a result of process"


async def merge(tools: Tools, task: MergeTask) -> Merged:
    """Merge partial results, in their order, and store the result."""
    texts = await read_all(tools, task.results)
    result = await merged(tools, task.script, texts)
    return Merged(await write_result(tools.stores, tools.bodies, task.result, result))


async def merged(tools: Tools, script: TaskScript, texts: Sequence[bytes]) -> Body:
    """Run `merge` over the texts of partial results. Raises `ScriptRejected`."""
    text = b"[%b]" % b",".join(texts)
    result, _ = await run_script(tools.run_task, script, Text(text, digest(text).sha256), MERGE_CALL)
    return result


async def read_all(tools: Tools, results: Sequence[PartialResult]) -> list[bytes]:
    """Read results that are held together. Raises `TaskRefused` if they are too large."""
    size = sum(one.size_bytes for one in results)
    if size > tools.bounds.text_bytes:
        raise results_too_large(size, tools.bounds)
    return [await read_result(tools.stores, one) for one in results]


def concatenated(texts: Sequence[bytes]) -> bytes:
    """Concatenate the arrays that `process` returned."""
    return joined_arrays(texts, RESULT_OF_PROCESS)
