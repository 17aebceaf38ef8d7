"""The start page: each script's activity, sorted, searched and in a period; what waits; and the laws of its rows."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.modules import Modules
from tests.browser.steps import heading
from tests.system.conftest import Service

FAILS: Final = "function process(rows) { if (rows.length) throw new Error('no'); return rows; }"
ORDERS: Final = ["name", "last", "runs", "failed", "p95"]
FEW: Final = settings(max_examples=20)  # each is a message to the browser


@pytest.fixture(scope="module")
def active(service: Service) -> list[str]:
    """Host two scripts, one of which runs three times and fails once, and one that has never run."""
    names = ["overview-active", "overview-quiet"]
    for name in names:
        assert service.host(name, FAILS).status_code == 201
    for rows in ("[]", "[]", "[1]"):
        headers = {"Content-Type": "application/json", "Prefer": "wait=20"}
        ran = service.client.post(f"/v1/scripts/{names[0]}/executions", content=rows, headers=headers).json()
        assert ran["status"] in ("succeeded", "failed"), ran
    return names


def test_the_start_page_shows_which_script_runs_and_which_fails(page: Page, active: list[str]) -> None:
    page.goto("/")
    expect(heading(page, "Overview")).to_be_focused()
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=active[0], exact=True))
    expect(row.locator("td").nth(2)).to_contain_text("failed")
    expect(row.locator("td").nth(3)).to_have_text("3")
    expect(row.locator("td").nth(4)).to_have_text("1 (33.3%)")
    expect(row.get_by_role("img")).to_have_attribute("aria-label", re.compile("^Busiest: [123] runs?, from "))
    quiet = page.get_by_role("row").filter(has=page.get_by_role("link", name=active[1], exact=True))
    expect(quiet.locator("td").nth(2)).to_have_text("Never")
    expect(quiet.get_by_role("img")).to_have_attribute("aria-label", "No runs")
    expect(page.get_by_role("region", name="Queue")).to_contain_text(re.compile("waiting"))
    row.get_by_role("link", name="3", exact=True).click()
    expect(heading(page, "Executions")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(3)


def test_order_period_and_search_are_in_the_address(page: Page, active: list[str]) -> None:
    page.goto("/")
    page.locator("th").first.get_by_role("button").click()
    page.get_by_role("button", name="7 days").click()
    page.get_by_label("Search", exact=True).fill("OVERVIEW-")
    names = page.locator("tbody tr td:first-child a")
    expect(names).to_have_text(active)
    page.reload()
    expect(names).to_have_text(active)
    expect(page.get_by_role("button", name="7 days")).to_have_attribute("aria-pressed", "true")
    sorted_head = page.locator("th[aria-sort]")
    expect(sorted_head).to_have_attribute("aria-sort", "ascending")
    sorted_head.get_by_role("button").press("Enter")
    expect(names).to_have_text(active[::-1])
    expect(page).to_have_url(re.compile(r"(?=.*period=7d)(?=.*sort=-name)(?=.*search=OVERVIEW-)"))
    page.get_by_label("Search", exact=True).fill("there is none")
    expect(page.get_by_text("No scripts match.")).to_be_visible()


def test_what_waits_is_shown_with_its_reason(page: Page, service: Service, active: list[str]) -> None:
    def queue(waiting: int, reason: str | None) -> str:
        script = {"script": {"id": "0199c5f2-7a3e-7c41-9d52-3f6a1b2c4d5e", "name": active[0]}}
        scripts = [script | {"waiting": waiting, "running": 2}]
        shown = {"waiting": waiting, "running": 2, "oldest_wait_seconds": 90.5, "reason": reason, "scripts": scripts}
        return json.dumps(shown)

    answers = [queue(12, "no_workers"), queue(1, "slots_busy")]
    page.route("**/v1/queue", lambda route: route.fulfill(body=answers[0], content_type="application/json"))
    page.goto("/")
    section = page.locator("section.queue")
    expect(section).to_contain_text("12 executions waiting · the oldest for 1.5 min · 2 running · no worker is running")
    section.get_by_text("By script").click()
    expect(section.get_by_role("listitem")).to_have_text(f"{active[0]} 12 executions waiting · 2 running")
    answers.pop(0)
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(section).to_contain_text("1 execution waiting · the oldest for 1.5 min · 2 running · all slots are busy")


def test_the_newest_thousand_scripts_are_shown(page: Page, service: Service, active: list[str]) -> None:
    shown = service.client.get("/v1/scripts?activity=24h&limit=1").json()["items"][0]
    pages = iter(range(10))

    def answer(route: Route) -> None:
        at = next(pages)
        items = [shown | {"name": f"script-{at}-{number}"} for number in range(200)]
        route.fulfill(json={"items": items, "next_cursor": f"page-{at + 1}"})

    page.route("**/v1/scripts?*", answer)
    page.goto("/")
    expect(page.get_by_text("Only the newest scripts are shown here.")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(1_000)


@pytest.fixture(scope="module")
def modules(browser: Browser, service: Service) -> Iterator[Modules]:
    context = browser.new_context(base_url=service.url, locale="en-US")
    yield Modules(context.new_page(), {"rows": "overview/rows", "sparkline": "overview/sparkline"})
    context.close()


def _script(name: str, executions: int, failed: int, p95: float | None, last: str | None) -> dict[str, Any]:
    activity = {
        "executions": executions,
        "failed": min(failed, executions),
        "p95_ms": p95,
        "last": None if last is None else {"submitted_at": last},
    }
    return {"name": name, "description": f"About {name.upper()}", "activity": activity}


scripts = st.lists(
    st.builds(
        _script,
        name=st.text("abc", min_size=1, max_size=4),
        executions=st.integers(0, 3),
        failed=st.integers(0, 3),
        p95=st.none() | st.integers(1, 3).map(float),
        last=st.none() | st.sampled_from(["2026-11-23T12:00:00Z", "2026-11-23T13:00:00Z"]),
    ),
    unique_by=lambda one: str(one["name"]),
    max_size=8,
)


@FEW
@given(scripts, st.sampled_from(ORDERS), st.booleans(), st.text("abc", max_size=1))
def test_rows_are_those_found_in_order_and_equal_ones_by_name(
    modules: Modules, given_rows: list[dict[str, Any]], column: str, falls: bool, text: str
) -> None:
    order = f"-{column}" if falls else column
    shown = modules.run("return rows_.shownRows(rows, text, order);", rows=given_rows, text=text, order=order)
    values: dict[str, Any] = {
        "name": lambda one: one["name"],
        "last": lambda one: (one["activity"]["last"] or {"submitted_at": ""})["submitted_at"],
        "runs": lambda one: one["activity"]["executions"],
        "failed": lambda one: one["activity"]["failed"],
        "p95": lambda one: one["activity"]["p95_ms"] or -1,
    }
    found = [one for one in given_rows if text in f"{one['name']}\n{one['description']}".lower()]
    by_name = sorted(found, key=lambda one: str(one["name"]))
    assert shown == sorted(by_name, key=values[column], reverse=falls)


@FEW
@given(st.sampled_from(ORDERS), st.sampled_from([f"{sign}{one}" for one in ORDERS for sign in ("", "-")]))
def test_a_second_click_reverses_the_order(modules: Modules, column: str, present: str) -> None:
    first, second = modules.run(
        """const first = rows_.orderAfter(column, present);
        return [first, rows_.orderAfter(column, first)];""",
        column=column,
        present=present,
    )
    assert {first, second} == {column, f"-{column}"}
    assert first != present
