"""The request of a job: input and output in stores, their formats, the cut into partitions, merge and verification."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Final

from attrs import field, frozen
from returns.result import Failure, Result, Success

from domain.comparison.values import Tolerance
from domain.limits import MIB
from domain.stores import Folder, ObjectPattern

DEFAULT_PARTITION_BYTES: Final = 32 * MIB
MIN_PARTITION_BYTES: Final = 64 * 1024
MAX_PARTITION_BYTES: Final = 256 * MIB
DEFAULT_VERIFIED_ROWS: Final = 2_000
MAX_VERIFIED_ROWS: Final = 20_000
DEFAULT_TOLERANCE: Final = Tolerance(relative=Decimal("1e-9"))
MAX_COLUMNS: Final = 2_000


class DataFormat(StrEnum):
    """Format of objects. The values are part of the wire format."""

    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"
    PARQUET = "parquet"
    ARROW = "arrow"


class Compression(StrEnum):
    """Compression of an object as a whole."""

    NONE = "none"
    GZIP = "gzip"
    ZSTD = "zstd"


class ColumnType(StrEnum):
    """Type of a CSV column. The values are part of the wire format."""

    NUMBER = "number"
    STRING = "string"
    BOOLEAN = "boolean"


class Integers(StrEnum):
    """The form in which 64-bit integers of Parquet and Arrow reach a script. The values are part of the wire format."""

    NUMBERS = "numbers"
    STRINGS = "strings"


class Merge(StrEnum):
    """The way from partial results to the output. The values are part of the wire format."""

    CONCATENATE = "concatenate"
    SCRIPT = "script"
    NONE = "none"


@frozen(kw_only=True)
class CsvOptions:
    """The dialect of CSV objects. Without a header, columns are called `column_1`, `column_2`, … `types` has those of
    columns whose type is not to be inferred. Without
    `has_newlines_in_fields`, a line break always ends a row; with it, objects are read as streams."""

    delimiter: str = ","
    encoding: str = "utf-8"
    decimal: str = "."
    has_header: bool = True
    has_newlines_in_fields: bool = False
    types: Mapping[str, ColumnType] = field(factory=dict, hash=False)


@frozen(kw_only=True)
class JobInput:
    """The objects to read, in the order of their paths. Without a format, the extension of each tells it. `columns`
    selects columns of CSV, Parquet and Arrow; None takes all."""

    pattern: ObjectPattern
    format: DataFormat | None = None
    csv: CsvOptions = CsvOptions()
    columns: tuple[str, ...] | None = None
    integers: Integers = Integers.NUMBERS


def is_stream(data_format: DataFormat, compression: Compression, csv: CsvOptions) -> bool:
    """Tell whether an object has no parts that can be read by themselves."""
    if data_format in (DataFormat.PARQUET, DataFormat.ARROW):
        return False
    is_long = data_format is DataFormat.CSV and csv.has_newlines_in_fields
    return compression is not Compression.NONE or data_format is DataFormat.JSON or is_long


@frozen
class JobOutput:
    """The folder to write, which must be empty, and the format of its objects, any but Arrow."""

    folder: Folder
    format: DataFormat


@frozen
class Verification:
    """The check that partitions and merge do not change the result, over the first `rows`, within a tolerance: sums of
    64-bit floats depend on the order of their terms in the last digits."""

    rows: int = DEFAULT_VERIFIED_ROWS
    tolerance: Tolerance = DEFAULT_TOLERANCE


@frozen(kw_only=True)
class JobRequest:
    """The whole request. A `verification` of None was skipped on the client's wish."""

    input: JobInput
    output: JobOutput
    merge: Merge
    partition_bytes: int = DEFAULT_PARTITION_BYTES
    verification: Verification | None = Verification()


class RequestFault(StrEnum):
    """Fault of a request. The values are the codes of hints."""

    DELIMITER = "csv-delimiter"
    DECIMAL = "csv-decimal"
    ENCODING = "csv-encoding"
    UNKNOWN_FORMAT = "unknown-format"
    MERGE_WITHOUT_ROWS = "merge-of-one-object"


@frozen
class InvalidJobRequest:
    """The members at `pointer` (RFC 6901) contradict each other or the service."""

    pointer: str
    fault: RequestFault


_EXTENSIONS: Final = {
    "json": DataFormat.JSON,
    "ndjson": DataFormat.NDJSON,
    "jsonl": DataFormat.NDJSON,
    "csv": DataFormat.CSV,
    "tsv": DataFormat.CSV,
    "parquet": DataFormat.PARQUET,
    "arrow": DataFormat.ARROW,
    "feather": DataFormat.ARROW,
}
_COMPRESSIONS: Final = {"gz": Compression.GZIP, "zst": Compression.ZSTD}
ENCODINGS: Final = ("utf-8", "iso-8859-1", "windows-1252")


def compression_of(path: str) -> Compression:
    """Tell the compression of an object by its extension."""
    return _COMPRESSIONS.get(_extension(path), Compression.NONE)


def format_of(path: str) -> DataFormat | None:
    """Tell the format of an object by its extension, before one of a compression; None if it is not known."""
    stem = path if compression_of(path) is Compression.NONE else path.rpartition(".")[0]
    return _EXTENSIONS.get(_extension(stem))


def _extension(path: str) -> str:
    """Return what follows the last dot of a name, unless that begins the name."""
    stem, _, extension = path.rpartition("/")[2].rpartition(".")
    return extension.lower() if stem else ""


def checked(request: JobRequest) -> Result[JobRequest, InvalidJobRequest]:
    """Check what no single member shows."""
    fault = next(iter(_faults(request)), None)
    return Success(request) if fault is None else Failure(fault)


def _faults(request: JobRequest) -> list[InvalidJobRequest]:
    csv, given = request.input.csv, request.input
    wrong = (
        (not _is_delimiter(csv.delimiter), "/input/csv/delimiter", RequestFault.DELIMITER),
        (csv.decimal not in (".", ",") or csv.decimal == csv.delimiter, "/input/csv/decimal", RequestFault.DECIMAL),
        (csv.encoding not in ENCODINGS, "/input/csv/encoding", RequestFault.ENCODING),
        (
            given.format is None and given.pattern.is_single and format_of(given.pattern.path.value) is None,
            "/input/format",
            RequestFault.UNKNOWN_FORMAT,
        ),
        (
            request.merge is Merge.NONE and request.output.format is DataFormat.JSON,
            "/merge",
            RequestFault.MERGE_WITHOUT_ROWS,
        ),
    )
    return [InvalidJobRequest(pointer, fault) for is_wrong, pointer, fault in wrong if is_wrong]


def _is_delimiter(text: str) -> bool:
    return len(text) == 1 and text.isascii() and text not in '"\r\n'
