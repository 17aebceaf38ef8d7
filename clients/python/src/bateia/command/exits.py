"""The exit statuses of the command, which scripts and CI rely on, and the errors that lead to them."""

from __future__ import annotations

from enum import IntEnum

from bateia.errors import BateiaError, ExecutionFailed, InvalidDataset, Refused, TimedOut, Unreachable
from bateia.problems import TestsFailed
from bateia.results import NotRecords
from bateia.verification import UnusableReceipt


class Exit(IntEnum):
    """The exit statuses."""

    OK = 0
    FAILED = 1
    """The command did what it should, and the answer is no: failed tests, differing cells, a failed execution."""
    USAGE = 2
    """The command line, a file or a setting is unusable. Nothing was sent."""
    REFUSED = 3
    """The service refused the request."""
    UNREACHABLE = 4
    """The service does not answer, or the work did not end in time."""
    INTERRUPTED = 130
    """Ctrl-C."""


class Unusable(BateiaError):
    """A file, a folder or a setting that the command cannot use; the message says how to correct it."""


def exit_of(error: BaseException) -> Exit:
    """Return the exit status of an error."""
    match error:
        case KeyboardInterrupt():
            return Exit.INTERRUPTED
        case ExecutionFailed() | TestsFailed():
            return Exit.FAILED
        case Refused():
            return Exit.REFUSED
        case Unreachable() | TimedOut():
            return Exit.UNREACHABLE
        case Unusable() | InvalidDataset() | UnusableReceipt() | NotRecords() | OSError() | ValueError():
            return Exit.USAGE
        case _:
            return Exit.FAILED
