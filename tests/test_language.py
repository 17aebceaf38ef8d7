"""Texts are plain technical English: descriptions begin with a noun or an imperative, and subjects have names.

The public texts are those of the OpenAPI document, the problem pages, the settings, the command lines, the metrics and
the glossary, whose terms have one meaning each. Of docstrings the first word is checked here, and by ruff's D401.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from adapters.http.language import Language
from adapters.http.problems.messages import CATALOGUE
from adapters.http.problems.type_texts import text_of
from adapters.http.problems.types import PROBLEM_TYPES
from entrypoints.configuration.settings import declarations
from tests.support.documents import pages

ROOT: Final = Path(__file__).parents[1]
LAYERS: Final = ("domain", "application", "adapters", "entrypoints")
PACKAGES: Final = (*LAYERS, "tests", "benchmarks", "scripts", "examples", "clients")
TEXTS: Final = {"summary", "description", "title"}

_HEADLESS: Final = re.compile(r"(?:What|Who|Whom|Whose|Whoever|Whether|How|Where|Which|That)\b", re.IGNORECASE)
_QUESTION: Final = re.compile(
    r'''^ *"""(?:What|Who|Whom|Whose|Whoever|Whether|How|Where|When|Which|Why)\b.*''', re.MULTILINE
)
_COY: Final = re.compile(
    r"\b(?:whoever|whomever|somebody|nobody|is told|are told|is had|is borne|borne with)\b", re.IGNORECASE
)
_TERM: Final = re.compile(r"^\| \*\*([^*]+)\*\* \| (.+) \|$", re.MULTILINE)
_HELP: Final = re.compile(r"""(?:help|description)=\(?\s*f?"([^"]+)\"""")
_METRIC: Final = re.compile(r"""\"bateia_\w+",\s+"([^"]+)\"""")


def in_document(value: Any, is_property: bool = False) -> Iterator[str]:
    """Yield every summary, description and title in a part of the document, but those of examples and properties."""
    if isinstance(value, dict):
        for name, member in value.items():
            if name in TEXTS and isinstance(member, str) and not is_property:
                yield member
            elif name not in {"example", "examples", "value"}:
                yield from in_document(member, is_property=name == "properties")
    elif isinstance(value, list):
        for member in value:
            yield from in_document(member)


def in_code(pattern: re.Pattern[str], folder: str) -> list[str]:
    """Collect the texts that a pattern finds in the modules of a folder."""
    return [text for path in (ROOT / folder).rglob("*.py") for text in pattern.findall(path.read_text("utf-8"))]


TYPE_TEXTS: Final = [text_of(one, Language.ENGLISH) for one in PROBLEM_TYPES.values()]
PUBLIC: Final = {
    "OpenAPI document": list(in_document(json.loads((ROOT / "docs/openapi.json").read_text("utf-8")))),
    "problem pages": [text for one in TYPE_TEXTS for text in (one.title, one.meaning, one.remedy)],
    "problem details": [text for one in CATALOGUE.values() for text in (one.en.detail, one.en.hint) if text],
    "settings": [one.about for one in declarations()],
    "command lines": in_code(_HELP, "entrypoints"),
    "metrics": in_code(_METRIC, "adapters/metrics"),
    "glossary": [meaning for _, meaning in _TERM.findall((ROOT / "docs/glossary.md").read_text("utf-8"))],
}


@pytest.mark.parametrize("place", PUBLIC)
def test_a_description_begins_with_a_noun_or_a_verb(place: str) -> None:
    assert len(PUBLIC[place]) >= 15, "the texts were not found"
    assert [text for text in PUBLIC[place] if _HEADLESS.match(text)] == []


@pytest.mark.parametrize("folder", PACKAGES)
def test_no_docstring_begins_with_a_question_word(folder: str) -> None:
    assert in_code(_QUESTION, folder) == []


@pytest.mark.parametrize("place", PUBLIC)
def test_subjects_have_names_and_verbs_their_usual_form(place: str) -> None:
    assert [text for text in PUBLIC[place] if _COY.search(text)] == []


@pytest.mark.parametrize("text", ["What it runs.", "whether it is live", "How to name oneself"])
def test_a_headless_clause_is_noticed(text: str) -> None:
    assert _HEADLESS.match(text)


def test_a_docstring_that_asks_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text('def one():\n    """Whether it is live."""\n')
    assert in_code(_QUESTION, str(tmp_path)) == ['    """Whether it is live."""']


def test_the_terms_of_the_glossary_are_in_order_and_there_once() -> None:
    terms = [term for term, _ in _TERM.findall((ROOT / "docs/glossary.md").read_text("utf-8"))]
    assert len(terms) >= 40
    assert terms == sorted(set(terms), key=str.casefold)


def test_every_term_of_the_glossary_is_used_in_another_page_or_in_code() -> None:
    glossary = ROOT / "docs/glossary.md"
    texts = [one for one in pages(ROOT) if one not in {glossary, ROOT / "CHANGELOG.md"}]
    texts += [path for layer in LAYERS for path in (ROOT / layer).rglob("*.py")]
    used = "\n".join(one.read_text("utf-8") for one in texts).casefold()
    assert [term for term, _ in _TERM.findall(glossary.read_text("utf-8")) if term.casefold() not in used] == []


@pytest.mark.parametrize("readme", ["README.md", "README.pt-BR.md"])
def test_the_glossary_is_linked_from_the_readme(readme: str) -> None:
    assert "(docs/glossary.md)" in (ROOT / readme).read_text("utf-8")
