"""Modules of the console that need no page of it, called in a browser.

Every value crosses as JSON text, so that values which only JSON can express (half a pair, `__proto__` as a name)
arrive.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from playwright.sync_api import Page

from adapters.http.resources.static_files import href

_LOAD: Final = """async (paths) => {
  for (const [name, path] of Object.entries(paths)) globalThis[`${name}_`] = await import(path);
}"""


class Modules:
    """The console's modules at these paths in a page, each as a variable of its name and `_`."""

    def __init__(self, page: Page, paths: Mapping[str, str]) -> None:
        self._page = page
        page.goto("/problems")
        page.evaluate(_LOAD, {name: href(f"console/{path}.js") for name, path in paths.items()})

    def run(self, program: str, **given: object) -> Any:
        """Run a program with its arguments under these names, and return its value, or that of its promise."""
        body = f"({{ {', '.join(given)} }}) => {{ {program} }}"
        called = f"async (given) => JSON.stringify(await ({body})(JSON.parse(given))) ?? 'null'"
        return json.loads(self._page.evaluate(called, json.dumps(given)))
