"""Standard input as a file that is named `-`: read in pieces, as they come, and once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

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
        raise Unusable(say("standard input is empty: has the program that writes to it failed?"))


def standard_input() -> BinaryIO:
    """Return standard input. Raises `Unusable` if it is a terminal, which would wait for data that nobody types."""
    if sys.stdin is None:
        raise Unusable(say("standard input is closed: pipe data into the command, or name a file in place of -"))
    if sys.stdin.isatty():
        raise Unusable(
            say(
                "standard input is a terminal, and - reads data from it: pipe the data into the command, "
                "as in `producer | bateia …`, or name a file in place of -"
            )
        )
    return sys.stdin.buffer


def input_pieces() -> Iterator[bytes]:
    """Return the pieces of standard input, none of which is waited for longer than it takes to come."""
    source = standard_input()
    read = getattr(source, "read1", source.read)
    return iter(lambda: read(PIECE_BYTES), b"")
