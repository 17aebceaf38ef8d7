"""Facts about a run as its execution's record gives them; what earlier releases did not record is derived."""

from typing import assert_never

from domain.circumstances import Circumstances, circumstances_of_earlier_releases
from domain.execution import Execution, Failed, Pending, Running, Succeeded, circumstances_of
from domain.outcome import error_sha256


def recorded_circumstances(execution: Execution) -> Circumstances:
    """Return the circumstances of the run, or of the next run if none has ended."""
    submission = execution.submission
    match execution:
        case Pending() | Running() | Failed(provenance=None):
            return circumstances_of(submission)
        case Succeeded(provenance=provenance) | Failed(provenance=provenance):
            assert provenance is not None, "the case above has the others"
            return provenance.circumstances or circumstances_of_earlier_releases(
                submission.script.sha256, submission.dataset, submission.submitted_at
            )
        case _:
            assert_never(execution)


def recorded_error_sha256(failed: Failed) -> str | None:
    """Return the digest of the error; None if an earlier release recorded none and the error's texts were removed."""
    if failed.error_sha256 is None and failed.content_removed_at is None:
        return error_sha256(failed.error)
    return failed.error_sha256
