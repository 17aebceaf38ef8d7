"""The watch over pages detects its targets, on a page of the service with the policy that all have."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.watching import Watch
from tests.support.waiting import eventually
from tests.system.conftest import Service


@pytest.fixture(scope="module")
def watched(browser: Browser, service: Service) -> Iterator[tuple[Page, Watch]]:
    context = browser.new_context(base_url=service.url)
    watch = Watch(context, service.url)
    page = context.new_page()
    page.goto("/problems")
    assert watch.faults == []
    yield page, watch
    context.close()


@pytest.mark.parametrize(
    ("deed", "fault"),
    [
        ("console.error('a message')", "error on the console: a message"),
        ("setTimeout(() => { throw new Error('nobody catches it') })", "uncaught: nobody catches it"),
        ("setTimeout(() => alert('a word'))", "a dialog: a word"),
        ("fetch('http://127.0.0.2/').catch(() => 0)", "policy: connect-src refused http://127.0.0.2/"),
        ("document.body.append(Object.assign(new Image(), { src: 'https://127.0.0.3/' }))", "policy: img-src refused"),
        ("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')", "policy: style-src-attr refused"),
        ("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=1>')", "policy: script-src-attr refused"),
        ("open('http://127.0.0.4/')", "a request to another origin: http://127.0.0.4/"),
        ("fetch('/static/none.js')", "404 for "),
    ],
)
def test_a_fault_of_the_page_is_noted(watched: tuple[Page, Watch], deed: str, fault: str) -> None:
    page, watch = watched
    watch.faults.clear()
    page.evaluate(f"() => {{ {deed} }}")
    # Playwright hears of events while it is called.
    eventually(lambda: page.title() and [one for one in watch.faults if fault in one], 10)
