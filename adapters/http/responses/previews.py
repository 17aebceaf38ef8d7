"""Previews as the shapes of the wire. Hints are in `language`."""

from typing import Any, assert_never

from msgspec import Raw
from returns.pipeline import is_successful
from returns.result import Result

from adapters.http.language import Language
from adapters.http.responses.comparisons import comparison
from adapters.http.responses.executions import execution_warning, run_error
from adapters.http.responses.scripts import limits, source_warning
from adapters.http.wire.schemas import executions, previews
from adapters.http.wire.schemas.comparisons import Comparison
from application.previews.preview import AgainstVersion, Previewed, have_same_error
from domain.comparison.report import ComparisonRefused, ResultComparison
from domain.outcome import Produced, Rejected, Run

_NOTHING_COMPARED: dict[str, Any] = {"key": None, "rows": None, "columns": None, "differences": ()}


def preview(shown: Previewed, result: bytes | None, language: Language) -> previews.Preview:
    """Represent a preview, with the JSON text of its result."""
    run, measures = shown.run, shown.run.provenance.measures
    state, error = _outcome(run, language)
    warnings = (*shown.dataset_warnings, *run.provenance.warnings)
    return previews.Preview(
        state=state,
        result=None if result is None else Raw(result),
        error=error,
        logs=tuple(executions.LogLine(level=one.level, message=one.message) for one in run.logs.lines),
        logs_truncated=run.logs.truncated,
        warnings=tuple(map(execution_warning, warnings)),
        source_warnings=tuple(source_warning(one, language) for one in shown.source_warnings),
        wall_ms=measures.wall_ms,
        cpu_ms=measures.cpu_ms,
        peak_memory_bytes=measures.peak_memory_bytes,
        engine=run.provenance.engine,
        limits=limits(shown.limits),
        clock=shown.circumstances.clock,
        seed=shown.circumstances.seed,
        differences=None if shown.against is None else _differences(run, shown.against, language),
    )


def _outcome(run: Run, language: Language) -> tuple[previews.PreviewState, executions.RunError | None]:
    match run.outcome:
        case Produced():
            return previews.PreviewState.SUCCEEDED, None
        case Rejected(error=error):
            return previews.PreviewState.FAILED, run_error(error, language)
        case _:
            assert_never(run.outcome)


def _differences(run: Run, against: AgainstVersion, language: Language) -> previews.PreviewDifferences:
    state, error = _outcome(against.run, language)
    is_same = against.comparison is None and have_same_error(against.run, run)
    return previews.PreviewDifferences(
        against_version=against.version, state=state, error=error, **_members(against.comparison, is_same)
    )


def _members(compared: Result[ResultComparison, ComparisonRefused] | None, is_same: bool) -> dict[str, Any]:
    if compared is None:
        outcome = {"kind": previews.DifferencesKind.OUTCOME, "equal": is_same, "count": 0 if is_same else 1}
        return _NOTHING_COMPARED | outcome
    if not is_successful(compared):
        return _NOTHING_COMPARED | {"kind": previews.DifferencesKind.STOPPED, "equal": False, "count": None}
    return _of_comparison(comparison(compared.unwrap()))


def _of_comparison(found: Comparison) -> dict[str, Any]:
    return {
        "kind": previews.DifferencesKind(found.kind),
        "equal": found.equal,
        "key": found.key,
        "rows": found.rows,
        "columns": found.columns,
        "count": found.count,
        "differences": found.differences,
    }
