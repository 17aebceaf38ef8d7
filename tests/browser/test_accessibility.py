"""Every view, light, dark and narrow, has no fault that axe-core calls serious or critical."""

import re
from hashlib import sha256
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.accessibility import serious, violations


def test_the_vendored_files_are_those_that_their_readme_names(repository: Path) -> None:
    folder = repository / "tests/browser/axe"
    listed = dict(re.findall(r"(?m)^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", (folder / "README.md").read_text()))
    present = {one.name: sha256(one.read_bytes()).hexdigest() for one in folder.iterdir() if one.name != "README.md"}
    assert present == listed
    assert len(listed) == 3


def test_axe_finds_what_is_wrong_with_a_page(page: Page) -> None:
    page.goto("/problems")
    assert serious(violations(page)) == []
    page.evaluate("() => document.body.append(document.createElement('input'))")
    assert [one.partition(": <")[0] for one in serious(violations(page))] == ["critical: label"]
