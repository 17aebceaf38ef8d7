"""The rows of a partition, as a script gets them."""

from attrs import field, frozen

from domain.partitions import PartitionRange
from domain.warnings import ExecutionWarning


@frozen(kw_only=True)
class Rows:
    """The JSON text of the array of rows, their number, the range that they take, and size and digest of its bytes."""

    text: bytes = field(repr=False)
    count: int
    range: PartitionRange
    size_bytes: int
    sha256: str
    warnings: tuple[ExecutionWarning, ...] = ()
