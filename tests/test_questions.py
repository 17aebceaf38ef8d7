"""The newcomer's questions have answers: the named symbols are in the named files, and the README leads there."""

import ast
import re
from pathlib import Path
from typing import Final

import pytest

from tests.support.documents import links

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "questions.md"
ROWS: Final = re.findall(r"^\| (\d+)\. (.+?) \| (.+?) \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)

row = pytest.mark.parametrize(("number", "question", "way", "place"), ROWS, ids=[number for number, *_ in ROWS])


def defined(tree: ast.Module | ast.ClassDef, prefix: str = "") -> set[str]:
    """List the functions, classes, methods (as `Class.method`) and assigned names of a module."""
    found: set[str] = set()
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(prefix + name)
            case ast.ClassDef(name=name):
                found |= {name} | defined(node, f"{name}.")
            case ast.AnnAssign(target=ast.Name(id=name)):
                found.add(prefix + name)
            case _:
                pass
    return found


def test_there_are_ten_questions_and_the_readmes_lead_to_them() -> None:
    assert [int(number) for number, *_ in ROWS] == list(range(1, 11))
    assert all(question.endswith("?") for _, question, *_ in ROWS)
    assert all("docs/questions.md" in links(ROOT / name) for name in ("README.md", "README.pt-BR.md"))


@row
def test_the_symbols_of_an_answer_are_in_its_files(number: str, question: str, way: str, place: str) -> None:
    named = re.findall(r"\[`([^`]+)`\]\(([^)]+)\)", place)
    assert named
    for symbol, link in named:
        path = (PAGE.parent / link).resolve()
        text = path.read_text("utf-8")
        there = defined(ast.parse(text)) if path.suffix == ".py" else {path.name}
        assert symbol in there, f"question {number} ({question}): {link} has no {symbol}"


@row
def test_the_readme_leads_to_each_answer(number: str, question: str, way: str, place: str) -> None:
    """By a link to the page, a file of the seven, a folder of the map, or all of these."""
    readme = ROOT / "README.md"
    linked = {(readme.parent / link.partition("#")[0]).resolve() for link in links(readme)}
    pages = [link for link in re.findall(r"\]\(([^)]+)\)", way) if not link.startswith("#")]
    assert all((PAGE.parent / link.partition("#")[0]).resolve() in linked for link in pages), question
    assert pages or re.search(r"\*Map\*: `(\w+)/", way) is not None
    for numeral in re.findall(r"file (\d) of the seven", way):
        target = re.search(rf"^{numeral}\. \[`[^`]+`\]\(([^)]+)\)", readme.read_text("utf-8"), re.MULTILINE)
        assert target is not None
        assert target[1] in place
