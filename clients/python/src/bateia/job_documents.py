"""Jobs as frozen values: what is asked for, and what the service says about one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bateia.documents import Document, without_none
from bateia.texts import say


@dataclass(frozen=True)
class JobRequest:
    """A job over the objects at `input`, such as `files://in/*.ndjson`, into the folder at `output`.

    `verify` is "skip", or the number of first rows to verify with; the service chooses what is None.
    """

    input: str
    output: str
    format: str = "ndjson"
    merge: str = "concatenate"
    input_format: str | None = None
    csv: Mapping[str, Any] | None = None
    columns: Sequence[str] | None = None
    integers: str | None = None
    partition_bytes: int | None = None
    verify: int | str | None = None
    tolerance: Mapping[str, float] | None = None

    @property
    def document(self) -> Document:
        """The document of the request."""
        reading = {"url": self.input, "format": self.input_format, "csv": self.csv, "integers": self.integers}
        members = {
            "input": without_none({**reading, "columns": list(self.columns) if self.columns else None}),
            "output": {"url": self.output, "format": self.format},
            "merge": self.merge,
            "partition": without_none({"bytes": self.partition_bytes}) or None,
            "verify": self._verification,
        }
        return without_none(members)

    @property
    def _verification(self) -> Any:
        if self.verify == "skip":
            return "skip"
        return without_none({"rows": self.verify, "tolerance": self.tolerance}) or None


@dataclass(frozen=True)
class JobError:
    """The error of a job. `partition` is the number of the first one that failed, if it is about one."""

    kind: str
    message: str
    partition: int | None = None

    def __str__(self) -> str:
        place = "" if self.partition is None else say(" in partition {number}", number=self.partition)
        return f"{self.kind}{place}: {self.message}"


@dataclass(frozen=True)
class Job:
    """A job. `progress` goes from 0 to 1; `partitions_total` is None while it is not known."""

    id: str
    script: str
    version: int
    status: str
    phase: str | None
    output: str
    progress: float
    partitions_done: int
    partitions_failed: int
    partitions_total: int | None
    finished_at: str | None
    error: JobError | None
    document: Document = field(repr=False)

    @property
    def has_finished(self) -> bool:
        """Tell whether it has ended."""
        return self.finished_at is not None

    @property
    def has_succeeded(self) -> bool:
        """Tell whether there is an output."""
        return self.status == "succeeded"


def job(document: Document) -> Job:
    """Read a job."""
    error, partitions = document["error"], document["partitions"]
    return Job(
        id=document["id"],
        script=document["script"]["name"],
        version=document["script"]["version"],
        status=document["status"],
        phase=document["phase"],
        output=document["output"]["url"],
        progress=document["progress"],
        partitions_done=partitions["done"],
        partitions_failed=partitions["failed"],
        partitions_total=partitions["total"],
        finished_at=document["finished_at"],
        error=JobError(error["kind"], error["message"], error["partition"]) if error else None,
        document=document,
    )
