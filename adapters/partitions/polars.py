"""The library for tables, which is an extra: functions import it when a table is read or written, and never before."""

from importlib.util import find_spec

from adapters.partitions.faults import refused
from domain.partitions import InputFault


def require_polars() -> None:
    """Check that Polars is installed. Raises `TaskRefused`."""
    if find_spec("polars") is None:
        raise refused(
            InputFault.INPUT_MALFORMED,
            "CSV, Parquet and Arrow need Polars, which is not installed on a worker of the job; install the extra "
            "`tables` (requirements.lock), or use json or ndjson",
        )
