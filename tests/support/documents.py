"""Reading the project's pages: which there are, and their fenced blocks, headings, links and names."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from attrs import frozen

_FENCED: Final = re.compile(r"^```(\w*)((?: [\w=-]+)*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_NOT_OURS: Final = {"node_modules", "static", "mutants"}  # the last is what scripts/mutate leaves


@frozen
class Block:
    """The text between two fences, and the language that the first of them names, with notes for tests behind it."""

    language: str
    text: str
    notes: tuple[str, ...] = ()


def pages(folder: Path) -> Iterator[Path]:
    """Yield every page of ours, in order: none that was installed or generated (`.venv`), none of third parties."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.name.startswith(".") and path.name not in _NOT_OURS:
            yield from pages(path)
        elif path.suffix == ".md":
            yield path


def blocks(page: Path) -> list[Block]:
    """List the page's fenced blocks, in order."""
    found = _FENCED.findall(page.read_text("utf-8"))
    return [Block(language, text, tuple(notes.split())) for language, notes, text in found]


def commands(page: Path) -> list[str]:
    """List the texts of the page's shell blocks."""
    return [block.text for block in blocks(page) if block.language == "sh"]


def prose(page: Path) -> str:
    """Return the page without its blocks."""
    return _FENCED.sub("", page.read_text("utf-8"))


def headings(page: Path) -> list[int]:
    """List the levels of the page's headings, in order."""
    return [len(marks) for marks in re.findall(r"^(#+) ", prose(page), re.MULTILINE)]


def links(page: Path) -> list[str]:
    """List the targets of the page's links, other hosts excepted."""
    return re.findall(r"\]\((?!https?:)([^)\s]+)\)", prose(page))


def anchors(page: Path) -> set[str]:
    """Collect the anchors that a link may name behind `#`, as GitHub derives them from the headings."""
    titles = re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
