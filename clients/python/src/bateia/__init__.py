"""The client library of Bateia, which runs JavaScript pre-processing scripts over JSON datasets."""

from bateia._version import __version__
from bateia.client import AsyncClient, Client
from bateia.documents import Batch, BatchLine, Execution, LogLine, Preview, Replay, RunError
from bateia.errors import BateiaError, ExecutionFailed, InvalidDataset, Refused, TimedOut, Unreachable
from bateia.exchange import RetryPolicy
from bateia.job_documents import Job, JobError, JobRequest
from bateia.logs import LogPart
from bateia.operations import Selection, Submission
from bateia.results import NotRecords, Result
from bateia.verification import Expected, UnusableReceipt, Verification

__all__ = [
    "AsyncClient",
    "Batch",
    "BatchLine",
    "BateiaError",
    "Client",
    "Execution",
    "ExecutionFailed",
    "Expected",
    "InvalidDataset",
    "Job",
    "JobError",
    "JobRequest",
    "LogLine",
    "LogPart",
    "NotRecords",
    "Preview",
    "Refused",
    "Replay",
    "Result",
    "RetryPolicy",
    "RunError",
    "Selection",
    "Submission",
    "TimedOut",
    "Unreachable",
    "UnusableReceipt",
    "Verification",
    "__version__",
]
