"""The README's settings are the settings. (`tests/system` runs its commands; see `tests/test_documents.py` too.)"""

import re
from pathlib import Path

from entrypoints.configuration.settings import settings_table


def test_the_settings_in_the_readme_are_the_settings(repository: Path) -> None:
    readme = (repository / "README.md").read_text()
    table = re.search(r"<!-- settings -->\n(.*)<!-- /settings -->", readme, re.DOTALL)
    assert table is not None
    assert table[1] == settings_table()
