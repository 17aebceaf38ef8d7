"""The guide and the API reference: accessible, with tabs by keyboard, copies, and the address of the reader."""

from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import overflowing, serious, small_targets, violations
from tests.browser.conftest import Scheme
from tests.system.conftest import Service

PATHS: Final = ("/guide", "/guide/recipes", "/guide/operate", "/docs", "/docs/executions", "/docs/keys")


@pytest.mark.parametrize(("scheme", "width", "locale"), [("light", 1280, "en-US"), ("dark", 390, "pt-BR")])
def test_no_page_for_reading_has_a_serious_fault(
    open_page: Callable[..., Page], scheme: Scheme, width: int, locale: str
) -> None:
    page = open_page(scheme=scheme, width=width, locale=locale)
    for path in PATHS:
        page.goto(path)
        assert serious(violations(page) + small_targets(page) + overflowing(page)) == [], path


def test_samples_are_tabs_that_follow_one_choice(page: Page, service: Service) -> None:
    page.goto("/docs/keys")
    shown = page.locator(".samples section:visible pre")
    groups = page.locator(".samples").count()
    expect(shown).to_have_count(groups)
    expect(shown.first).to_contain_text(f"curl {service.url}/v1/me")
    page.get_by_role("tab", name="curl").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Python").first).to_be_focused()
    expect(shown).to_have_count(groups)
    expect(shown.last).to_contain_text("urlopen(request)")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(shown.first).to_contain_text(f'await fetch("{service.url}/v1/me"')
    page.goto("/docs/audit")
    expect(page.get_by_role("tab", name="JavaScript").first).to_have_attribute("aria-selected", "true")


def test_a_reader_moves_through_the_guide_and_copies_a_command(page: Page, service: Service) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/guide")
    page.get_by_role("main").get_by_role("link", name="Start", exact=True).first.click()
    page.get_by_role("button", name="Copy").first.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == "./scripts/start.sh\n"
    expect(page.locator("pre").nth(1)).to_contain_text(f"'{service.url}/v1/scripts?name=totals'")
    page.get_by_role("link", name="Write a script →").click()
    page.get_by_role("link", name="Português").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Escreva um script")
    page.get_by_role("link", name="Console", exact=True).click()
    expect(page.get_by_role("navigation").get_by_role("link", name="Scripts")).to_be_visible()
