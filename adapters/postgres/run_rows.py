"""Conversion of the facts of a run, and of its error, to columns of its execution and back."""

from typing import Any, Final

from adapters.postgres.connections import Row
from adapters.postgres.json_columns import JsonColumn
from adapters.postgres.warnings import number_warnings_from, run_warnings_from, warnings_json
from domain.engine import has_exact_positions
from domain.outcome import ErrorKind, Measures, Provenance, ScriptError
from domain.warnings import ExecutionWarning, NumberWarning, RunWarning

PROVENANCE: Final = JsonColumn(Provenance, "engine", "measures", "warnings")


def provenance_from(row: Row) -> Provenance | None:
    """Read the facts of a run; None if none was completed."""
    if row["engine"] is None:
        return None
    measures = Measures(row["wall_ms"], row["cpu_ms"], row["peak_memory_bytes"])
    warnings: tuple[ExecutionWarning, ...] = (
        *number_warnings_from(row["output_warnings"]),
        *run_warnings_from(row["run_warnings"]),
    )
    return Provenance(row["engine"], measures, warnings, **PROVENANCE.load(row["provenance"]))


def provenance_columns(provenance: Provenance | None) -> dict[str, Any]:
    """Collect the columns of the facts of a run; none without a run."""
    if provenance is None:
        return {}
    measures = provenance.measures
    return {
        "engine": provenance.engine,
        "wall_ms": measures.wall_ms,
        "cpu_ms": measures.cpu_ms,
        "peak_memory_bytes": measures.peak_memory_bytes,
        "output_warnings": warnings_json([one for one in provenance.warnings if isinstance(one, NumberWarning)]),
        "run_warnings": warnings_json([one for one in provenance.warnings if isinstance(one, RunWarning)]),
        "provenance": PROVENANCE.dump(provenance),
    }


def error_from(row: Row) -> ScriptError:
    """Read the error of a failed execution."""
    return ScriptError(
        kind=ErrorKind(row["error_kind"]),
        message=row["error_message"],
        line=row["error_line"],
        column=row["error_column"],
        stack=row["error_stack"],
        position_is_exact=_exactness_from(row),
    )


def _exactness_from(row: Row) -> bool | None:
    """Read whether a position is exact; rows of older releases do not say, so their engine decides."""
    exact: bool | None = row["error_position_is_exact"]
    if exact is None and row["error_line"] is not None:
        return has_exact_positions(row["engine"] or "")
    return exact


def error_columns(error: ScriptError) -> dict[str, Any]:
    """Collect the columns of an error."""
    return {
        "error_kind": error.kind.value,
        "error_message": error.message,
        "error_line": error.line,
        "error_column": error.column,
        "error_stack": error.stack,
        "error_position_is_exact": error.position_is_exact,
    }
