"""Standard input as a file that is named `-`: read in pieces, as they come, and once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, TextIO

from bateia.command.exits import Unusable
from bateia.spool import PIECE_BYTES
from bateia.texts import say


def is_standard_input(file: Path) -> bool:
    """Tell whether standard input is meant."""
    return str(file) == "-"


def shown_name(file: Path) -> str:
    """Return the name of a file for people."""
    return say("standard input") if is_standard_input(file) else file.name


def check_input(file: Path) -> None:
    """Raise `Unusable` if standard input is meant and cannot be read, before any progress is shown."""
    if is_standard_input(file):
        standard_input()


def check_length(file: Path, length: int) -> None:
    """Raise `Unusable` if standard input is meant and had no bytes."""
    if is_standard_input(file) and length == 0:
        raise _is_empty()


def _is_empty() -> Unusable:
    return Unusable(say("standard input is empty: has the program that writes to it failed?"))


def is_terminal() -> bool:
    """Tell whether standard input is a terminal, on which a question can be answered."""
    return sys.stdin is not None and sys.stdin.isatty()


def first_line() -> str:
    """Read a line of standard input, which may be a terminal. Raises `Unusable` if there is none."""
    line = _open_input().readline()
    if not line:
        raise _is_empty()
    return line.strip()


def _open_input() -> TextIO:
    if sys.stdin is None:
        raise Unusable(say("standard input is closed: pipe data into the command, or name a file in place of -"))
    return sys.stdin


def standard_input() -> BinaryIO:
    """Return standard input. Raises `Unusable` if it is a terminal, which would wait for data that nobody types."""
    source = _open_input()
    if source.isatty():
        raise Unusable(
            say(
                "standard input is a terminal, and - reads data from it: pipe the data into the command, "
                "as in `producer | bateia …`, or name a file in place of -"
            )
        )
    return source.buffer


def input_pieces() -> Iterator[bytes]:
    """Return the pieces of standard input, none of which is waited for longer than it takes to come."""
    source = standard_input()
    read = getattr(source, "read1", source.read)
    return _read_by(lambda: read(PIECE_BYTES))


def input_lines() -> Iterator[bytes]:
    """Return the lines of standard input."""
    return _read_by(standard_input().readline)


def _read_by(read: Callable[[], bytes]) -> Iterator[bytes]:
    def following() -> bytes:
        try:
            return read()
        except OSError as error:
            raise Unusable(say("standard input cannot be read: {reason}", reason=error.strerror)) from None

    return iter(following, b"")
