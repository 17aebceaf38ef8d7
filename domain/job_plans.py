"""Decisions of a job's planning: the format of each object, and the ranges that can be read by themselves."""

from collections.abc import Iterator, Sequence

from attrs import evolve, frozen

from domain.job_requests import DataFormat, JobInput, compression_of, format_of, is_stream
from domain.jobs import MAX_PARTITIONS, JobError, JobErrorKind, job_error
from domain.partitions import ObjectVersion, PartitionRange, cut_by_bytes, cut_by_rows

_LISTED: frozenset[DataFormat] = frozenset({DataFormat.CSV, DataFormat.PARQUET, DataFormat.ARROW})
_TABLES: frozenset[DataFormat] = frozenset({DataFormat.PARQUET, DataFormat.ARROW})


@frozen
class NumberedObject:
    """An object by its number in the plan."""

    number: int
    version: ObjectVersion


def resolve_format(given: JobInput, path: str) -> DataFormat | None:
    """Tell the format of an object: that of the request, or else by its extension; None if neither tells it."""
    return given.format or format_of(path)


def is_read_as_stream(given: JobInput, path: str) -> bool:
    """Tell whether an object of a known format has no parts that can be read by themselves."""
    data_format = resolve_format(given, path)
    return data_format is not None and is_stream(data_format, compression_of(path), given.csv)


def needs_inspection(given: JobInput, path: str) -> bool:
    """Tell whether rows or columns of an object have to be known before it is cut."""
    return resolve_format(given, path) in _LISTED


def find_fault(given: JobInput, objects: Sequence[ObjectVersion]) -> JobError | None:
    """Find the reason why the objects that match cannot be planned."""
    if not objects:
        return job_error(JobErrorKind.INPUT_MISSING, f"no object matches {given.pattern}; check the URL of the input")
    if len(objects) > MAX_PARTITIONS:
        return too_many_partitions()
    unknown = next((one.path for one in objects if resolve_format(given, one.path) is None), None)
    if unknown is None:
        return None
    message = f"the extension of {unknown} tells no format; name it in the input, or match fewer objects"
    return job_error(JobErrorKind.INPUT_MALFORMED, message)


def too_many_partitions() -> JobError:
    """Describe an input that has too many partitions."""
    message = f"the input has more than {MAX_PARTITIONS} partitions; make partitions larger, or split the input"
    return job_error(JobErrorKind.INPUT_TOO_LARGE, message)


def ranges_of(given: JobInput, one: NumberedObject, partition_bytes: int) -> Iterator[PartitionRange]:
    """Cut an object that is no stream."""
    is_table = resolve_format(given, one.version.path) in _TABLES
    cut = (cut_by_rows if is_table else cut_by_bytes)([one.version], partition_bytes)
    return (evolve(span, object_number=one.number) for span in cut)


def with_rows(objects: Sequence[ObjectVersion], inspected: Sequence[ObjectVersion]) -> tuple[ObjectVersion, ...]:
    """Replace the objects that were inspected, which have their numbers of rows now."""
    found = {one.path: one for one in inspected}
    return tuple(found.get(one.path, one) for one in objects)
