"""Removal of an execution's content: its dataset, result and logs are deleted, its record stays.

The remaining record must not quote the content, so script messages, stacks and dataset pointers are redacted. Digests
and sizes stay: they identify the content to anyone who still has it. An error of an earlier release, which recorded no
digest of it, gets one now.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, assert_never

from attrs import evolve

from domain.execution import (
    Execution,
    Failed,
    Finished,
    Pending,
    Running,
    Submission,
    Succeeded,
)
from domain.outcome import ErrorKind, Provenance, ScriptError
from domain.partitions import Partition
from domain.recorded import recorded_error_sha256
from domain.warnings import ExecutionWarning, NumberWarning

MESSAGE_REMOVED: Final = "the message was removed with the content"
SCRIPT_AUTHORED_KINDS: Final = (ErrorKind.SCRIPT_ERROR, ErrorKind.INVALID_RESULT)
"""Error kinds whose messages come from a script; all other messages come from the service."""


def remove_content(finished: Finished, at: datetime) -> Finished:
    """Redact an execution whose content is removed. Removing it again changes nothing."""
    if finished.content_removed_at is not None:
        return finished
    removed_at = max(at, finished.finished_at)
    submission = _redact_warnings(finished.submission)
    match finished:
        case Succeeded(provenance=provenance):
            provenance = _redact_provenance(provenance)
            return evolve(finished, submission=submission, provenance=provenance, content_removed_at=removed_at)
        case Failed(provenance=run):
            run = None if run is None else _redact_provenance(run)
            return evolve(
                finished,
                submission=submission,
                provenance=run,
                error=_redact_message(finished.error),
                error_sha256=recorded_error_sha256(finished),
                content_removed_at=removed_at,
            )
        case _:
            assert_never(finished)


def redact_partition(partition: Partition) -> Partition:
    """Redact a partition of a job whose content is removed: the place and the message of its error, and pointers."""
    result, error = partition.result, partition.error
    if result is not None:
        result = evolve(result, warnings=tuple(_redact_warning(one) for one in result.warnings))
    if error is not None:
        error = evolve(error, message="", line=None, column=None)
    return evolve(partition, result=result, error=error)


def quotes_content(execution: Execution) -> bool:
    """Check whether an execution's record, which has no logs, quotes its content and would be redacted by a removal."""
    match execution:
        case Pending() | Running():
            return _names_members(execution.submission.warnings)
        case Succeeded(submission=submission, provenance=run):
            return _names_members(submission.warnings) or _names_members(run.warnings)
        case Failed(submission=submission, provenance=run, error=error):
            is_quoted = _names_members(submission.warnings) or _redact_message(error) != error
            return is_quoted or (run is not None and _names_members(run.warnings))
        case _:
            assert_never(execution)


def _names_members(warnings: Iterable[ExecutionWarning]) -> bool:
    return any(isinstance(one, NumberWarning) and one.first_pointer is not None for one in warnings)


def _redact_warnings(submission: Submission) -> Submission:
    return evolve(submission, warnings=tuple(_redact_pointer(one) for one in submission.warnings))


def _redact_provenance(run: Provenance) -> Provenance:
    return evolve(run, warnings=tuple(_redact_warning(one) for one in run.warnings))


def _redact_warning(warning: ExecutionWarning) -> ExecutionWarning:
    return _redact_pointer(warning) if isinstance(warning, NumberWarning) else warning


def _redact_pointer(warning: NumberWarning) -> NumberWarning:
    """Drop a pointer, which names members of the dataset."""
    return evolve(warning, first_pointer=None)


def _redact_message(error: ScriptError) -> ScriptError:
    message = MESSAGE_REMOVED if error.kind in SCRIPT_AUTHORED_KINDS else error.message
    return evolve(error, message=message, stack=None)
