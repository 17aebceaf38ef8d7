"""Wire schemas of the service's limits."""

from typing import Final

from attrs import asdict, field, frozen

from adapters.http.wire.schemas.metadata import describe
from adapters.http.wire.schemas.scripts import Limits
from domain.batch_lines import MAX_BATCH_LINES
from domain.engine import DEFAULT_ENGINE, EngineName
from domain.job_requests import (
    DEFAULT_PARTITION_BYTES,
    MAX_PARTITION_BYTES,
    MAX_VERIFIED_ROWS,
    MIN_PARTITION_BYTES,
)
from domain.limits import CEILINGS, DEFAULTS, FLOORS, MIB
from domain.versions import MAX_SOURCE_BYTES

_DATASET_BYTES: Final = 64 * MIB
_RUNS: Final = {"default": asdict(DEFAULTS), "minimum": asdict(FLOORS), "maximum": asdict(CEILINGS)}
_PARTITIONS: Final = {"least": MIN_PARTITION_BYTES, "most": MAX_PARTITION_BYTES, "default": DEFAULT_PARTITION_BYTES}


@frozen(kw_only=True)
class RunLimits:
    """Limits of runs: those of a version that names none, and the range that a version may choose from."""

    default: Limits = field(metadata=describe("Limits of a version that names none."))
    minimum: Limits = field(metadata=describe("Smallest limits that a version may have."))
    maximum: Limits = field(metadata=describe("Largest limits that a version may have."))


@frozen(kw_only=True)
class PartitionBytes:
    """Sizes of the partitions of a job: that of a job that names none, and the range that a job may choose from."""

    least: int = field(metadata=describe("Smallest size that a job may name.", MIN_PARTITION_BYTES))
    most: int = field(metadata=describe("Largest size that a job may name.", MAX_PARTITION_BYTES))
    default: int = field(metadata=describe("Size for a job that names none.", DEFAULT_PARTITION_BYTES))


@frozen(kw_only=True)
class ServiceLimits:
    """Limits that the operator has set for this service."""

    dataset_bytes: int = field(
        metadata=describe(
            "Maximum size of a dataset, or of all lines of a batch, in bytes, after decompression.", _DATASET_BYTES
        )
    )
    batch_lines: int = field(metadata=describe("Maximum number of lines of a batch.", MAX_BATCH_LINES))
    source_bytes: int = field(
        metadata=describe("Maximum size of a script's source in bytes, after decompression.", MAX_SOURCE_BYTES)
    )
    runs: RunLimits = field(metadata=describe("Limits of runs.", _RUNS))
    partition_bytes: PartitionBytes = field(metadata=describe("Sizes of partitions of jobs, in bytes.", _PARTITIONS))
    verified_rows: int = field(
        metadata=describe("Maximum number of rows over which a job is verified.", MAX_VERIFIED_ROWS)
    )
    engines: tuple[EngineName, ...] = field(
        metadata=describe("JavaScript engines that a version may name.", list(EngineName))
    )
    default_engine: EngineName = field(metadata=describe("Engine of a version that names none.", DEFAULT_ENGINE.value))
