"""The violations that axe-core finds on a page."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page

SERIOUS: Final = ("serious", "critical")
_AXE: Final = Path(__file__).parent / "axe" / "axe.min.js"
_RUN: Final = "() => axe.run(document, { resultTypes: ['violations'] })"


@cache
def _axe() -> str:
    return _AXE.read_text()


def violations(page: Page) -> list[str]:
    """List each violation as its impact, its rule, and its elements, in one line."""
    page.evaluate(_axe())
    found: list[dict[str, Any]] = page.evaluate(_RUN)["violations"]
    return [f"{one['impact']}: {one['id']}: {' | '.join(_places(one))}" for one in found]


def serious(found: list[str]) -> list[str]:
    """Select the violations that prevent people from using the page."""
    return [one for one in found if one.startswith(SERIOUS)]


def _places(violation: dict[str, Any]) -> list[str]:
    return [f"{node['html'][:160]} ({node['failureSummary'].splitlines()[-1].strip()})" for node in violation["nodes"]]
