"""The console as people use it: from nothing to a comparison of two results, and what they are told of failures."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import BACEN, SLOW, begin_to_run, drop_file, heading, host, run, source, state, write

THROWS = """function process(data) {
  const first = data[0];
  if (!first.produto) throw new Error("no produto");
  return first;
}
"""
_SEES_PROGRESS = """() => {
  globalThis.parts = new Set();
  const look = () => parts.add(document.querySelector("progress")?.value);
  new MutationObserver(look).observe(document.body, { subtree: true, attributes: true, childList: true });
}"""


def test_the_use_case_from_nothing_to_a_comparison(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="New script").click()
    expect(heading(page, "New script")).to_be_focused()
    drop_file(page, source(page), "cartões.js", (BACEN / "script.js").read_text())
    expect(page.get_by_label("Name", exact=True)).to_have_value("cartoes")
    page.get_by_label("Name", exact=True).fill("corporate-cards")
    page.get_by_role("button", name="Host", exact=True).click()
    expect(heading(page, "corporate-cards")).to_be_focused()
    expect(source(page)).to_contain_text("byQuarterAndIssuer")

    page.get_by_role("link", name="Run", exact=True).first.click()
    expect(heading(page, "Run corporate-cards")).to_be_visible()
    drop_file(page, page.get_by_label("Dataset", exact=True), "payload.json", (BACEN / "payload.json").read_text())
    expect(page.get_by_text("payload.json (756 B)")).to_be_visible()
    page.get_by_role("button", name="Run", exact=True).click()
    expect(state(page)).to_have_text("succeeded")


def test_a_source_with_a_syntax_error_is_refused_at_its_line(page: Page) -> None:
    host(page, "unclosed", "function process(data) {\n  return data.map((one => one);\n}\n")
    said = page.get_by_role("alert")
    expect(said).to_contain_text("SyntaxError")
    line = re.search(r"line (\d+), column", said.inner_text())
    assert line is not None
    assert line[1] == "2"
    marked = page.locator(".cm-line", has=page.locator(".cm-lintRange-error"))
    expect(marked).to_have_text("  return data.map((one => one);")
    expect(page.locator(".cm-lint-marker-error")).to_be_visible()
    write(page, "function process(data) { return data; }")
    page.get_by_role("button", name="Host", exact=True).click()
    expect(heading(page, "unclosed")).to_be_visible()


def test_a_script_that_throws_is_shown_with_its_line(page: Page) -> None:
    host(page, "throws", THROWS)
    expect(heading(page, "throws")).to_be_visible()
    run(page, "throws", [{}], "failed")
    expect(page.locator(".refusal").first).to_contain_text("no produto")
    marked = page.locator(".cm-line", has=page.locator(".cm-lintRange-error"))
    expect(marked).to_have_text('  if (!first.produto) throw new Error("no produto");')


def test_a_running_execution_is_seen_to_run_and_can_be_cancelled(page: Page) -> None:
    host(page, "slow", SLOW)
    expect(heading(page, "slow")).to_be_visible()
    begin_to_run(page, "slow", {})
    expect(state(page)).to_have_text("running")
    expect(page.get_by_role("progressbar", name="It is running")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(state(page)).to_have_text("failed")
    expect(page.get_by_role("main").get_by_role("status").first).to_contain_text("cancelled")


def test_a_service_that_is_away_is_told_of_until_it_is_back(page: Page) -> None:
    host(page, "away", SLOW)
    expect(heading(page, "away")).to_be_visible()
    begin_to_run(page, "away", {})
    expect(state(page)).to_have_text("running")
    page.context.set_offline(True)
    expect(page.get_by_text("The service cannot be reached. Asking again…")).to_be_visible()
    page.goto("/#/audit")
    expect(page.get_by_role("alert")).to_contain_text("The service cannot be reached")
    page.go_back()
    expect(page.get_by_role("alert")).to_contain_text("The service cannot be reached")
    page.context.set_offline(False)
    page.reload()
    page.get_by_role("button", name="Cancel").click()
    expect(state(page)).to_have_text("failed")


def test_a_large_dataset_is_seen_to_go(page: Page, tmp_path: Path) -> None:
    host(page, "counts", "function process(data) { return data.length; }")
    expect(heading(page, "counts")).to_be_visible()
    row = json.dumps({"produto": "Empresarial", "text": "x" * 200})
    large = tmp_path / "large.ndjson"
    large.write_text(f"{row}\n" * (20_000_000 // len(row)))
    page.goto("/#/scripts/counts/run")
    page.get_by_label("From a file").set_input_files(large)
    page.evaluate(_SEES_PROGRESS)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(state(page)).to_have_text("succeeded")
    assert page.evaluate("() => [...parts].filter((part) => part > 0 && part < 1).length") > 1


@pytest.mark.parametrize(
    ("locale", "words"), [("pt-BR", "Novo script"), ("en-US", "New script"), ("fr-FR", "New script")]
)
def test_the_language_is_the_browsers_and_another_is_kept_for_the_tab(
    open_page: Callable[..., Page], locale: str, words: str
) -> None:
    page = open_page(locale=locale)
    page.goto("/")
    expect(page.get_by_role("link", name=words)).to_be_visible()
    page.get_by_role("combobox").select_option("pt")
    expect(page.get_by_role("link", name="Novo script")).to_be_visible()
    assert page.evaluate("() => document.documentElement.lang") == "pt"
