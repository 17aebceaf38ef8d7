"""The output: tables and lines for people, one JSON value for programs, progress for terminals.

Texts of scripts, datasets and services may be anyone's, so no control character of theirs reaches a terminal.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import TransferSpeedColumn as Speed
from rich.table import Table
from rich.text import Text

from bateia.command.standard_input import is_terminal
from bateia.errors import Refused
from bateia.exchange import Progress as Report
from bateia.texts import say

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters but for tabs and line feeds, and those that change the direction of the text."""


def harmless(text: object) -> str:
    """Show control characters as escapes."""
    return _CONTROLS.sub(lambda found: f"\\x{ord(found[0]):02x}", str(text))


def json_text(value: Any) -> str:
    """Format JSON for programs and people; control characters are escapes in it, too."""
    return _escaped(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def json_line(value: Any) -> str:
    """Format JSON in one line, likewise."""
    return _escaped(json.dumps(value, ensure_ascii=False, default=str))


def _escaped(text: str) -> str:
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class WorkReport(Protocol):
    """Gets the part of some work that is done, perhaps with a text for it, and one for what is done now."""

    def __call__(
        self, done: float | None, total: float | None, part: str | None = None, now: str | None = None, /
    ) -> None:
        """Report."""
        ...


class Output:
    """The place where a command reports."""

    def __init__(self, as_json: bool = False, is_quiet: bool = False) -> None:
        self.as_json, self.is_quiet = as_json, is_quiet
        self._out = Console(highlight=False, soft_wrap=True)
        self._error = Console(stderr=True, highlight=False, soft_wrap=True)

    def value(self, value: Any, show: Callable[[], None]) -> None:
        """Report the outcome: the value as JSON, or what `show` prints."""
        if self.as_json:
            print(json_text(value), flush=True)
        else:
            show()

    def line(self, text: str = "", style: str = "") -> None:
        """Print a line for people; with JSON as output, none."""
        if not self.as_json:
            _print(self._out, text, style)

    def note(self, text: str, style: str = "dim") -> None:
        """Print a line about the work to standard error, unless that is to be quiet."""
        if not self.is_quiet:
            _print(self._error, text, style)

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Print a table; without a terminal, lines with tabs between the cells."""
        if not self._out.is_terminal:
            for row in ([*columns], *rows):
                print("\t".join(harmless(cell).replace("\t", " ").replace("\n", " ") for cell in row))
            return
        table = Table(box=None, pad_edge=False, header_style="bold")
        for name in columns:
            table.add_column(name, overflow="fold")
        for row in rows:
            table.add_row(*(Text(harmless(cell)) for cell in row))
        self._out.print(table)

    @property
    def is_on_terminal(self) -> bool:
        """Tell whether people read the output."""
        return self._out.is_terminal

    def print_table(self, table: Table) -> None:
        """Print a table for people, as wide as the terminal, with an empty line before it."""
        self._out.print()
        self._out.print(table, soft_wrap=False)

    def error(self, error: BaseException, status: int, address: str = "") -> None:
        """Print an error: its title, its detail, what to do, and the address that refused."""
        if self.as_json:
            print(json_text(_error_document(error, status, address)), file=sys.stderr, flush=True)
            return
        head, *more = harmless(message_of(error)).split("\n")
        self._error.print(Text.assemble(("bateia: ", "bold red"), head))
        for line in more:
            self._error.print(Text(f"  {line}"))
        if isinstance(error, Refused):
            for reason in _reasons(error):
                self._error.print(Text(f"  {harmless(reason)}"))
            origin = say("HTTP {status} of {address}", status=error.status, address=address)
            request = say(", request {id}", id=error.request_id) if error.request_id else ""
            self._error.print(Text(f"  ({origin}{request})", "dim"))

    @contextmanager
    def upload(self, what: str) -> Iterator[Report | None]:
        """Show the progress of an upload, on a terminal."""
        if not self._shows_progress:
            yield None
            return
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), Speed(), TimeElapsedColumn())
        with Progress(*columns, console=self._error, transient=True) as progress:
            task = progress.add_task(harmless(what), total=None)
            yield lambda done, total: progress.update(task, completed=done, total=total)

    def ask(self, question: str) -> bool:
        """Ask a question on a terminal; without one, the answer is no."""
        if not is_terminal() or not self._error.is_terminal:
            return False
        print(f"{harmless(question)} {say('[y/N]')} ", end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().strip().lower() in ("y", "yes", "s", "sim")

    @contextmanager
    def work(self, what: str) -> Iterator[WorkReport]:
        """Show that something is waited for, on a terminal; call what is provided with the part that is done."""
        if not self._shows_progress:
            yield lambda _done, _total, _part=None, _what=None: None
            return
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[part]}"))
        with Progress(*columns, TimeElapsedColumn(), console=self._error, transient=True) as progress:
            task = progress.add_task(harmless(what), total=None, part="")

            def report(
                done: float | None, total: float | None, part: str | None = None, now: str | None = None
            ) -> None:
                shown = part or ("" if total is None else f"{done:g}/{total:g}")
                progress.update(task, completed=done, total=total, part=shown, description=harmless(now or what))

            yield report

    @property
    def _shows_progress(self) -> bool:
        return self._error.is_terminal and not self.is_quiet


def message_of(error: BaseException) -> str:
    """Return the message of an error; that of a file that cannot be used is without numbers of the system."""
    match error:
        case FileNotFoundError(filename=str(file)):
            return say("No such file: {file}", file=file)
        case IsADirectoryError(filename=str(file)):
            return say("{file} is a folder: name a file", file=file)
        case PermissionError(filename=str(file)):
            return say("{file} may not be read or written: look at its permissions", file=file)
        case _:
            return str(error) or type(error).__name__


def _print(console: Console, text: str, style: str) -> None:
    """Print a line; without a terminal, at once: rich would print it again if Ctrl-C came in between."""
    if console.is_terminal:
        console.print(Text(harmless(text), style))
    else:
        print(harmless(text), file=console.file, flush=True)


def _reasons(error: Refused) -> Iterator[str]:
    """Yield the requirements of a gate that are not met, and the tests that have not passed."""
    for reason in error.problem.get("reasons") or ():
        yield f"{reason.get('code')}: {reason.get('detail')}"
    for test in (error.problem.get("checks") or {}).get("tests", ()):
        if test.get("failure"):
            yield f"{test.get('name')}: {test['failure'].get('detail')}"


def _error_document(error: BaseException, status: int, address: str) -> dict[str, Any]:
    problem = dict(error.problem) if isinstance(error, Refused) else {}
    kind = type(error).__name__
    return {
        "error": kind,
        "message": message_of(error),
        "exit": status,
        "address": address,
        "problem": problem or None,
    }
