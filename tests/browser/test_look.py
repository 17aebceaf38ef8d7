"""The look of all views: one header line, two heights of rows, cards on a phone, times, confirmations, contrasts."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.steps import heading
from tests.system.conftest import Service

PHONE: Final = 390
_PAIR: Final = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
_TEXTS: Final = ("ink", "quiet", "gold", "good", "bad", "active")
_CONTRASTS: Final = (
    *((text, ground, 4.5) for text in _TEXTS for ground in ("paper", "panel")),
    ("on-gold", "gold", 4.5),
    ("paper", "bad", 4.5),
    ("edge", "paper", 3.0),
)
"""Two colours and their least contrast (WCAG 1.4.3 and 1.4.11)."""
_OVERLAPPING: Final = """(nav) => {
  const boxes = [...nav.querySelectorAll("a:not(.document)")].map((one) => one.getBoundingClientRect());
  const tools = document.querySelector("header .tools").getBoundingClientRect();
  return boxes.some(({ right, top }) => right > tools.left || top !== boxes[0].top);
}"""
_IS_CUT: Final = "(one) => one.scrollWidth > one.clientWidth"
_DISTANCE: Final = "([one, next]) => next.getBoundingClientRect().top - one.getBoundingClientRect().top"
_IN_FIVE_MINUTES: Final = """() => {
  const now = Date.now;
  Date.now = () => now() + 300_000;
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_colours_have_enough_contrast(repository: Path, scheme: int) -> None:
    found = _PAIR.findall((repository / "console/look/tokens.css").read_text())
    colours = {name: pair[scheme] for name, *pair in found}
    measured = {(one, other): _contrast(colours[one], colours[other]) for one, other, _ in _CONTRASTS}
    assert {
        (one, other): measured[one, other] for one, other, least in _CONTRASTS if measured[one, other] < least
    } == {}
    assert _contrast("#ffffff", "#000000") == 21


def test_no_rule_is_written_twice(repository: Path) -> None:
    styles = "\n".join(one.read_text() for one in sorted((repository / "console").rglob("*.css")))
    plain = re.sub(r"/\*.*?\*/|@media[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", styles, flags=re.DOTALL)
    selectors = [one.strip() for one in re.findall(r"([^{}]+)\{", plain) if one.strip() != ":root"]
    assert len(selectors) > 200
    assert sorted({one for one in selectors if selectors.count(one) > 1}) == []


@pytest.mark.parametrize("locale", ["en-US", "pt-BR"])
def test_the_header_is_one_line(open_page: Callable[..., Page], locale: str) -> None:
    page = open_page(locale=locale)
    page.goto("/#/keys")
    expect(page.locator("header .health.good").first).to_be_visible()
    assert page.locator("header").evaluate("(header) => header.getBoundingClientRect().height") == 49  # with its rule
    assert not page.locator("header nav").evaluate(_OVERLAPPING)


def test_the_header_is_one_line_on_a_phone(open_page: Callable[..., Page]) -> None:
    page = open_page(locale="pt-BR", width=PHONE)
    page.goto("/#/scripts")
    expect(page.locator("header .health.good").first).to_be_visible()
    assert page.locator("header").evaluate("(header) => header.getBoundingClientRect().height") == 49


def test_the_sections_are_behind_a_button_on_a_phone(open_page: Callable[..., Page]) -> None:
    page = open_page(width=PHONE)
    page.goto("/#/scripts")
    expect(heading(page, "Scripts")).to_be_focused()
    button, sections = page.get_by_role("button", name="Main navigation"), page.get_by_role("navigation")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(sections).to_have_count(0)
    button.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(sections.get_by_role("link", name="Guide")).to_be_visible()
    sections.get_by_role("link", name="Audit").press("Enter")
    expect(heading(page, "Audit")).to_be_focused()
    expect(sections).to_have_count(0)


def test_a_service_in_trouble_is_seen_on_every_page(page: Page) -> None:
    answer = {"ready": True, "workers": 0, "trouble": None}
    page.route("**/health/ready", lambda route: route.fulfill(json=answer))
    page.goto("/#/scripts")
    trouble = page.locator("header").get_by_role("status")
    expect(trouble).to_have_text("No workers running. Executions will stay queued. How to solve it")
    remedy = page.request.get(trouble.get_by_role("link").evaluate("(link) => link.href"))
    assert 'id="no-workers-are-running"' in remedy.text()
    page.get_by_role("link", name="No workers running.").click()
    expect(heading(page, "Status")).to_be_focused()


def test_rows_are_compact_or_comfortable_for_the_tab(page: Page, service: Service) -> None:
    for name in ("looked-at", "looked-at-too"):
        assert service.host(name, "function process(data) { return data; }").status_code == 201
    rows = page.locator("tbody tr")
    page.goto("/#/scripts")
    expect(rows.nth(1)).to_be_visible()
    assert rows.evaluate_all(_DISTANCE) == 28
    density = page.get_by_role("button", name="Comfortable rows")
    density.press("Enter")
    expect(density).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(density).to_have_attribute("aria-pressed", "true")
    expect(rows.nth(1)).to_be_visible()
    assert rows.evaluate_all(_DISTANCE) == 36
    density.press("Enter")
    assert rows.evaluate_all(_DISTANCE) == 28
    assert page.evaluate("() => sessionStorage.length") == 0


def test_executions_are_cards_on_a_phone(open_page: Callable[..., Page], service: Service) -> None:
    name = "a-script-with-a-name-that-is-longer-than-a-phone-is-wide"
    source = "function process(data) { if (data.fails) throw new Error('x'.repeat(200)); return data; }"
    assert service.host(name, source).status_code == 201
    for dataset in ("{}", '{"fails": true}'):
        assert service.submit(name, dataset, 30).status_code == 200
    page = open_page(width=PHONE)
    page.goto(f"/#/executions?script={name}")
    expect(page.get_by_role("row")).to_have_count(3)  # it still is a table to those who hear it
    expect(page.get_by_role("row").last.get_by_role("cell").nth(3)).to_have_text("succeeded")
    assert not page.locator(".scrolling:has(table.executions)").evaluate(_IS_CUT)
    filters = page.get_by_role("button", name="Filters (1)")
    filters.press("Enter")
    expect(page.get_by_label("Script", exact=True)).to_have_value(name)


def test_a_time_is_relative_and_says_its_zone_and_utc(page: Page, service: Service) -> None:
    assert service.host("timed", "function process(data) { return data; }").status_code == 201
    ran = service.submit("timed", "{}", 30).json()
    page.goto("/")
    link = page.get_by_role("row").filter(has_text="timed").locator("td").nth(2).get_by_role("link")
    time = link.locator("time")
    expect(time).to_have_attribute("title", re.compile(rf"\d:\d\d:\d\d.*(UTC|GMT).* · {ran['submitted_at']}$"))
    link.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    shown = time.evaluate("(one) => getComputedStyle(one, '::after').content")
    assert ran["submitted_at"] in shown, "those who come with the keyboard see no time"
    page.evaluate(_IN_FIVE_MINUTES)
    expect(time).to_have_text("5 minutes ago")


def test_times_of_a_list_are_shown_and_entered_in_utc_or_in_the_reader_s_zone(
    browser: Browser, service: Service
) -> None:
    assert service.host("zoned", "function process(data) { return data; }").status_code == 201
    ran = service.submit("zoned", "{}", 30).json()
    context = browser.new_context(base_url=service.url, locale="en-GB", timezone_id="America/Sao_Paulo")
    page = context.new_page()
    page.goto("/#/audit?script=zoned&at_from=2026-01-02T03:04:00.000Z")
    start = page.get_by_label("From (GMT-3)")
    expect(start).to_have_value("2026-01-02 00:04")
    time = page.get_by_role("region", name="Audit").locator("tbody tr").first.locator("time")
    expect(page.get_by_role("columnheader", name="Time (GMT-3)")).to_be_visible()
    page.get_by_role("button", name="UTC").press("Enter")
    expect(page.get_by_label("From (UTC)")).to_have_value("2026-01-02 03:04")
    expect(page.get_by_role("columnheader", name="Time (UTC)")).to_be_visible()
    expect(page.locator("tbody tr").first.locator("td").first).to_have_attribute("data-label", "Time (UTC)")
    expect(time).to_have_text(re.compile(rf"{ran['submitted_at'][11:17]}\d\d UTC$"))
    end = page.get_by_label("To (UTC)")
    end.fill("2026-02-30 10:00")
    end.press("Enter")
    expect(end).to_have_accessible_description("Write a date and a time, such as 2026-11-26 14:00.")
    end.fill("2026-03-01 10:00")
    end.press("Enter")
    expect(page).to_have_url(re.compile("at_to=2026-03-01T10%3A00%3A00.000Z"))
    expect(page.get_by_text("No events match.")).to_be_visible()
    page.goto("/#/executions?script=zoned")
    shown = page.locator("table.executions time")
    expect(shown).to_have_text(re.compile("UTC$"))
    page.goto(f"/#/executions/{ran['id']}?view=details")
    expect(page.locator("h1")).to_have_text(re.compile("UTC$"))
    expect(page.locator(".steps .done span:nth-child(2)")).to_have_text([re.compile("UTC$")] * 3)
    page.go_back()
    page.get_by_role("button", name="UTC").press("Enter")
    expect(shown).not_to_have_text(re.compile("UTC$"))
    assert page.evaluate("() => sessionStorage.length") == 0
    context.close()


def test_the_header_leads_to_the_guide_in_the_language_of_the_console(page: Page) -> None:
    page.goto("/")
    guide = page.locator("header").get_by_role("link", name="Guide")
    expect(guide).to_have_attribute("href", re.compile(r"/guide\?lang=en$"))
    page.get_by_label("Language").select_option("pt")
    page.locator("header").get_by_role("link", name="Guia").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Guia")


def test_a_confirmation_is_told_and_blocks_nothing(page: Page, service: Service) -> None:
    assert service.host("confirmed", "function process(data) { return data; }").status_code == 201
    page.goto("/#/scripts/confirmed")
    page.get_by_role("button", name="Archive", exact=True).press("Enter")
    toast = page.get_by_role("status").locator(".toast")
    expect(toast).to_have_text("Archived confirmed")
    expect(heading(page, "confirmed")).to_be_focused()
    toast.get_by_role("button", name="Dismiss").press("Enter")
    expect(toast).to_have_count(0)
    assert page.evaluate("() => document.activeElement.matches('.notices')"), "the focus is lost"


def test_a_confirmation_goes_by_itself_unless_it_is_being_read(page: Page, service: Service) -> None:
    assert service.host("confirmed-for-a-while", "function process(data) { return data; }").status_code == 201
    page.clock.install()
    page.goto("/#/scripts/confirmed-for-a-while")
    page.get_by_role("button", name="Archive", exact=True).press("Enter")
    toast = page.get_by_role("status").locator(".toast")
    toast.hover()
    page.clock.fast_forward(12_000)
    expect(toast).to_have_text("Archived confirmed-for-a-while")
    page.mouse.move(0, 0)
    page.clock.fast_forward(12_000)
    expect(toast).to_have_count(0)


def test_an_empty_list_says_what_it_is_for_and_what_is_next(page: Page) -> None:
    page.route("**/v1/executions?*", lambda route: route.fulfill(json={"items": [], "next_cursor": None}))
    page.route("**/v1/executions", lambda route: route.fulfill(json={"items": [], "next_cursor": None}))
    page.goto("/#/executions")
    expect(page.get_by_role("status").filter(has_text="No executions yet")).to_contain_text("Each run of a script")
    page.get_by_role("link", name="Open a script").click()
    expect(heading(page, "Scripts")).to_be_focused()
