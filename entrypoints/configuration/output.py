"""The output of a command: written at once and as a whole, or refused in a sentence."""

import io
import os
import sys
from contextlib import suppress


class OutputRefused(Exception):
    """Standard output does not take the output: its reader is gone, or its disk is full. The message is one line."""


def print_output(text: str) -> None:
    """Print text to standard output. A character that its encoding lacks is escaped. Raises `OutputRefused`."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # the locale's encoding may lack a character of a name
    try:
        print(text, flush=True)
    except OSError as error:
        _discard_output()
        raise OutputRefused(f"the output cannot be written: {error.strerror}") from error


def _discard_output() -> None:
    """Direct standard output nowhere, or the interpreter would try again when it ends, and fail with a traceback."""
    with suppress(io.UnsupportedOperation):  # a test's standard output has no descriptor
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
