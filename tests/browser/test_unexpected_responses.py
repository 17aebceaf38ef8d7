"""Responses that are not the API's, files that cannot be loaded, and errors in the reader's language."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from adapters.http.resources.static_files import href
from tests.browser.steps import begin_to_run, heading
from tests.system.conftest import Service

_SILENT_FAILURE = """async (path) => {
  const { resultStore } = await import(path);
  globalThis.Worker = class extends EventTarget {
    postMessage() { this.dispatchEvent(new ErrorEvent("error", { message: "" })); }
  };
  return resultStore(new AbortController().signal).query("describe", {}).catch(({ message }) => message);
}"""


def _sign_in_page(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body="<h1>Sign in</h1>")


@pytest.fixture
def unwatched(browser: Browser, service: Service) -> Iterator[Page]:
    """Open a page that may log warnings."""
    context = browser.new_context(base_url=service.url, locale="en-US")
    yield context.new_page()
    context.close()


def test_a_page_of_a_proxy_in_place_of_a_list_is_an_unexpected_response(page: Page) -> None:
    page.route("**/v1/scripts*", _sign_in_page)
    page.goto("/#/scripts")
    expect(page.get_by_role("alert")).to_contain_text("Unexpected response (200)")
    page.unroute("**/v1/scripts*")
    page.get_by_role("button", name="Try again").click()
    expect(heading(page, "Scripts")).to_be_visible()


def test_a_page_of_a_proxy_in_place_of_an_execution_is_an_unexpected_response(page: Page, service: Service) -> None:
    assert service.host("behind-a-proxy", "function process(data) { return data; }").status_code == 201
    page.goto("/#/scripts/behind-a-proxy/run")
    page.get_by_label("Dataset", exact=True).fill("[1]")
    page.route("**/executions", _sign_in_page)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Unexpected response (200)")
    page.unroute("**/executions")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(heading(page, "Execution ")).to_be_visible()


def test_a_part_of_the_console_that_cannot_be_loaded_advises_to_reload(unwatched: Page, service: Service) -> None:
    assert service.host("undrawn", "function process(data) { return data; }").status_code == 201
    unwatched.route("**/chart_drawing.js", lambda route: route.fulfill(status=404))
    begin_to_run(unwatched, "undrawn", [{"x": "a", "y": 1}, {"x": "b", "y": 2}])
    unwatched.get_by_role("tab", name="Chart").click()
    expect(unwatched.get_by_role("alert")).to_contain_text("A part of the console could not be loaded.")


def test_a_worker_that_fails_without_a_message_is_explained(page: Page) -> None:
    page.goto("/")
    words = page.evaluate(_SILENT_FAILURE, href("console/results/result_store.js"))
    assert words == "The viewer stopped, probably out of memory. Download the result instead."


def test_errors_are_named_in_the_reader_s_language(open_page: Callable[..., Page], service: Service) -> None:
    page = open_page(locale="pt-BR")
    page.goto("/#/scripts/none")
    expect(page.get_by_role("alert")).to_contain_text("Script não encontrado (404)")
    assert service.host("fails-twice", "function process(data) { throw new Error('no'); }").status_code == 201
    failed = [service.submit("fails-twice", "[]", wait=30).json()["id"] for _ in range(2)]
    page.goto(f"/#/compare?left={failed[0]}&right={failed[1]}")
    expect(page.get_by_role("row", name="Erro")).to_contain_text("erro no script")


def test_warnings_are_named_in_the_reader_s_language(open_page: Callable[..., Page], service: Service) -> None:
    page = open_page(locale="pt-BR")
    source = 'function process(data) { return [data, (1).toLocaleString("pt-BR")]; }'
    assert service.host("warned-about", source).status_code == 201
    execution = service.submit("warned-about", "[12345678901234567891]", wait=30).json()
    assert [one["kind"] for one in execution["warnings"]] == ["integer-precision"]
    page.goto(f"/#/executions/{execution['id']}")
    expect(page.locator(".note").first).to_contain_text("Números inteiros perdem precisão · ")
    page.goto("/#/scripts/warned-about")
    expect(page.locator(".note").first).to_contain_text("Intl difere do Node · Linha 1: ")
