"""Documents of the service for people: a line for each member, and texts as files or on standard output."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bateia.command.options import Options
from bateia.command.output import json_line
from bateia.texts import say
from bateia.whole_files import write_whole


def show_document(common: Options, document: Mapping[str, Any], *leave_out: str) -> None:
    """Report a document: as it is for programs; for people, a line for each member, without links."""
    members = {name: value for name, value in document.items() if name not in ("links", *leave_out)}

    def show() -> None:
        width = max(map(len, members), default=0)
        for name, value in members.items():
            common.output.line(f"{name:{width}}  {cell(value)}")

    common.output.value(document, show)


def show_items(common: Options, items: Iterable[Mapping[str, Any]], *columns: str) -> None:
    """Report a list: as it is for programs; for people, a table of the members that are named."""
    found = list(items)
    rows = [[cell(one[name]) for name in columns] for one in found]
    common.output.value(found, lambda: common.output.table(columns, rows))


def cell(value: Any) -> str:
    """Show a value in a line: lists with commas, nothing for null, and documents as short JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return say("yes" if value else "no")
    if isinstance(value, Sequence) and not isinstance(value, str) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    if isinstance(value, (Mapping, Sequence)) and not isinstance(value, str):
        return json_line(value)
    return str(value)


def show_removal(common: Options, work: str) -> None:
    """Report that the data of an execution, a batch or a job are deleted."""
    common.output.value(
        {"id": work, "removed": True}, lambda: common.output.line(say("deleted the data of {work}", work=work))
    )


def save_or_print(common: Options, text: bytes, file: Path | None) -> None:
    """Write a text of the service into a file, or print it as it is."""
    if file is None:
        print(text.decode())
        return
    write_whole(file, [text])
    common.output.note(say("saved {file}", file=file))
