"""The pages do not rot: their links, names and commands exist, in both languages.

(`tests/test_readme.py` has the table of settings, `tests/system/test_use_case.py` executes the use case's commands.)
"""

import re
from pathlib import Path
from typing import Final

import pytest

from domain.audit import Action
from entrypoints.configuration.settings import VARIABLES_OF_CLIENTS, settings_table
from tests.support.documents import anchors, blocks, commands, headings, links, pages

ROOT: Final = Path(__file__).parents[1]
PAGES: Final = tuple(pages(ROOT))
LANGUAGES: Final = (
    ("README.md", "README.pt-BR.md"),
    ("docs/use-case.md", "docs/caso-de-uso.md"),
    ("docs/batches.md", "docs/lotes.md"),
    ("docs/webhooks.md", "docs/notificacoes.md"),
    ("docs/formats.md", "docs/formatos.md"),
    ("docs/jobs.md", "docs/trabalhos.md"),
    ("docs/stores.md", "docs/armazenamentos.md"),
    ("clients/python/README.md", "clients/python/README.pt-BR.md"),
)
LAYERS: Final = ("domain", "application", "adapters", "entrypoints")
INSTALLED: Final = re.compile(r"^(\.|node_modules|__pycache__|mutants$)")

_NAMED_FILE: Final = re.compile(r"`([\w-][\w./-]*\.(?:py|sql|md|sh|js|mjs|json|http|toml|lock|yml|yaml))`")
_NAMED_FOLDER: Final = re.compile(r"`([\w-][\w/-]*/)`")
_SCRIPT: Final = re.compile(r"(?<![\w/-])(?:\./)?(scripts(?:/[\w-]+)+(?:\.\w+)?)")
_MODULE: Final = re.compile(r"python -m (entrypoints\.\w+)")
_TEST: Final = re.compile(r"`(test_\w+)`")
_SETTING: Final = re.compile(r"\b(BATEIA_[A-Z_]*[A-Z])\b")

page = pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))


def ours(folder: Path) -> set[str]:
    """List every file and folder of the project by each end of its path, from the whole path to the bare name."""
    found: set[str] = set()
    for path in folder.iterdir():
        if not INSTALLED.match(path.name):
            parts = path.relative_to(ROOT).parts
            end = "/" if path.is_dir() else ""
            found |= {"/".join(parts[start:]) + end for start in range(len(parts))}
            found |= ours(path) if path.is_dir() else set()
    return found


OURS: Final = ours(ROOT)
TESTS: Final = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^ *(?:async )?def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
}


def test_there_are_the_pages_that_a_reader_looks_for() -> None:
    names = {str(path.relative_to(ROOT)) for path in PAGES}
    assert {"README.md", "README.pt-BR.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/questionario.md"} <= names
    assert not any("node_modules" in name or name.startswith(".") for name in names)


@page
def test_what_a_page_links_to_is_there(page: Path) -> None:
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@page
def test_the_files_and_folders_that_a_page_names_are_there(page: Path) -> None:
    text = page.read_text("utf-8")
    named = [*_NAMED_FILE.findall(text), *_NAMED_FOLDER.findall(text)]
    assert [name for name in named if name not in OURS and "NNNN" not in name] == []


@page
def test_what_a_page_tells_the_reader_to_run_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    modules = [name.replace(".", "/") + ".py" for name in _MODULE.findall(text)]
    assert [name for name in [*_SCRIPT.findall(text), *modules] if not (ROOT / name).is_file()] == []


@page
def test_the_settings_that_a_page_names_are_settings(page: Path) -> None:
    known = {*_SETTING.findall(settings_table()), *VARIABLES_OF_CLIENTS}
    assert set(_SETTING.findall(page.read_text("utf-8"))) - known == set()


@page
def test_the_tests_that_a_page_names_are_there(page: Path) -> None:
    assert set(_TEST.findall(page.read_text("utf-8"))) - TESTS == set()


def test_every_audited_action_is_explained() -> None:
    text = (ROOT / "docs/access.md").read_text("utf-8")
    assert [action.value for action in Action if f"`{action}`" not in text] == []


def test_code_that_a_page_quotes_is_the_code() -> None:
    """Those of the guide are programs of its readers, which `tests/system/test_guide.py` runs."""
    pages = [one for one in PAGES if ROOT / "docs/guide" not in one.parents]
    quoted = [block.text for one in pages for block in blocks(one) if block.language == "python"]
    code = [path.read_text("utf-8") for folder in LAYERS for path in (ROOT / folder).rglob("*.py")]
    assert quoted
    assert [text for text in quoted if not any(text in module for module in code)] == []


@pytest.mark.parametrize(("english", "portuguese"), LANGUAGES)
def test_the_pages_of_both_languages_have_the_same_parts_and_commands(english: str, portuguese: str) -> None:
    one, other = ROOT / english, ROOT / portuguese
    assert headings(one) == headings(other) != []
    assert commands(one) == commands(other) != []
    assert [block.language for block in blocks(one)] == [block.language for block in blocks(other)]
    assert other.name in links(one)
    assert one.name in links(other)
