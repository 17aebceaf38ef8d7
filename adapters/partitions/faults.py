"""Refusals of data within a task: raised where they are found, on any thread, and reported where the task ends."""

from domain.partitions import PartitionError, PartitionErrorKind, partition_error


class TaskRefused(Exception):
    """The data or the script made the task fail. The reason may quote the data, so the text of the exception is its
    kind alone."""

    def __init__(self, error: PartitionError) -> None:
        super().__init__(error.kind)
        self.error = error


def refused(kind: PartitionErrorKind, message: str, line: int | None = None, column: str | None = None) -> TaskRefused:
    """Build a refusal."""
    return TaskRefused(partition_error(kind, message, line, column))
