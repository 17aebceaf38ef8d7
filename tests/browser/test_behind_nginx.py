"""The console and the documentation under a path prefix, behind a real nginx with the documented configuration."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import DEADLINE_MS
from tests.browser.steps import heading, host, run
from tests.browser.watching import Watch
from tests.support.nginx import PREFIX, behind_nginx
from tests.system.conftest import Service, a_service

SOURCE: Final = "function process(rows) { return rows.map(({ a }) => ({ a, b: a + 1 })); }"


@pytest.fixture(scope="module")
def service_told_of_the_prefix(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with a_service(
        tmp_path_factory.mktemp("prefixed"), BATEIA_ROOT_PATH=PREFIX, BATEIA_ALLOWED_HOSTS="127.0.0.1"
    ) as running:
        yield running


@pytest.fixture(scope="module")
def service_told_of_no_prefix(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with a_service(tmp_path_factory.mktemp("unprefixed"), BATEIA_ALLOWED_HOSTS="127.0.0.1") as running:
        yield running


@pytest.fixture(params=["stripped, and the service is told of no prefix", "passed on, and the service is told of it"])
def page(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path, repository: Path) -> Iterator[Page]:
    """Open a page of a reader who only knows the proxy. Every error beside the test's steps fails the test."""
    strips = str(request.param).startswith("stripped")
    behind: Service = request.getfixturevalue(f"service_told_of_{'no' if strips else 'the'}_prefix")
    proxied = behind_nginx(tmp_path / "nginx", repository, behind.port, strips=strips, names_prefix=False)
    with proxied as origin:
        context = browser.new_context(base_url=f"{origin}{PREFIX}/", locale="en-US", ignore_https_errors=True)
        context.set_default_timeout(DEADLINE_MS)
        watch = Watch(context, f"{origin}{PREFIX}")
        yield context.new_page()
        context.close()
    assert watch.faults == []


def test_the_console_works_under_a_prefix(page: Page) -> None:
    host(page, "prefixed", SOURCE)
    expect(heading(page, "prefixed")).to_be_visible()
    first = run(page, "prefixed", [{"a": 1}])
    table = page.get_by_role("tabpanel", name="Table")
    expect(table.locator("tbody td")).to_have_text(["1", "2"])
    for words in ("JSON", "CSV"):
        with page.expect_download() as saved:
            page.get_by_role("button", name=f"Save as {words}", exact=True).click()
        assert "2" in saved.value.path().read_text("utf-8-sig")
    page.get_by_role("tab", name="Dataset").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as JSON", exact=True).click()
    assert saved.value.path().read_text() == '[{"a": 1}]'
    second = run(page, "prefixed", [{"a": 2}])
    page.goto(f"./#/compare?left={first}&right={second}")
    expect(page.get_by_role("region", name="Results")).to_be_visible()
    page.get_by_role("navigation").get_by_role("link", name="Audit").click()
    expect(page.get_by_role("cell", name="created a script").first).to_be_visible()


def test_the_console_s_links_lead_to_pages_under_the_prefix(page: Page) -> None:
    page.goto("./#/executions/nothing")
    with page.expect_popup() as opened:
        page.get_by_role("alert").get_by_role("link").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Invalid identifier")
    opened.value.get_by_role("link", name="Problem types").click()
    opened.value.get_by_role("link", name="name-taken").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("The name is already in use")
    page.goto("./")
    page.get_by_role("link", name="API", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("API reference")
    page.get_by_role("link", name="Scripts", exact=True).last.click()
    expect(page.locator("#listScripts + .request + .columns .samples pre").first).to_contain_text(
        f"{PREFIX}/v1/scripts"
    )
    page.get_by_role("navigation").get_by_role("link", name="Guide").click()
    page.get_by_role("main").get_by_role("link", name="Start").first.click()
    expect(page.locator("main pre").nth(1)).to_contain_text(f"{PREFIX}/v1/scripts?name=totals")


def test_requests_tried_out_in_the_documentation_go_to_the_prefix(page: Page) -> None:
    page.goto("./docs/try#/scripts/listScripts")  # a click on it would wait for a navigation that may not come
    page.get_by_role("button", name="Try it out").click()
    with page.expect_response(lambda answer: "/v1/scripts" in answer.url) as answered:
        page.get_by_role("button", name="Execute").click()
    assert re.search(rf"//[^/]+{PREFIX}/v1/scripts\b", answered.value.url)
    assert answered.value.status == 200
    expect(page.locator(".servers select")).to_have_value(PREFIX)


def test_two_installations_at_one_origin_share_no_key(page: Page) -> None:
    page.goto("./")
    page.get_by_label("Language").select_option("pt")
    expect(page.get_by_role("link", name="Execuções")).to_be_visible()
    stored = page.evaluate("() => Object.keys(sessionStorage)")
    assert stored == [f"bateia.language@{PREFIX}/"]
