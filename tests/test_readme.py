"""The settings are documented, and the README is short and has a complete map. (`tests/system` runs its commands.)"""

import re
from pathlib import Path

import pytest

from entrypoints.configuration.settings import settings_table
from tests.support.documents import prose


def test_the_documented_settings_are_the_settings(repository: Path) -> None:
    page = (repository / "docs/settings.md").read_text()
    table = re.search(r"<!-- settings -->\n(.*)<!-- /settings -->", page, re.DOTALL)
    assert table is not None
    assert table[1] == settings_table()


@pytest.mark.parametrize("name", ["README.md", "README.pt-BR.md"])
def test_the_map_names_every_package_of_the_application_the_adapters_and_the_entrypoints(
    repository: Path, name: str
) -> None:
    lines = (repository / name).read_text("utf-8").splitlines()
    for layer in ("application", "adapters", "entrypoints"):
        (row,) = [line for line in lines if line.startswith(f"| `{layer}/` |")]
        packages = {path.parent.name for path in (repository / layer).glob("*/__init__.py")}
        assert {one for one in packages if f"`{one}/`" not in row} == set()


@pytest.mark.parametrize("name", ["README.md", "README.pt-BR.md"])
def test_the_readme_takes_five_minutes_and_the_files_that_it_names_first_an_hour(repository: Path, name: str) -> None:
    """At some 200 words a minute, commands aside; and what a newcomer reads of the code is bounded too."""
    readme = repository / name
    assert len(prose(readme).split()) < 1_000
    named = re.findall(r"^\d\. \[`([^`]+)`\]\(([^)]+)\): \S", readme.read_text("utf-8"), re.MULTILINE)
    assert [shown for shown, _ in named] == [target for _, target in named]
    assert len(named) == 7
    assert sum(len((repository / target).read_text("utf-8").splitlines()) for _, target in named) < 1_300
