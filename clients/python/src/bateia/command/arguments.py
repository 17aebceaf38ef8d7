"""Arguments and flags that several commands have, with their help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

from cyclopts import Parameter

from bateia.command.exits import Unusable
from bateia.command.options import Options

Script: TypeAlias = Annotated[str, Parameter(help="Name of the script.")]
Limit: TypeAlias = Annotated[int, Parameter(help="Number of items at most.")]
Wait: TypeAlias = Annotated[bool, Parameter(help="Wait for the end.", negative="")]
Timeout: TypeAlias = Annotated[float | None, Parameter(help="Seconds to wait at most.")]
Yes: TypeAlias = Annotated[bool, Parameter(name=["--yes", "-y"], help="Do it without asking.", negative="")]
File: TypeAlias = Annotated[Path | None, Parameter(name=["--output", "-o"], help="File to write.")]


def confirm(common: Options, question: str, yes: bool) -> None:
    """Ask before something is gone for good. Raises `Unusable` if it is not confirmed."""
    if not yes and not common.output.ask(question):
        raise Unusable("not confirmed, and nothing was done: --yes confirms it in advance")


def listed(text: str) -> list[str]:
    """Split names that are separated by commas."""
    return [one for name in text.split(",") if (one := name.strip())]


def given(**members: object) -> dict[str, str]:
    """Make the query of a request from the options that are given."""
    return {name: str(value) for name, value in members.items() if value is not None}
