"""The README says what is true: its settings are the settings. (`tests/system` runs its commands.)"""

import re
from pathlib import Path

from entrypoints.settings import settings_table


def test_the_settings_in_the_readme_are_the_settings(repository: Path) -> None:
    readme = (repository / "README.md").read_text()
    table = re.search(r"<!-- settings -->\n(.*)<!-- /settings -->", readme, re.DOTALL)
    assert table is not None
    assert table[1] == settings_table()


def test_every_file_that_the_readme_links_to_is_there(repository: Path) -> None:
    linked = re.findall(r"\]\((?!https?:)([^)#]+)\)", (repository / "README.md").read_text())
    assert linked
    assert [path for path in linked if not (repository / path).exists()] == []
