"""The violations that axe-core finds on a page."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page

SERIOUS: Final = ("serious", "critical")
_AXE: Final = Path(__file__).parent / "axe" / "axe.min.js"
_CONTROLS: Final = "button, input:not(.visually-hidden), label.file, select, summary, td a, header a"
_SMALL_TARGETS: Final = """(controls) => {
  const isSmall = ({ width, height }) => Math.round(width) < 24 || Math.round(height) < 24;
  const found = [...document.querySelectorAll(controls)].filter((one) => one.checkVisibility());
  return found.filter((one) => isSmall(one.getBoundingClientRect())).map((one) => one.outerHTML.slice(0, 160));
}"""
_RUN: Final = """() => {
  const rules = { "target-size": { enabled: true } };
  return axe.run(document, { resultTypes: ["violations"], rules });
}"""


@cache
def _axe() -> str:
    return _AXE.read_text()


def violations(page: Page) -> list[str]:
    """List each violation as its impact, its rule, and its elements, in one line."""
    if not page.evaluate("() => 'axe' in window"):  # half a megabyte to parse, once for each document
        page.evaluate(_axe())
    found: list[dict[str, Any]] = page.evaluate(_RUN)["violations"]
    return [f"{one['impact']}: {one['id']}: {' | '.join(_places(one))}" for one in found]


def small_targets(page: Page) -> list[str]:
    """List the controls that are smaller than 24 by 24 pixels, as violations (WCAG 2.5.8). Links in texts may be."""
    return [f"serious: small: {one}" for one in page.evaluate(_SMALL_TARGETS, _CONTROLS)]


def overflowing(page: Page) -> list[str]:
    """Report a page that is wider than its window as a violation."""
    width, most = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    return [f"serious: the page is {width} wide in a window of {most}"] if width > most else []


def serious(found: list[str]) -> list[str]:
    """Select the violations that prevent people from using the page."""
    return [one for one in found if one.startswith(SERIOUS)]


def _places(violation: dict[str, Any]) -> list[str]:
    return [f"{node['html'][:160]} ({node['failureSummary'].splitlines()[-1].strip()})" for node in violation["nodes"]]
