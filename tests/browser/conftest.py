"""One service, one browser and a few profiles for all; errors beside a page fail its test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal, TypeAlias

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from tests.browser.chromium import DEADLINE_MS, driver, installed, launched, required
from tests.browser.watching import Watch
from tests.support.folders import let_others_through
from tests.system.conftest import Service, provide_cluster

Scheme: TypeAlias = Literal["light", "dark"]
SLOTS: Final = 2
"""So many executions run at once; the next waits."""
SETTINGS: Final = {
    "BATEIA_SLOTS": str(SLOTS),
    "BATEIA_WEBHOOK_HTTP": "true",
    "BATEIA_WEBHOOK_NETWORKS": "127.0.0.0/8",
}
"""The receivers of tests are on this machine."""


@pytest.fixture(scope="session")
def chromium() -> str:
    """Find the machine's Chromium. Without one, tests are skipped where none is required."""
    if path := installed():
        return path
    reason = "there is no Chromium here (on Debian: apt-get install chromium-headless-shell)"
    if required():
        pytest.fail(reason)
    pytest.skip(reason)


# Tests elsewhere count this process's children, and need its thread for an event loop of their own.
@pytest.fixture(scope="package")
def playwright(chromium: str) -> Iterator[Playwright]:
    with driver() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def browser(chromium: str, playwright: Playwright) -> Iterator[Browser]:
    with launched(chromium, playwright=playwright) as browser:
        yield browser


@pytest.fixture(scope="package")
def service(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("browser")
    let_others_through(folder)
    provide_cluster(folder / "data")
    running = Service(folder / "data", Path(__file__).parents[2], **SETTINGS)
    yield running
    running.client.close()
    assert running.stop() == 0


class Profiles:
    """Browser contexts by what their readers prefer. Tests share them, since a new one loads every module of the
    console again; pages keep what they remember in their own tabs.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._watched: dict[tuple[str, str, Scheme, int], tuple[BrowserContext, Watch]] = {}

    def open(self, url: str, locale: str, scheme: Scheme, width: int) -> Page:
        """Open an empty page for the service at that address."""
        wanted = (url, locale, scheme, width)
        if wanted not in self._watched:
            context = self._browser.new_context(
                base_url=url,
                locale=locale,
                color_scheme=scheme,
                reduced_motion="reduce",
                viewport={"width": width, "height": 900},
            )
            context.set_default_timeout(DEADLINE_MS)
            self._watched[wanted] = context, Watch(context, url)
        return self._watched[wanted][0].new_page()

    def clear(self) -> list[str]:
        """Close all pages, and return what was wrong with them. A context that has kept something is closed too."""
        faults = []
        for wanted, (context, watch) in list(self._watched.items()):
            has_kept = bool(context.storage_state()["cookies"] or context.storage_state()["origins"])
            for page in context.pages:
                page.close()
            context.clear_permissions()
            if has_kept or watch.faults:
                context.close()
                del self._watched[wanted]
            faults += watch.faults
        return faults


@pytest.fixture(scope="package")
def profiles(browser: Browser) -> Profiles:
    return Profiles(browser)


@pytest.fixture
def open_page(profiles: Profiles, service: Service) -> Iterator[Callable[..., Page]]:
    """Provide a function that opens pages, each of a reader of its own. Their errors fail the test."""

    def open_one(locale: str = "en-US", scheme: Scheme = "light", width: int = 1280) -> Page:
        return profiles.open(service.url, locale, scheme, width)

    yield open_one
    assert profiles.clear() == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """Open an empty page, of a reader of English."""
    return open_page()
