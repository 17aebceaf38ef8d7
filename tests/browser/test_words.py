"""Every word of the console is there in each language, and each is used. Read as text: no browser is needed."""

import json
import re
from pathlib import Path
from typing import Final

import pytest

_WORD: Final = re.compile(r'^  "?([\w.-]+)"?:\s+("(?:[^"\\]|\\.)*"),$', re.MULTILINE)
_SAYING: Final = re.compile(r"\bsay\(([^()`]*)")
_NAME: Final = re.compile(r'(?<!=== )"([\w.-]+)"')
_MEMBERS: Final = re.compile(r"\b(say|called)\((?:`([\w.-]*)\$\{|\"(\w+)\")")
_CALLED: Final = {"status": "State", "error": "ErrorKind", "action": "Action"}
"""Kinds of values that are called by words, and the API's lists of them."""


@pytest.fixture
def console(repository: Path) -> Path:
    return repository / "console"


def words_of(console: Path, language: str) -> dict[str, str]:
    """Map the names of a language's texts to them."""
    files = [console / "words" / f"{language}.js", *sorted((console / "words").glob(f"*.{language}.js"))]
    found = [(name, json.loads(words)) for one in files for name, words in _WORD.findall(one.read_text())]
    assert len(found) == sum(one.read_text().count('",\n') for one in files), "a word is written in another way"
    return dict(found)


def placeholders(words: dict[str, str]) -> dict[str, list[str]]:
    return {name: sorted(re.findall(r"\{(\w+)\}", text)) for name, text in words.items()}


def sources(console: Path) -> str:
    return "\n".join(one.read_text() for one in console.rglob("*.js") if "words" not in one.parent.name)


def test_both_languages_have_the_same_words_with_the_same_places_for_values(console: Path) -> None:
    english, portuguese = (words_of(console, language) for language in ("en", "pt"))
    assert len(english) > 100
    assert placeholders(english) == placeholders(portuguese)
    assert [name for name, text in {**english, **portuguese}.items() if not text.strip()] == []


def test_a_name_has_the_same_words_in_every_file(console: Path) -> None:
    for language in ("en", "pt"):
        seen: dict[str, str] = {}
        for file in (console / "words").glob(f"*{language}.js"):
            for name, text in _WORD.findall(file.read_text()):
                assert seen.setdefault(name, text) == text, name


def test_every_text_has_words_and_every_word_is_used(console: Path) -> None:
    names = words_of(console, "en").keys()
    text = sources(console)
    said = {name for given in _SAYING.findall(text) for name in _NAME.findall(given)}
    assert len(said) > 50
    assert said - names == set()
    stems = {f"{stem or kind + '.'}" for which, stem, kind in _MEMBERS.findall(text) if stem or which == "called"}
    literals = set(re.findall(r'"([\w.-]+)"', text))
    assert {name for name in names - literals if not name.startswith(tuple(stems))} == set()


@pytest.mark.parametrize("kind", _CALLED)
def test_the_values_of_the_api_have_words(console: Path, repository: Path, kind: str) -> None:
    document = json.loads((repository / "docs/openapi.json").read_text())
    values = document["components"]["schemas"][_CALLED[kind]]["enum"]
    assert {f"{kind}.{value}" for value in values} - words_of(console, "en").keys() == set()
