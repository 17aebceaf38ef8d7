"""The browser of the tests: a Chromium that the machine has, driven by Playwright, which brings none along here."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Final

from playwright.sync_api import Browser, Playwright, expect, sync_playwright

DEADLINE_MS: Final = 20_000
"""The time limit of each step on a page."""

_NAMES: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is Debian's Chromium without windows. The others build one for each page, and take twice as long for it."""
_ARGUMENTS: Final = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def installed() -> str | None:
    """Find the machine's Chromium."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def required() -> bool:
    """Tell whether tests must fail, not be skipped, where there is none."""
    return os.environ.get("BATEIA_BROWSER_TESTS") == "required"


def _resolving(names: tuple[str, ...]) -> str:
    """Map all hosts to nothing, so that no page reaches another host, but these names to this machine."""
    mapped = "".join(f"MAP {name} 127.0.0.1, " for name in names)
    return f"--host-resolver-rules={mapped}MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


@contextmanager
def driver() -> Iterator[Playwright]:
    """Run Playwright's driver, one at a time.

    It keeps an event loop in this thread meanwhile, so no test of asynchronous code can run inside.
    """
    expect.set_options(timeout=DEADLINE_MS)
    with sync_playwright() as playwright:
        yield playwright


@contextmanager
def launched(path: str, *names: str, playwright: Playwright | None = None) -> Iterator[Browser]:
    """Launch a headless Chromium, with a profile of its own that goes with it, by that driver or one of its own. To it,
    `names` are names of this machine.
    """
    with driver() if playwright is None else nullcontext(playwright) as running:
        browser = running.chromium.launch(
            executable_path=path, args=[*_ARGUMENTS, _resolving(names)], timeout=DEADLINE_MS
        )
        try:
            yield browser
        finally:
            browser.close()
