"""Arguments and flags that several commands have, with their help."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeAlias

from cyclopts import Parameter

from bateia.command.exits import Unusable
from bateia.command.options import Options
from bateia.texts import say

Script: TypeAlias = Annotated[str, Parameter(help="Name of the script.")]
Version: TypeAlias = Annotated[str, Parameter(help="Number of the version, or an alias.")]
ExecutionId: TypeAlias = Annotated[str, Parameter(help="Id of the execution.")]
Clock: TypeAlias = Annotated[str | None, Parameter(help="Time that the script sees, such as 2026-03-31T23:59:59Z.")]
Seed: TypeAlias = Annotated[str | None, Parameter(help="Seed of the random numbers: 32 hexadecimal digits.")]
Limit: TypeAlias = Annotated[int, Parameter(help="Number of items at most.")]
Flag: TypeAlias = Annotated[bool, Parameter(negative="")]
"""A flag without a `--no-` of its own."""
Wait: TypeAlias = Annotated[Flag, Parameter(help="Wait for the end.")]
Timeout: TypeAlias = Annotated[float | None, Parameter(help="Seconds to wait at most.")]
Yes: TypeAlias = Annotated[Flag, Parameter(name=["--yes", "-y"], help="Do it without asking.")]
OutputFile: TypeAlias = Annotated[Path | None, Parameter(name=["--output", "-o"])]
File: TypeAlias = Annotated[OutputFile, Parameter(help="File to write.")]


@dataclass(frozen=True)
class Comparison:
    """The options of a comparison of results: how rows are matched, and which numbers are equal."""

    key: str = ""
    """Columns that identify a row, separated by commas; the service proposes some."""
    absolute: float = 0
    """Largest difference of numbers that count as equal."""
    relative: float = 0
    """The same, as a fraction of the larger number."""

    @property
    def columns(self) -> list[str]:
        """The columns of the key, whose names may begin or end with spaces."""
        return [name for name in self.key.split(",") if name]


Comparing: TypeAlias = Annotated[Comparison, Parameter(name="*")]
EXACT = Comparison()


def confirm(common: Options, question: str, yes: bool) -> None:
    """Ask before something is gone for good. Raises `Unusable` if it is not confirmed."""
    if not yes and not common.output.ask(question):
        raise Unusable(say("not confirmed, and nothing was done: --yes confirms it in advance"))


def listed(text: str) -> list[str]:
    """Split names that are separated by commas."""
    return [one for name in text.split(",") if (one := name.strip())]
