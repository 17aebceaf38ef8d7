"""The port `ReadVersionUsage` of the store in memory."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from attrs import define

from adapters.memory.rows import Rows
from adapters.memory.script_tests import MemoryScriptTests
from domain.execution import Execution, Failed
from domain.outcome import ErrorKind
from domain.version_usage import VersionUsage


@define
class MemoryVersionUsage:
    """The port `ReadVersionUsage`."""

    _rows: Rows
    _tests: MemoryScriptTests

    async def __call__(self, script_id: UUID, numbers: Sequence[int], up_to: int) -> Mapping[int, VersionUsage]:
        return {number: self._usage(script_id, number, up_to) for number in numbers}

    def _usage(self, script_id: UUID, number: int, up_to: int) -> VersionUsage:
        newest_first = (row.execution for _, row in sorted(self._rows.executions.items(), reverse=True))
        examined = [one for one in newest_first if _is_of(one, script_id, number)][:up_to]
        counted = [one for one in examined if one.submission.replay_of is None]
        kinds = Counter(one.error.kind for one in counted if isinstance(one, Failed))
        cancelled = kinds[ErrorKind.CANCELLED]
        results = Counter(one.passed for one in self._tests.tests_of(script_id, number))
        return VersionUsage(
            executions=len(counted),
            failed=kinds.total() - cancelled,
            cancelled=cancelled,
            is_complete=len(examined) < up_to,
            tests_passed=results[True],
            tests_failed=results[False],
            tests_not_run=results[None],
        )


def _is_of(execution: Execution, script_id: UUID, number: int) -> bool:
    script = execution.submission.script
    return (script.id, script.version) == (script_id, number)
